"""巡查：有人绕过本系统动了网站的文件，发现、留证、恢复、报警；自己正在写的不冤枉。"""

import io
import json
import os
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.outlets.website.conftest import Desk
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.manifest import KEY_NAME, NAME
from yangguang.outlets.website.models import BakedPage, PatrolRound, TamperedFile
from yangguang.outlets.website.patrol import metrics, patrol, warnings
from yangguang.outlets.website.snapshot import Snapshot
from yangguang.outlets.website.verification import verify_site

Deed = Callable[[Path], object]


def tree(desk: Desk) -> Path:
    return desk.root / desk.site.code


@pytest.fixture
def watched(desk: Desk, tmp_path: Path, settings: Any) -> Desk:
    """烘好、已经巡查过一轮的网站。"""
    settings.PATROL_ROOT = tmp_path / "patrol"
    desk.publish("一份文件", files=(desk.store("甲,乙\n".encode(), "名单.txt"),))
    desk.follow()
    assert found() == []
    return desk


def found(**options: bool) -> list[tuple[str, str]]:
    return [(row.path, row.fault) for each in patrol(**options) for row in each.found]


def write(path: Path) -> None:
    """改一个字节，大小不变，修改时间放回原样。"""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size, before.st_mtime_ns, before.st_ino,
    )  # fmt: skip


def _attachment(root: Path) -> Path:
    return next(root.glob("files/*/*/*.txt"))


def _page(root: Path) -> Path:
    return next(root.glob("note/*/*.html"))


def _linked(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "x.html").write_text("冒充")


