"""检索、订阅、页面、接口说的是同一批：公开着的，全部，此外没有。

随意发布、更正、撤回、重新发布，每做几件就把四处列出来对照。
"""

import random
import re
from typing import Any

import pytest

from tests.api import Api, fault
from tests.hub.search.conftest import follow
from tests.outlets.website.conftest import Desk
from tests.outlets.website.test_sequences import act
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.feeds import FEED_SIZE

SITE = "https://www.donghe.example"
ROUNDS = 8


def in_the_database() -> set[str]:
    live = Publication.objects.filter(state="published").select_related("current_version")
    return {SITE + path_of(publication) for publication in live}


def on_pages(desk: Desk, every: set[str]) -> set[str]:
    """页面上链接到的信息，而且打开来不是撤回说明。"""
    root = desk.root / desk.site.code
    linked: set[str] = set()
    for page in root.rglob("*.html"):
        linked |= {SITE + href for href in re.findall(r'href="(/[^"#?]+)"', page.read_text())}
    readable = {a for a in every if "此信息已撤回" not in desk.page(a.removeprefix(SITE))}
    assert linked & every == readable
    return readable


def in_the_sitemap(desk: Desk) -> set[str]:
    parts = (desk.root / desk.site.code / "sitemaps").rglob("[0-9]*.xml")
    return {each for part in parts for each in re.findall("<loc>(.*?)</loc>", part.read_text())}


def in_the_feed(desk: Desk) -> list[str]:
    return re.findall(r'<entry>.*?<link[^>]*href="(.*?)"', desk.page("/feed.xml"), re.DOTALL)


def by_search(api: Api) -> set[str]:
    found: list[dict[str, Any]] = []
    for page in range(1, 100):
        answer = api.json(f"/search?limit=3&page={page}")
        found += answer["items"]
        if not answer["items"]:
            assert answer["total"] == len(found)
            break
    return {item["href"] for item in found}


@pytest.mark.django_db(transaction=True)
def test_search_feeds_pages_and_api_show_what_is_published_all_of_it_and_nothing_else(
    desk: Desk,
) -> None:
    chance, api = random.Random(20), Api()
    kept, after = dict[int, str](), 0
    follow()
    for _ in range(ROUNDS):
        for _ in range(chance.randint(1, 4)):
            act(desk, chance)
            # 接口不等烘焙和索引：撤回的当场就没有了
            listed = api.everything()
            assert {item["href"] for item in listed} == in_the_database()
            assert by_search_at_most(api) <= in_the_database()
        desk.follow()
        follow()
        every = {SITE + path_of(p) for p in Publication.objects.select_related("current_version")}
        live = in_the_database()
        listed = api.everything()
        ordered = [item["href"] for item in listed]
        assert set(ordered) == live and len(ordered) == len(live)
        assert on_pages(desk, every) == live
        assert in_the_sitemap(desk) == live
        assert by_search(api) == live
        told, after = api.changes(after)
        for change in told:
            kept.pop(change["id"], None)
            if change["state"] == "published":
                kept[change["id"]] = change["href"]
        assert set(kept.values()) == live, "只跟着变更取的"
        assert in_the_feed(desk) == ordered[:FEED_SIZE]
        for publication in Publication.objects.filter(state="withdrawn"):
            assert fault(api.get(f"/publications/{publication.pk}"), 410)["reason"]


def by_search_at_most(api: Api) -> set[str]:
    """索引还没跟上时查到的。"""
    return {item["href"] for item in api.json("/search?limit=100")["items"]}
