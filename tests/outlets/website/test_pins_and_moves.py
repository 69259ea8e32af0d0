"""置顶和换栏目：列表跟着变，从头再烘一遍也是这样。"""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.outlets.website.conftest import TODAY, Desk
from tests.outlets.website.test_projector import clean
from yangguang.foundation.lifecycle.services import Refused
from yangguang.hub.publications.models import Change, Publication
from yangguang.hub.publications.rebuilding import check
from yangguang.hub.publications.services import move, pin
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.numbering import faults
from yangguang.outlets.website.verification import verify_site

pytestmark = pytest.mark.django_db


def names(desk: Desk, path: str) -> list[str]:
    """一页列表上的标题，按次序。"""
    page = html.fromstring(desk.page(path))
    return [" ".join(each.text_content().split()) for each in page.xpath("//ul[@class='rows']//a")]


def test_a_pinned_item_heads_its_lists_until_its_last_day(desk: Desk, tmp_path: Path) -> None:
    first, *_ = [desk.publish(f"第{number}号") for number in range(30)]
    desk.follow()
    assert "第0号" not in names(desk, "columns/files/index.html")[:1]
    pin(first, TODAY, actor=desk.actor)
    desk.follow()
    for path in ("columns/files/index.html", "columns/open/index.html"):
        assert names(desk, path)[0] == "第0号" and "置顶" in desk.page(path)
    assert names(desk, "columns/files/index.html").count("第0号") == 1
    assert desk.files() == clean(desk, tmp_path / "clean")
    desk.follow(TODAY + timedelta(days=1))
    page = desk.page("columns/files/index.html")
    assert "置顶" not in page and names(desk, "columns/files/index.html")[0] != "第0号"
    assert verify_site().broken == ()


def test_an_item_let_go_falls_back_and_a_withdrawn_one_is_gone(desk: Desk) -> None:
    first, second = desk.publish("先发的"), desk.publish("后发的")
    pin(first, TODAY, actor=desk.actor)
    desk.follow()
    assert names(desk, "columns/files/index.html") == ["先发的", "后发的"]
    pin(first, None, actor=desk.actor)
    desk.follow()
    assert names(desk, "columns/files/index.html") == ["后发的", "先发的"]
    pin(second, TODAY, actor=desk.actor)
    desk.withdraw(second)
    desk.follow()
    assert names(desk, "columns/files/index.html") == ["先发的"]


def test_an_item_moves_out_of_one_list_into_another(desk: Desk, tmp_path: Path) -> None:
    publication = desk.publish("要搬的")
    desk.publish("不搬的")
    desk.follow()
    move(publication, [desk.columns["notices"]], actor=desk.actor)
    desk.follow()
    assert names(desk, "columns/files/index.html") == ["不搬的"]
    assert names(desk, "columns/notices/index.html") == ["要搬的"]
    assert "通知公告" in desk.page(f"note/0/{publication.pk}.html")
    assert desk.files() == clean(desk, tmp_path / "clean")
    assert check().broken == () and verify_site().broken == ()


def test_what_does_not_change_or_cannot_move_leaves_no_trace(desk: Desk) -> None:
    publication = desk.publish("不动的")
    count = Change.objects.count()
    assert move(publication, [desk.columns["files"]], actor=desk.actor) is None
    pin(publication, None, actor=desk.actor)
    with pytest.raises(Refused, match="请选定换到哪些栏目"):
        move(publication, [], actor=desk.actor)
    desk.withdraw(publication)
    with pytest.raises(Refused, match="已经撤回"):
        move(publication, [desk.columns["plans"]], actor=desk.actor)
    assert Change.objects.exclude(action="withdraw").count() == count


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("move", "withdraw", "republish")),
            st.integers(0, 2),
            st.sets(st.sampled_from(("files", "plans", "notices")), min_size=1),
        ),
        max_size=8,
    )
)
def test_the_log_alone_gives_every_list_whatever_moved(
    desk: Desk, steps: list[tuple[str, int, set[str]]]
) -> None:
    titles = [f"第{number}件" for number in range(3)]
    for title in titles:
        if not Publication.objects.filter(title=title, state="published").exists():
            desk.publish(title)
    for action, number, codes in steps:
        publication = Publication.objects.get(title=titles[number])
        is_public = publication.state == "published"
        if action == "move" and is_public:
            move(publication, [desk.columns[code] for code in sorted(codes)], actor=desk.actor)
        elif action == "withdraw" and is_public:
            desk.withdraw(publication)
        elif action == "republish" and not is_public:
            desk.republish(publication, tuple(sorted(codes)))
    desk.follow()
    assert list(faults({desk.site.pk: Press(desk.site, TODAY)})) == []
    assert check().broken == ()