DEEDS: dict[str, Deed] = {
    "page": lambda root: write(_page(root)),
    "home": lambda root: write(root / "index.html"),
    "twin": lambda root: write(root / "index.html.br"),
    "asset": lambda root: write(next(root.glob("assets/*.css"))),
    "attachment": lambda root: write(_attachment(root)),
    "attachment's twin": lambda root: write(Path(f"{_attachment(root)}.gz")),
    "manifest": lambda root: write(root / "columns" / "files" / NAME),
    "root manifest": lambda root: write(root / NAME),
    "key": lambda root: write(root / KEY_NAME),
    "longer": lambda root: (root / "feed.xml").write_bytes(b"x" * 9999),
    "page gone": lambda root: _page(root).unlink(),
    "twin gone": lambda root: (root / "index.html.gz").unlink(),
    "attachment gone": lambda root: _attachment(root).unlink(),
    "manifest gone": lambda root: (root / "columns" / NAME).unlink(),
    "folder gone": lambda root: shutil.rmtree(root / "columns"),
    "added": lambda root: (root / "columns" / "x.html").write_text("冒充"),
    "hidden": lambda root: (root / ".x.html").write_text("冒充"),
    "folder added": lambda root: ((root / "new").mkdir(), (root / "new" / "x").write_text("x")),
    "link added": lambda root: (root / "link").symlink_to("/etc"),
    "link instead": lambda root: _linked(root / "robots.txt"),
    "folder instead": lambda root: _folder(root / "robots.txt"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_is_done_behind_its_back_is_found_put_right_audited_and_alarmed(
    watched: Desk, deed: str
) -> None:
    before = watched.files()
    DEEDS[deed](tree(watched))
    names = found()
    assert names, "没有发现"
    for _ in range(2):
        again = found()
    assert again == []
    assert watched.files() == before and verify_site().broken == ()
    assert not TamperedFile.objects.filter(restored_at=None).exists()
    events = AuditEvent.objects.filter(action="website.tampered")
    assert {event.public["path"] for event in events} >= {f"/{name}" for name, _ in names}
    assert "已恢复" in warnings()[0] and "请查明" in warnings()[0]


def test_what_was_put_there_is_kept_out_of_reach_as_evidence(watched: Desk) -> None:
    page = tree(watched) / "index.html"
    page.write_text("冒充的首页")
    (tree(watched) / "columns" / "x.html").write_text("冒充的栏目")
    rows = {row.path: row for each in patrol() for row in each.found}
    assert Path(rows["index.html"].kept).read_text() == "冒充的首页"
    assert Path(rows["columns/x.html"].kept).read_text() == "冒充的栏目"
    assert (rows["index.html"].fault, rows["columns/x.html"].fault) == ("changed", "added")
    assert not (tree(watched) / "columns" / "x.html").exists()
    quarantine = Path(rows["index.html"].kept).parents[2]
    assert quarantine.stat().st_mode & 0o077 == 0 and tree(watched) not in quarantine.parents


def test_a_quiet_round_reads_no_file_but_those_whose_turn_it_is(watched: Desk) -> None:
    (quiet,) = patrol()
    assert quiet.files > 100 and quiet.hashed <= 20
    (whole,) = patrol(full=True)
    assert whole.hashed > 30 and whole.found == ()


def test_every_folder_has_its_turn_within_a_day(watched: Desk) -> None:
    def oldest() -> float:
        snapshot = Snapshot(Path(patrol_root(watched)) / f"{watched.site.code}.sqlite3")
        try:
            return min(each.hashed_at for each in snapshot.remembered().values())
        finally:
            snapshot.close()

    began = oldest()
    for _ in range(6):
        PatrolRound.objects.update(finished_at=timezone.now() - timedelta(hours=4))
        patrol()
    assert oldest() > began


def patrol_root(desk: Desk) -> Path:
    return desk.root.parent / "patrol"


def test_publishing_correcting_and_withdrawing_are_no_findings(watched: Desk) -> None:
    publication = watched.publish("另一份", files=(watched.store(b"a\n", "表.txt"),))
    watched.follow()
    assert found() == []
    watched.correct(publication, "更正过。")
    watched.follow()
    assert found() == []
    watched.withdraw(publication)
    watched.follow()
    assert found() == [] and found(full=True) == []


def test_a_tree_copied_or_touched_with_the_same_content_is_no_finding(watched: Desk) -> None:
    shutil.copytree(tree(watched), watched.root / "copy")
    shutil.rmtree(tree(watched))
    (watched.root / "copy").rename(tree(watched))
    assert found() == []
    os.utime(tree(watched) / "index.html")
    assert found() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name",
    [
        "baker.after_foretelling", "baker.after_attachment", "baker.after_rename",
        "baker.before_recording", "baker.after_clearing", "baker.after_forgetting",
        "baker.after_unlink", "manifests.before_write", "manifests.before_recording",
        "withdrawing.after_marking",
    ],
)  # fmt: skip
def test_what_the_baker_left_half_done_is_its_own_to_finish(watched: Desk, name: str) -> None:
    gone = watched.publish("要撤的", files=(watched.store(b"b\n", "乙.txt"),))
    watched.follow()
    patrol()
    watched.withdraw(gone)
    watched.publish("新的", files=(watched.store(b"c\n", "丙.txt"),))
    with pytest.raises(Stopped), armed(name):
        watched.follow()
    assert found() == []
    watched.follow()
    assert found() == [] and verify_site().broken == ()


@pytest.mark.django_db(transaction=True)
def test_walking_while_pages_are_being_written_blames_nobody(watched: Desk) -> None:
    blamed: list[tuple[str, str]] = []
    done = threading.Event()

    def walk() -> None:
        from django.db import connection

        while not done.is_set():
            blamed.extend(found())
        connection.close()

    beat = threading.Thread(target=walk)
    beat.start()
    try:
        for number in range(6):
            watched.publish(
                f"新的{number}", files=(watched.store(f"{number}\n".encode(), "甲.txt"),)
            )
            watched.follow()
    finally:
        done.set()
        beat.join()
    assert blamed == []
    assert found() == [] and verify_site().broken == ()


def test_what_cannot_be_put_right_alarms_until_it_is(watched: Desk) -> None:
    attached = _attachment(tree(watched))
    (stored,) = watched.root.parent.glob(f"files/objects/*/*/{attached.stem}")
    kept = stored.read_bytes()
    stored.unlink()
    write(attached)
    for _ in range(2):
        patrol()
        (row,) = TamperedFile.objects.all()
        assert row.restored_at is None and "还没有恢复" in warnings()[0]
    assert metrics()[0]["unrestored"] == 1
    stored.write_bytes(kept)
    patrol()
    row.refresh_from_db()
    assert row.restored_at is not None and attached.read_bytes() == kept


def test_a_lost_snapshot_only_costs_a_whole_round(watched: Desk) -> None:
    shutil.rmtree(patrol_root(watched))
    write(tree(watched) / "index.html")
    assert found() == [("index.html", "changed")]


def test_a_beat_nobody_walks_is_told(watched: Desk) -> None:
    assert warnings() == []
    PatrolRound.objects.update(finished_at=timezone.now() - timedelta(minutes=6))
    assert "没有巡查" in warnings()[0]


def test_a_site_never_baked_has_nothing_to_compare(
    desk: Desk, tmp_path: Path, settings: Any
) -> None:
    settings.PATROL_ROOT = tmp_path / "patrol"
    assert found() == [] and not PatrolRound.objects.exists()


def test_the_command_tells_what_was_found(watched: Desk) -> None:
    def run() -> tuple[int, Any]:
        out = io.StringIO()
        try:
            call_command("patrol", "--json", stdout=out)
        except SystemExit as ended:
            return int(str(ended.code)), json.loads(out.getvalue())
        return 0, json.loads(out.getvalue())

    assert run()[0] == 0
    page = path_of(watched.publish("另一份"))
    watched.follow()
    write(tree(watched) / page.lstrip("/"))
    code, told = run()
    (one,) = told["found"]
    assert (code, one["path"], one["fault"], one["restored"]) == (1, page, "changed", True)
    assert BakedPage.objects.get(path=page).wanted == BakedPage.objects.get(path=page).baked
