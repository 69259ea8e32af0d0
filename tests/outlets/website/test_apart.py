"""另一棵树：截至某日的全站，跟得上改动，撤得下撤回的，平常的树和账不知道有它。"""

from datetime import date
from pathlib import Path

import pytest

from tests.outlets.website.conftest import TODAY, Desk, tree_files
from yangguang.hub.publications.rules import shelf
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.apart import bake_apart
from yangguang.outlets.website.models import BakedPage, Cursor, ListEntry, PageKey, PublicList

DAY = date(2020, 10, 20)
BOOKS = (BakedPage, Cursor, ListEntry, PageKey, PublicList)


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    return tmp_path / "apart"


def books() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in BOOKS]


def test_it_leaves_the_tree_of_the_real_day_and_its_books_alone(desk: Desk, apart: Path) -> None:
    publication = desk.publish(kind="figure")
    desk.follow()
    before = desk.files(), books()
    bake_apart(apart, DAY)
    desk.follow()
    assert (desk.files(), books()) == before
    shown = (apart / desk.site.code / path_of(publication).lstrip("/")).read_text()
    assert "2020-10-20 完成" in shown
    assert f"{TODAY} 完成" in desk.page(path_of(publication))


def test_it_bakes_again_only_when_the_real_tree_has_moved(desk: Desk, apart: Path) -> None:
    desk.publish("第一份")
    desk.follow()
    assert bake_apart(apart, DAY) > 10
    assert bake_apart(apart, DAY) == 0
    desk.publish("第二份")
    assert bake_apart(apart, DAY) == 0
    desk.follow()
    assert bake_apart(apart, DAY) > 10
    assert "第二份" in (apart / desk.site.code / "index.html").read_text()


def test_what_is_withdrawn_goes_from_it_with_attachments_and_twins(desk: Desk, apart: Path) -> None:
    kept = desk.publish("留下的", files=(desk.store("留下".encode(), "甲.txt"),))
    gone = desk.publish("要撤的", files=(desk.store("撤回".encode(), "乙.txt"),))
    desk.follow()
    bake_apart(apart, DAY)
    desk.withdraw(gone)
    desk.follow()
    bake_apart(apart, DAY)
    files = tree_files(apart / desk.site.code)
    assert not [name for name, content in files.items() if "要撤的".encode() in content]
    assert not [name for name in files if name.startswith(f"files/{shelf(gone.pk)}/{gone.pk}/")]
    assert (
        len([name for name in files if name.startswith(f"files/{shelf(kept.pk)}/{kept.pk}/")]) == 4
    )
    assert path_of(kept).lstrip("/") in files
