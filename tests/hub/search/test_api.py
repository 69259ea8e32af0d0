"""接口：检索。与检索页同一个引擎、同样的筛选；总数和各样条数都给。"""

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from lxml import html

from tests.api import Api, fault, publish, withdraw
from tests.hub.search.supervising import promotion, supervisor, synonyms
from tests.town import Town
from yangguang.hub.publications.codes import subject_code
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.hub.search.indexer import catch_up
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import publication_of

pytestmark = pytest.mark.django_db
SUBJECT = "科技、教育"


@pytest.fixture
def documents(town: Town) -> list[OfficialDocument]:
    made = [publish(town, number) for number in range(1, 6)]
    made.append(publish(town, 81, stage="service", subject=subject_code(SUBJECT)))
    catch_up()
    return made


def shown(query: str) -> list[str]:
    """检索页上列出的地址，只取路径。"""
    page = html.fromstring(Client().get(f"/search/?{query}").content)
    return [href.removeprefix("https://www.example.gov.cn") for href in page.xpath("//main//a[contains(@href, '/document/')]/@href")]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["q=工作方案", "q=2020 81", "q=贯彻 -第3号", "q=方案&stage=service", f"q=方案&subject={SUBJECT}",
              "q=方案&sort=date", "column=wenjian"],
)  # fmt: skip
def test_it_finds_what_the_page_finds_in_the_same_order(
    query: str, documents: list[OfficialDocument], visitor: Api
) -> None:
    found = visitor.json(f"/search?{query}")
    paths = [item["href"].removeprefix("https://www.example.gov.cn") for item in found["items"]]
    assert paths and paths == shown(query)
    assert found["total"] == len(paths)


def test_the_facets_count_all_that_was_found(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    found = visitor.json("/search?q=方案&limit=2")
    assert (found["total"], len(found["items"])) == (6, 2)
    stages = {each["value"]: each["count"] for each in found["facets"]["stage"]}
    assert stages == Counter(Publication.objects.values_list("stage", flat=True))
    assert found["facets"]["subject"] == [{"value": SUBJECT, "count": 1}]


def test_pages_together_give_every_item_once(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    pages = [visitor.json(f"/search?q=方案&limit=4&page={n}")["items"] for n in (1, 2, 3)]
    ids = [item["id"] for page in pages for item in page]
    assert len(ids) == len(set(ids)) == 6 and pages[2] == []


def test_a_withdrawn_item_is_not_found_even_before_the_index_knows(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    withdraw(town, documents[5])
    assert visitor.json("/search?q=2020 81")["items"] == []


def test_other_ways_to_say_it_are_searched_too_unless_it_must_be_exact(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    synonyms(supervisor(town.organisation), "方案", "点子")
    assert visitor.json("/search?q=点子")["total"] == 6
    exact = visitor.json("/search?q=点子&exact=true")
    assert (exact["total"], exact["also"]) == (0, ["方案"])


def test_what_the_office_recommends_comes_with_the_first_page_only(
    documents: list[OfficialDocument], town: Town, visitor: Api
) -> None:
    first = publication_of(documents[0])
    promotion(supervisor(town.organisation), "怎么办", publication=first)
    (told,) = visitor.json("/search?q=怎么办")["recommended"]
    assert (told["id"], told["label"]) == (first.pk, first.title)
    assert told["href"].endswith(path_of(first))
    assert visitor.json("/search?q=怎么办&stage=execution")["recommended"] == []


def test_what_is_not_found_is_answered_with_what_was_perhaps_meant(
    documents: list[OfficialDocument], visitor: Api
) -> None:
    found = visitor.json("/search?q=第3号工作芳案的通知")
    assert found["total"] == 0 and "工作方案" in found["suggestion"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("q=%00", "q"), ("q=" + "字" * 1001, "q"), ("page=0", "page"), ("page=101&limit=100", "page"),
     ("sort=x", "sort"), ("site=nowhere", "site"), ("in=test", "in")],
)  # fmt: skip
def test_a_wrong_parameter_is_told(query: str, parameter: str, town: Town, visitor: Api) -> None:
    (place,) = fault(visitor.get(f"/search?{query}"), 422)["errors"]
    assert place["parameter"] == parameter


def test_without_an_index_it_says_so(town: Town, visitor: Api) -> None:
    assert "索引" in fault(visitor.get("/search?q=x"), 503)["detail"]


def test_the_queries_do_not_grow_with_what_is_found(
    documents: list[OfficialDocument], visitor: Api, django_assert_num_queries: Any
) -> None:
    visitor.json("/search?q=方案")  # 词典记在进程里，头一次才读
    for limit in (1, 6):
        with django_assert_num_queries(6):
            visitor.json(f"/search?q=方案&limit={limit}")
    with django_assert_num_queries(9):
        visitor.json("/search?q=方案&site=test&column=wenjian&organisation=test-prefecture")
