"""申请以前：凭名称、凭原来的名称找机构，按层级看；不归条例管的说明自己的办法；先找公开过的。"""

from datetime import date

import pytest
from django.test import Client
from lxml import html

from tests.actors import organisation
from tests.dialogue.requests.applying import HOME, at, text
from tests.dialogue.requests.conftest import Hall
from tests.hub.search.conftest import follow
from tests.outlets.website.conftest import Desk, desk, kinds_registered, moment  # noqa: F401
from yangguang.dialogue.requests.models import RequestOffice
from yangguang.foundation.organisations.models import (
    Kind,
    Level,
    NameKind,
    Organisation,
    OrganisationName,
    Succession,
)
from yangguang.hub.publications.selectors import path_of


def made(code: str, name: str, parent: Organisation, **fields: object) -> Organisation:
    values = {"level": Level.COUNTY, "kind": Kind.ADMINISTRATIVE} | fields
    row = organisation(code, parent, name=name, short_name=name, **values)
    OrganisationName.objects.create(organisation=row, name=name, kind=NameKind.OFFICIAL)
    return row


@pytest.fixture
def county(hall: Hall) -> Organisation:
    """一个县，县里有教育局、县委办、中学和一个镇。"""
    hall.on(date(2020, 10, 20))
    county = made("county", "测试县人民政府", hall.town.organisation, kind=Kind.GOVERNMENT)
    made("county-edu", "测试县教育局", county)
    made("county-party", "中共测试县委办公室", county, kind=Kind.PARTY)
    made("county-school", "测试县第一中学", county, kind=Kind.PUBLIC_INSTITUTION)
    town = made("county-town", "测试县某某镇人民政府", county, level=Level.TOWNSHIP)
    RequestOffice.objects.create(
        organisation=town, name="某某镇党政综合办公室", address="某某镇某街1号", hours="工作日",
        telephone="0930-1111111",
    )  # fmt: skip
    return county


def names(**query: str) -> list[str]:
    found = html.fromstring(Client().get(HOME, query).content)
    return [
        "".join(each.text_content().split())
        for each in found.xpath("//main//ul[@class='links']//a/b/text()[1]/..")
    ]


def test_it_is_found_by_part_of_its_name(county: Organisation) -> None:
    found = names(q="某某镇")
    assert found == ["测试县某某镇人民政府"]
    assert names(q="某某镇政府") == ["测试县某某镇人民政府"]
    assert names(q="测试 教育") == ["测试县教育局"]


def test_it_is_found_by_a_name_it_no_longer_has(county: Organisation) -> None:
    edu = Organisation.objects.get(code="county-edu")
    OrganisationName.objects.create(
        organisation=edu, name="测试县文教局", kind=NameKind.ALIAS, valid_until=date(2019, 1, 1)
    )
    assert "测试县教育局原来叫“测试县文教局”" in names(q="文教局")


def test_an_abolished_one_leads_to_its_successor(county: Organisation) -> None:
    gone = made("county-land", "测试县国土局", county, valid_until=date(2019, 1, 1))
    heir = made("county-nature", "测试县自然资源局", county)
    Succession.objects.create(predecessor=gone, successor=heir, on=date(2019, 1, 2))
    (found,) = names(q="国土局")
    assert found.startswith("测试县自然资源局") and "职责由它承接" in found


@pytest.mark.parametrize("words", ["县", "没有这样的机关", "<b>", "%"])
def test_words_that_find_nothing_say_so_and_leave_the_browsing(
    county: Organisation, words: str
) -> None:
    page = Client().get(HOME, {"q": words})
    assert page.status_code == 200 and "没有叫" in text(page) and "测试县人民政府" in text(page)


def test_it_is_found_by_browsing_the_county_down_to_the_township(county: Organisation) -> None:
    page = text(Client().get(HOME, {"in": "county"}))
    assert "乡镇、街道" in page and "测试县某某镇人民政府" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("county-party", "《中国共产党党务公开条例（试行）》"),
        ("county-school", "向它的主管部门申诉"),
        ("county-edu", "网上不能向它申请"),
    ],
)
def test_who_does_not_accept_tells_its_own_way_and_has_no_form(
    county: Organisation, code: str, words: str
) -> None:
    page = Client().get(f"{HOME}at/{code}/")
    assert words in text(page) and "测试州某路1号" in text(page)
    assert "网上申请</a>" not in page.content.decode()
    assert Client().get(f"{HOME}at/{code}/apply/").status_code == 302
    assert Client().get(f"{HOME}at/{code}/search/").status_code == 404


def test_the_office_page_has_all_that_article_12_asks_and_the_nine_links(hall: Hall) -> None:
    hall.on(date(2020, 10, 20))
    hall.office.fax = "0930-0000001"
    hall.office.save()
    page = text(Client().get(at(hall)))
    for words in (
        "测试州某路1号", "工作日8:30—12:00", "0930-0000000", "0930-0000001", "二十个工作日",
        "不收费", "100元一件", "替您填好、念给您听", "空白的申请表", "九个环节", "依申请公开情形", "存档",
        "第四十一条",
    ):  # fmt: skip
        assert words in page, words
    blank = text(Client().get(at(hall, "blank/")))
    assert "政府信息公开申请表" in blank and "不用写用途" in blank


def test_what_is_published_already_is_offered_before_the_form(
    desk: Desk,  # noqa: F811
    hall: Hall,
) -> None:
    published = desk.publish("关于农村低保工作方案的通知")
    follow()
    page = Client().get(at(hall, "search/"), {"q": "工作方案"})
    assert "这就是我要的" in text(page) and "没有，继续申请" in text(page)
    found = Client().get(at(hall, f"found/{published.pk}/"))
    assert "不用申请" in text(found) and published.title in text(found)
    (href,) = set(html.fromstring(found.content).xpath("//p[@class='result']/a/@href"))
    assert href.endswith(path_of(published))
    carried = html.fromstring(page.content).xpath("//a[contains(@href,'apply')]/@href")
    assert "subject=" in carried[0]


def test_a_withdrawn_one_is_not_offered(desk: Desk, hall: Hall) -> None:  # noqa: F811
    published = desk.publish("关于农村低保工作方案的通知")
    follow()
    desk.withdraw(published)
    page = Client().get(at(hall, "search/"), {"q": "农村低保"})
    assert "这就是我要的" not in text(page)
    assert Client().get(at(hall, f"found/{published.pk}/")).status_code == 404


def test_a_search_before_there_is_an_index_lets_one_apply_all_the_same(hall: Hall) -> None:
    page = Client().get(at(hall, "search/"), {"q": "低保"})
    assert page.status_code == 200 and "没有，继续申请" in text(page)
