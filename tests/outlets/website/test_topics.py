"""专题页：收进来的都在，移出的不在；条件一变，列表、名录、信息页、订阅跟着变，别的页不动。"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from lxml import etree

from tests.outlets.website.conftest import TODAY, Desk, tree_files
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.selectors import path_of
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
