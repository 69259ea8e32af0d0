"""专题页：收进来的都在，移出的不在；条件一变，列表、名录、信息页、订阅跟着变，别的页不动。"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from lxml import etree, html

from tests.outlets.website.conftest import TODAY, Desk, tree_files
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.publications.services import move
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import choose, edit_topic, open_topic
from yangguang.outlets.website.baker import bake_everything
from yangguang.outlets.website.frame import Press
from yangguang.outlets.website.models import BakedPage

PAGE = "topics/jiaoyu/index.html"
Moment = Callable[..., datetime]


def opened(desk: Desk, **gathering: object) -> Topic:
    return open_topic(
        desk.site, name="义务教育", summary="招生、收费。", code="jiaoyu", actor=desk.actor,
        key=desk.key(), **gathering,
    )  # fmt: skip


def of_the_plan(desk: Desk, **gathering: object) -> Topic:
    """落实工作方案的专题，分几部分列出。"""
    return opened(
        desk, owner=desk.organisation, basis="临州办发〔2020〕81号", tasks=[10], **gathering
    )  # fmt: skip


def move_to(desk: Desk, publication: Publication, column: str) -> None:
    move(publication, [desk.columns[column]], actor=desk.actor)


def section(page: str, label: str) -> str:
    """专题首页上一部分的文字。"""
    (found,) = html.fromstring(page).xpath(f"//section[.//h2[normalize-space()='{label}']]")
    return str(found.text_content())


def agrees(desk: Desk, out: Path) -> None:
    """增量烘成的与从头烘的一字不差。"""
    bake_everything(Press(desk.site, TODAY), out)
    assert desk.files() == tree_files(out / desk.site.code)


def test_an_empty_topic_has_its_page_and_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.follow()
    assert "现在没有开着的专题" in desk.page("topics/index.html")
    opened(desk)
    desk.follow()
    assert "还没有收入信息" in desk.page(PAGE)
    assert "/topics/jiaoyu/" in desk.page("topics/index.html")
    assert "/topics/jiaoyu/" in desk.page("map/index.html")
    assert "/topics/jiaoyu/" in desk.page("sitemaps/pages.xml")
    agrees(desk, tmp_path / "clean")


def test_what_was_published_before_and_what_comes_after_both_gather(
    desk: Desk, moment: Moment, tmp_path: Path
) -> None:
    before = desk.publish("义务教育一号", on=moment(2020))
    desk.follow()
    opened(desk, words=["义务教育"])
    desk.follow()
    after = desk.publish("义务教育二号", on=moment(2021))
    other = desk.publish("防汛", on=moment(2021))
    desk.follow()
    page = desk.page(PAGE)
    assert path_of(before) in page and path_of(after) in page and path_of(other) not in page
    assert page.index(path_of(after)) < page.index(path_of(before))
    assert "/topics/jiaoyu/" in desk.page(path_of(before))
    assert "/topics/jiaoyu/" not in desk.page(path_of(other))
    assert path_of(after) in desk.page("topics/jiaoyu/feed.xml")
    desk.withdraw(after)
    desk.follow()
    assert path_of(after) not in desk.page(PAGE)
    agrees(desk, tmp_path / "clean")


def test_a_changed_title_moves_a_publication_in_and_out(desk: Desk, tmp_path: Path) -> None:
    topic = opened(desk, columns=[desk.columns["plans"]])
    publication = desk.publish("一件事")
    desk.follow()
    assert path_of(publication) not in desk.page(PAGE)
    choose(topic, publication, "add", actor=desk.actor)
    desk.follow()
    assert path_of(publication) in desk.page(PAGE)
    choose(topic, publication, "undo", actor=desk.actor)
    desk.follow()
    assert path_of(publication) not in desk.page(PAGE)
    assert "所属专题" not in desk.page(path_of(publication))
    edit_topic(topic, {"columns": [desk.columns["open"]]}, actor=desk.actor)
    desk.follow()
    assert path_of(publication) in desk.page(PAGE)
    agrees(desk, tmp_path / "clean")


def test_editing_a_topic_re_bakes_its_own_pages_and_its_members_and_no_other(desk: Desk) -> None:
    member = desk.publish("义务教育")
    desk.publish("防汛", columns=("notices",))
    topic = opened(desk, words=["义务教育"])
    desk.follow()
    baked = dict(BakedPage.objects.values_list("path", "baked"))
    edit_topic(topic, {"name": "义务教育改过"}, actor=desk.actor)
    desk.follow()
    now = dict(BakedPage.objects.values_list("path", "baked"))
    changed = {path for path in now if now[path] != baked.get(path)}
    own = {"/topics/", "/topics/jiaoyu/", "/topics/jiaoyu/feed.xml", "/topics/jiaoyu/rss.xml"}
    assert changed == {*own, "/", "/map/", "/sitemaps/pages.xml", path_of(member)}


def test_a_closed_topic_keeps_its_page_and_says_when_it_ended(desk: Desk) -> None:
    topic = opened(desk, words=["义务教育"])
    desk.publish("义务教育")
    perform(topic, "close", actor=desk.actor, key="close")
    desk.follow()
    assert "已结束" in desk.page(PAGE)
    assert "已结束的" in desk.page("topics/index.html")


def test_a_long_topic_has_pages_whose_numbers_never_change(desk: Desk, tmp_path: Path) -> None:
    for number in range(45):
        desk.publish(f"义务教育{number}号")
    opened(desk, words=["义务教育"])
    desk.follow()
    assert "义务教育0号" in desk.page("topics/jiaoyu/pages/0/1.html")
    first = desk.files()["topics/jiaoyu/pages/0/1.html"]
    for number in range(20):
        desk.publish(f"义务教育又{number}号")
    desk.follow()
    again = desk.files()["topics/jiaoyu/pages/0/1.html"]
    assert first.count(b"<li>") == again.count(b"<li>")
    agrees(desk, tmp_path / "clean")


def test_both_kinds_of_feed_tell_the_same_for_the_site_a_column_a_unit_and_a_topic(
    desk: Desk, moment: Moment
) -> None:
    publication = desk.publish("义务教育", on=moment(2020))
    opened(desk, words=["义务教育"])
    desk.follow()
    for folder in ("", "columns/files/", "organisations/donghe/", "topics/jiaoyu/"):
        atom = etree.fromstring(desk.files()[f"{folder}feed.xml"])
        rss = etree.fromstring(desk.files()[f"{folder}rss.xml"])
        space = "{http://www.w3.org/2005/Atom}"
        href = atom.find(f"{space}entry/{space}link").get("href")
        assert href.endswith(path_of(publication))
        assert rss.findtext("channel/item/link") == href
        assert rss.findtext("channel/item/pubDate") == "Mon, 01 Jun 2020 09:00:00 +0800"
        page = desk.page(f"{folder}index.html")
        assert f'href="/{folder}feed.xml"' in page and f'href="/{folder}rss.xml"' in page


def test_a_topic_of_the_plan_lists_its_parts_and_each_part_has_its_years(
    desk: Desk, moment: Moment, tmp_path: Path
) -> None:
    of_the_plan(desk, words=["义务教育"])
    old = desk.publish("义务教育进展一", on=moment(2020), stage="execution")
    new = desk.publish("义务教育进展二", on=moment(2021), stage="execution")
    result = desk.publish("义务教育成效", on=moment(2021), stage="result")
    desk.follow()
    page = desk.page(PAGE)
    assert "落实临州办发〔2020〕81号第10项" in page and "责任单位" in page
    assert "义务教育进展二" in section(page, "执行情况") and "全部 2 条" in section(
        page, "执行情况"
    )
    assert "义务教育成效" in section(page, "工作成效")
    assert "还没有政策文件方面的信息" in section(page, "政策文件")
    part = desk.page("topics/jiaoyu/execution/index.html")
    assert part.index(path_of(new)) < part.index(path_of(old)) and path_of(result) not in part
    assert "/topics/jiaoyu/execution/2020/" in part and "/topics/jiaoyu/results/" in part
    year = desk.page("topics/jiaoyu/execution/2020/index.html")
    assert path_of(old) in year and path_of(new) not in year
    assert "还没有回应关切方面的信息" in desk.page("topics/jiaoyu/response/index.html")
    assert "/topics/jiaoyu/policy/" in desk.page("sitemaps/pages.xml")
    desk.withdraw(old)
    desk.follow()
    assert "/topics/jiaoyu/execution/2020/" not in desk.page("topics/jiaoyu/execution/index.html")
    agrees(desk, tmp_path / "clean")


def test_what_is_settled_by_hand_moves_from_part_to_part(desk: Desk, tmp_path: Path) -> None:
    topic = of_the_plan(desk, words=["义务教育"])
    publication = desk.publish("义务教育")
    desk.follow()
    assert path_of(publication) in desk.page("topics/jiaoyu/execution/index.html")
    choose(topic, publication, "add", part="response", actor=desk.actor)
    desk.follow()
    assert path_of(publication) not in desk.page("topics/jiaoyu/execution/index.html")
    assert path_of(publication) in desk.page("topics/jiaoyu/response/index.html")
    agrees(desk, tmp_path / "clean")


def test_an_interpretation_follows_its_document_in_and_out(desk: Desk, tmp_path: Path) -> None:
    topic = of_the_plan(desk, columns=[desk.columns["notices"]])
    document = desk.publish("一份方案")
    told = desk.publish("一图看懂", interprets=[{"index_number": document.index_number}])
    desk.follow()
    assert path_of(told) not in desk.page(PAGE)
    for change in (
        lambda: choose(topic, document, "add", actor=desk.actor),
        lambda: choose(topic, document, "undo", actor=desk.actor),
        lambda: move_to(desk, document, "notices"),
        lambda: move_to(desk, document, "files"),
        lambda: edit_topic(topic, {"words": ["方案"], "columns": []}, actor=desk.actor),
        lambda: desk.withdraw(document),
    ):
        was_in = path_of(told) in desk.page(PAGE)
        change()
        desk.follow()
        assert (path_of(told) in desk.page(PAGE)) is not was_in
        assert ("/topics/jiaoyu/" in desk.page(path_of(told))) is not was_in
        agrees(desk, tmp_path / f"clean-{was_in}-{topic.updated_at:%f}-{desk.key()}")


def test_a_long_part_has_pages_of_its_own(desk: Desk, tmp_path: Path) -> None:
    for number in range(45):
        desk.publish(f"义务教育{number}号")
    of_the_plan(desk, words=["义务教育"])
    desk.follow()
    assert "义务教育0号" in desk.page("topics/jiaoyu/execution/pages/0/1.html")
    assert "更早收入的" in desk.page(PAGE)
    agrees(desk, tmp_path / "clean")
