"""编排好的页：发布了的才看得到，用到什么数据就跟着什么重烘，别的页不动；每种块印得出来。"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.outlets.website.conftest import TODAY, Desk, NoteKind, tree_files
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.topics.services import open_topic
from yangguang.outlets.blocks.models import BlockPage
from yangguang.outlets.blocks.services import begin, remove_block, save_block
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import BakedPage

OPEN = "//section[.//h2[normalize-space()='正在征求意见']]"
LIST = {
    "heading": "文件", "column": "", "organisation": "", "topic": "", "kind": "", "count": 3,
    "order": "new",
}  # fmt: skip


@pytest.fixture
def topic_page(desk: Desk) -> BlockPage:
    """一个专题的页，已经开始编排。"""
    topic = open_topic(
        desk.site, name="防汛", summary="防汛。", code="fangxun", actor=desk.actor, key="topic"
    )
    desk.follow()
    return begin(desk.site, topic, actor=desk.actor, key="topic-page")


def publish(desk: Desk, page: BlockPage, *blocks: tuple[str, dict[str, Any]]) -> None:
    for kind, values in blocks:
        save_block(page, kind, values, actor=desk.actor, key=desk.key())
    perform(page, "publish", actor=desk.actor, key=desk.key())
    desk.follow()


def baked(desk: Desk) -> dict[str, int]:
    return dict(BakedPage.objects.values_list("path", "baked"))


def agrees(desk: Desk, out: Path) -> None:
    bake_everything(Press(desk.site, TODAY), out)
    assert desk.files() == tree_files(out / desk.site.code)


def test_a_draft_is_not_seen_until_published_and_then_bakes_its_own_page_alone(
    desk: Desk, home: BlockPage, tmp_path: Path
) -> None:
    before = baked(desk)
    words = {"heading": "", "body": "**欢迎**来看 [专题](/topics/)。"}
    save_block(home, "text", words, actor=desk.actor, key=desk.key())
    desk.follow()
    assert "欢迎" not in desk.page("index.html")
    publish(desk, home)
    after = baked(desk)
    assert {path for path in after if after[path] != before.get(path)} == {"/"}
    assert "<strong>欢迎</strong>" in desk.page("index.html")
    agrees(desk, tmp_path / "clean")


def test_a_list_on_a_topic_page_follows_its_column_and_nothing_else_wakes_the_page(
    desk: Desk, topic_page: BlockPage, tmp_path: Path
) -> None:
    publish(desk, topic_page, ("list", LIST | {"column": "plans"}))
    page = "topics/fangxun/index.html"
    assert "还没有公开的信息" in desk.page(page)
    before = baked(desk)["/topics/fangxun/"]
    desk.publish("别的", columns=("notices",))
    desk.follow()
    assert baked(desk)["/topics/fangxun/"] == before
    publication = desk.publish("规划", columns=("plans",))
    desk.follow()
    assert path_of(publication) in desk.page(page)
    desk.withdraw(publication)
    desk.follow()
    assert path_of(publication) not in desk.page(page)
    agrees(desk, tmp_path / "clean")


@pytest.mark.parametrize(
    "chosen", [{}, {"kind": "note"}, {"organisation": "donghe"}, {"topic": "fangxun"}]
)
def test_a_list_by_any_rule_follows_what_is_published(
    desk: Desk, topic_page: BlockPage, chosen: dict[str, str]
) -> None:
    from yangguang.hub.topics.services import edit_topic

    edit_topic(topic_page.topic, {"words": ["汛情"]}, actor=desk.actor)
    publish(desk, topic_page, ("list", LIST | chosen | {"order": "old"}))
    first = desk.publish("汛情一号")
    second = desk.publish("汛情二号")
    desk.follow()
    (section,) = html.fromstring(desk.page("topics/fangxun/index.html")).xpath(
        "//div[@class='arranged']/section"
    )
    shown = [each.get("href") for each in section.xpath(".//a[contains(@class, 'name')]")]
    assert shown == [path_of(first), path_of(second)]


def test_the_home_no_one_has_arranged_leads_to_applying_and_to_its_progress(
    desk: Desk, home: BlockPage
) -> None:
    page = html.fromstring(desk.page("index.html"))
    assert page.xpath("//div[@class='want']/a/@href") == [
        "/interact/requests/", "/interact/requests/status/",
    ]  # fmt: skip
    assert page.xpath("//footer//a[text()='依申请公开']/@href") == ["/interact/requests/"]


def test_blocks_beside_one_another_share_a_row(desk: Desk, home: BlockPage) -> None:
    page = html.fromstring(desk.page("index.html"))
    (pair,) = page.xpath("//div[@class='two']")
    assert [h.text_content().strip() for h in pair.xpath("./section//h2")] == [
        "最新公开",
        "按栏目找",
    ]


def test_every_written_kind_is_printed_with_what_was_written(desk: Desk, home: BlockPage) -> None:
    outside = {"title": "国务院", "href": "https://www.gov.cn/", "words": "政策"}
    inside = {"title": "专题", "href": "/topics/", "words": "看专题"}
    number = {"number": "43", "unit": "项", "words": "任务"}
    (default,) = (block for block in home.blocks if block.kind == "entrances")
    remove_block(home, default.id, actor=desk.actor)
    publish(
        desk, home,
        ("cards", {"heading": "卡片", "items": [inside | {"picture": ""}]}),
        ("links", {"heading": "链接", "items": [outside, inside]}),
        ("entrances", {"heading": "我要", "items": [inside]}),
        ("figures", {"heading": "数字", "items": [number], "source": "办公室", "on": "2020-09-25"}),
    )  # fmt: skip
    page = html.fromstring(desk.page("index.html"))
    assert page.xpath("//a[contains(@class, 'card')][@href='/topics/']")
    (link,) = page.xpath("//a[@href='https://www.gov.cn/']")
    assert link.get("rel") == "external noopener" and "站外" in link.text_content()
    assert page.xpath("//div[@class='want']/a[@href='/topics/']")
    assert "43" in page.xpath("//dl[@class='numbers']")[0].text_content()
    assert page.xpath("//table//th[text()='任务']") and "来源：办公室" in page.text_content()
    assert len(page.xpath("//h1")) == 1 and len(page.xpath("//input[@id='find']")) == 1


def test_a_home_without_an_opening_still_has_a_title_and_the_search(
    desk: Desk, home: BlockPage
) -> None:
    remove_block(home, "b1", actor=desk.actor)
    publish(desk, home)
    page = html.fromstring(desk.page("index.html"))
    assert page.xpath("//h1")[0].text_content() == desk.site.name
    assert page.xpath("//header//input[@id='find']")


def test_open_consultations_are_listed_by_their_closing_day_and_leave_when_it_is_past(
    desk: Desk, home: BlockPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"column_type": "征集调查", "description": "征集", "keywords": "征集"}
    desk.columns["asking"] = Column.objects.add_root(
        instance=Column(site=desk.site, code="asking", name="征集", **words)
    )
    payload = NoteKind.payload
    closes = {"一号征集": TODAY + timedelta(days=9), "二号征集": TODAY}
    monkeypatch.setattr(
        NoteKind, "payload",
        lambda self, record: payload(self, record)
        | {"closes_on": closes[record.name].isoformat()},
    )  # fmt: skip
    desk.follow()
    assert "正在征求意见" not in desk.page("index.html")
    for title in closes:
        desk.publish(title, columns=("asking",))
    desk.follow()
    page = html.fromstring(desk.page("index.html"))
    (section,) = page.xpath(OPEN)
    assert [each.text for each in section.xpath(".//time")] == [
        f"{TODAY} 截止", f"{TODAY + timedelta(days=9)} 截止",
    ]  # fmt: skip
    desk.follow(TODAY + timedelta(days=1))
    assert "二号征集" not in "".join(
        html.fromstring(desk.page("index.html")).xpath(f"{OPEN}//text()")
    )
