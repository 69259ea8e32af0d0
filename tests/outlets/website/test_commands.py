"""命令：``bake``、``verify_site``；改一个字节、多一个文件、少一个副本都查得出来。"""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.outlets.website.conftest import Desk, NoteKind, tree_files
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.jobs import catch_up_with_changes, renew
from yangguang.outlets.website.models import BakedPage
from yangguang.outlets.website.projector import PagesFailed, has_work


def run(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_bake_seals_and_follows(desk: Desk) -> None:
    desk.publish()
    done = run("bake")
    assert done["changes"] == 1 and done["pages"] > 10
    assert run("bake") == {"changes": 0, "pages": 0}
    assert run("bake", "--all")["pages"] == done["pages"]


def test_bake_all_into_another_folder_gives_the_same_tree(desk: Desk, tmp_path: Path) -> None:
    desk.publish()
    run("bake")
    run("bake", "--all", "--out", str(tmp_path / "out"))
    assert tree_files(tmp_path / "out") == tree_files(desk.root)


def test_as_of_changes_only_the_date_on_the_pages_of_its_own_tree(
    desk: Desk, tmp_path: Path
) -> None:
    publication = desk.publish(kind="figure")
    run("bake")
    before = tree_files(desk.root)
    run("bake", "--all", "--as-of", "2020-10-20", "--out", str(tmp_path / "out"))
    assert tree_files(desk.root) == before
    html = (tmp_path / "out" / desk.site.code / path_of(publication).lstrip("/")).read_text()
    assert "2020-10-20 完成" in html


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--as-of", "2020-10-20"], "只能与 --all 同用"),
        (["--all", "--as-of", "2020-10-20"], "--out"),
        (["--all", "--out", "x", "--as-of", "2020-02-30"], "不是日期"),
    ],
)
def test_bad_input_is_told_in_chinese(desk: Desk, arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("bake", *arguments)


def test_the_served_tree_is_not_baked_over_by_accident(desk: Desk) -> None:
    with pytest.raises(CommandError, match="正在提供服务"):
        call_command("bake", "--all", "--out", str(desk.root))


@pytest.mark.parametrize("harm", ["byte", "twin", "gone", "stranger"])
def test_whatever_is_done_to_the_tree_is_found(desk: Desk, harm: str) -> None:
    publication = desk.publish()
    desk.follow()
    assert run("verify_site")["ok"] and check().broken == ()
    path = desk.root / desk.site.code / path_of(publication).lstrip("/")
    if harm == "byte":
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif harm == "twin":
        twin = path.with_name(path.name + ".gz")
        twin.write_bytes(twin.read_bytes()[:-9])
    elif harm == "gone":
        path.unlink()
    else:
        path.with_name("999.html").write_text("冒充")
    out = io.StringIO()
    with pytest.raises(SystemExit) as refused:
        call_command("verify_site", "--json", stdout=out)
    assert refused.value.code == 1
    fault = json.loads(out.getvalue())["broken"][0]
    assert path.name in fault or "999.html" in fault
    assert check().broken


def test_one_page_that_cannot_be_made_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.follow()
    file = desk.store(b"a,1\n", "表.csv")
    broken = desk.publish("附件丢了的", files=(file,))
    content = next(desk.root.parent.glob(f"files/objects/*/*/{file.sha256}"))
    kept = content.read_bytes()
    content.unlink()
    other = desk.publish("别的")
    with pytest.raises(PagesFailed, match="附件"):
        desk.follow()
    assert path_of(other).lstrip("/") in desk.files()
    assert path_of(broken).lstrip("/") not in desk.files()
    assert not has_work()
    content.write_bytes(kept)
    desk.follow()
    assert path_of(broken).lstrip("/") in desk.files()


def test_the_worker_follows_only_when_there_is_something(
    desk: Desk, django_assert_num_queries: Any
) -> None:
    desk.publish()
    desk.follow()
    renew()
    with django_assert_num_queries(4):
        catch_up_with_changes()
    NoteKind.bodies.clear()
    desk.publish("新的")
    from yangguang.foundation.audit.sealing import seal
    from yangguang.hub.publications.selectors import CHANGES

    seal(CHANGES)
    catch_up_with_changes()
    assert "新的" in desk.page("index.html")
    assert BakedPage.objects.filter(path="/").get().sequence == 2
