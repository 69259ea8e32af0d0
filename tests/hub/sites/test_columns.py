"""栏目的动作落到网站上：关闭了的页面和地址都在，信息照日志移走；次序、名称随即更新。"""

from pathlib import Path

import pytest

from tests.actors import actor, organisation
from tests.outlets.website.conftest import (  # noqa: F401  合用的夹具
    Desk,
    desk,
    kinds_registered,
)
from tests.outlets.website.test_pins_and_moves import names
from tests.outlets.website.test_projector import clean
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.jobs.registry import find
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.models import Change
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.services import move
from yangguang.hub.sites.columns import (
    close_column,
    edit_column,
    open_column,
    reopen_column,
    reorder_column,
)
from yangguang.outlets.website.verification import verify_site

VALUES = {
    "name": "应急管理", "column_type": "政策文件", "description": "预案和预警。",
    "keywords": "应急", "statutory_content": "",
}  # fmt: skip


def run_jobs() -> None:
    for row in Job.objects.filter(state="waiting", name="sites.empty_column"):
        find(row.name).function(**row.payload)


def close(desk: Desk, code: str, into: str = "") -> Column:  # noqa: F811
    return close_column(
        desk.columns[code], desk.columns[into] if into else None, reason="并栏", actor=desk.actor
    )


def test_a_closed_column_leaves_the_navigation_and_keeps_its_page_and_addresses(
    desk: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    publication = desk.publish("留下的", columns=("notices",))
    desk.follow()
    assert 'href="/columns/notices/"' in desk.page("index.html")
    close(desk, "notices")
    desk.follow()
    assert 'href="/columns/notices/"' not in desk.page("index.html")
    assert 'href="/columns/notices/"' not in desk.page("map/index.html")
    page = desk.page("columns/notices/index.html")
    assert "关闭，不再更新" in page and names(desk, "columns/notices/index.html") == ["留下的"]
    assert "留下的" in desk.page(f"note/0/{publication.pk}.html")
    assert desk.files() == clean(desk, tmp_path / "clean")
    assert check().broken == () and verify_site().broken == ()


def test_what_was_in_it_moves_by_the_log_and_its_page_says_where(
    desk: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    both = desk.publish("两处都有", columns=("notices", "files"))
    gone = desk.publish("撤回的", columns=("notices",))
    desk.withdraw(gone)
    close(desk, "notices", "files")
    run_jobs()
    desk.follow()
    assert names(desk, "columns/files/index.html") == ["两处都有"]
    assert names(desk, "columns/notices/index.html") == []
    assert "信息移到了" in desk.page("columns/notices/index.html")
    (moved,) = Change.objects.filter(action="move")
    assert moved.publication == both and moved.columns == ["files"]
    run_jobs()
    assert Change.objects.filter(action="move").count() == 1
    assert desk.files() == clean(desk, tmp_path / "clean")
    assert check().broken == () and verify_site().broken == ()


def test_nothing_enters_a_closed_column(desk: Desk) -> None:  # noqa: F811
    publication = desk.publish("别处的")
    close(desk, "notices")
    with pytest.raises(Refused, match="不再收信息"):
        desk.publish("新的", columns=("notices",))
    with pytest.raises(Refused, match="不再收信息"):
        move(publication, [desk.columns["notices"]], actor=desk.actor)
    reopen_column(desk.columns["notices"], actor=desk.actor)
    assert move(publication, [desk.columns["notices"]], actor=desk.actor) is not None


def test_order_and_names_change_on_the_site_and_addresses_do_not(
    desk: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    desk.publish("一件", columns=("plans",))
    desk.follow()
    reorder_column(desk.columns["notices"], None, actor=desk.actor)
    edit_column(desk.columns["plans"], VALUES, actor=desk.actor)
    desk.follow()
    home = desk.page("map/index.html")
    assert home.index("/columns/notices/") < home.index("/columns/open/")
    assert "应急管理" in desk.page("columns/plans/index.html")
    assert names(desk, "columns/plans/index.html") == ["一件"]
    before = AuditEvent.objects.count()
    reorder_column(Column.objects.get(code="notices"), None, actor=desk.actor)
    edit_column(Column.objects.get(code="plans"), VALUES, actor=desk.actor)
    assert AuditEvent.objects.count() == before
    assert desk.files() == clean(desk, tmp_path / "clean")
    assert check().broken == () and verify_site().broken == ()


def test_a_new_column_is_on_the_site_at_its_place(desk: Desk) -> None:  # noqa: F811
    made = open_column(
        desk.site, VALUES, code="yingji", parent=desk.columns["open"], actor=desk.actor
    )
    desk.follow()
    assert "应急管理" in desk.page("columns/yingji/index.html")
    assert "/columns/yingji/" in desk.page("columns/open/index.html")
    assert AuditEvent.objects.filter(action="columns.open_column", target_id=str(made.pk)).exists()
    with pytest.raises(Refused, match=r"同一级已经有.*已经用过"):
        open_column(desk.site, VALUES, code="yingji", parent=desk.columns["open"], actor=desk.actor)
    news = VALUES | {"name": "动态", "column_type": "工作动态"}
    with pytest.raises(Refused, match="只放法定公开的内容"):
        open_column(desk.site, news, code="dongtai", parent=desk.columns["open"], actor=desk.actor)


def test_others_do_not_touch_the_columns_of_a_site(desk: Desk) -> None:  # noqa: F811
    for role, place in (("approver", organisation("elsewhere")), ("drafter", desk.organisation)):
        with pytest.raises(OutOfScope):
            close_column(desk.columns["notices"], None, reason="越权", actor=actor(role, place))
    assert not Column.objects.exclude(closed_on=None).exists()
