"""检索页：能查到的都是公开的；筛选、排序、翻页都是链接；写什么都有一页。"""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.outlets.search.conftest import Desk, follow, found, links
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.rules import demonstration_uscc
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.search import lexicon
from yangguang.hub.search.models import FruitlessSearch
from yangguang.outlets.search import views
from yangguang.outlets.search.asking import PAGE_SIZE, Asked, asked

Ask = Callable[..., str]
pytestmark = pytest.mark.django_db


def county_site(desk: Desk) -> Site:
    """州下面一个县的站点，同一个域名，有一个栏目 ``news``。"""
    county = Organisation.objects.filter(code="county-0")
    county.update(uscc=demonstration_uscc("county-0"), uscc_is_demonstration=True)
    site = Site.objects.create(
        code="jin", name="金县人民政府", short_name="金县", path_prefix="jin",
        organisation=county.get(), domain=desk.site.domain,
        identification_code="6299000001",
    )  # fmt: skip
    desk.columns["news"] = Column.objects.add_root(
        instance=Column(
            site=site, code="news", name="通知公告", column_type="政策文件",
            description="公开的文件", keywords="文件",
        )
    )  # fmt: skip
    return site


def test_a_published_item_is_found_with_its_date_unit_and_a_marked_word(
    desk: Desk, ask: Ask, moment: Callable[..., datetime]
) -> None:
    desk.publish("关于加强政务公开的通知", on=moment(2020, 9, 28))
    follow()
    html = ask("政务公开")
    assert found(html) == ["关于加强政务公开的通知"]
    assert "<mark>政务<wbr>公开</mark>" in html
    assert 'datetime="2020-09-28"' in html and "州政府" in html and "有效" in html
    assert "共 1 条" in html
    assert found(ask("政務公開，的通知")) == ["关于加强政务公开的通知"]


def test_drafts_and_withdrawn_items_are_never_found(desk: Desk, ask: Ask) -> None:
    shown, gone = desk.publish("甲通知"), desk.publish("乙通知")
    follow()
    assert set(found(ask("通知"))) == {"甲通知", "乙通知"}
    desk.withdraw(gone)
    assert found(ask("通知")) == ["甲通知"], "索引还没跟上，也不露出来"
    follow()
    assert found(ask("通知")) == ["甲通知"] and "共 1 条" in ask("通知")
    assert "没有找到“乙通知”" in ask("乙通知") and shown.pk


def test_what_is_written_is_escaped(desk: Desk, ask: Ask) -> None:
    desk.publish("关于<b>甲&乙</b>的通知")
    follow()
    html = ask("<script>alert(1)</script>")
    assert "<script>alert" not in html
    shown = ask("关于").replace("<wbr>", "")
    assert "&lt;b&gt;" in shown and "<b>甲" not in shown


ODD = [
    "", " ", "\x00", "\x00政务\x00", "，。！？", "🎉👨‍👩‍👧", "政" * 10_000, "a " * 5_000, '"', "“", "-", "- -",
    "*", "' OR 1=1 --", "title:政务", "[2020", "((((", "\\", "%", "%%%s", "\ud7ff\ue000", "\u202e反",
    "2020 81", "０", "１" * 300, "<>&\"'",
]  # fmt: skip


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_there_is_a_page(desk: Desk, ask: Ask, words: str) -> None:
    desk.publish("政务公开通知")
    follow()
    html = ask(words)
    assert "<h1>搜索</h1>" in html and 'name="q"' in html


def test_a_long_query_says_that_only_its_beginning_was_used(desk: Desk, ask: Ask) -> None:
    follow()
    assert "只按前面的部分查" in ask("政" * 10_000)
    assert "只按前面的部分查" not in ask("政" * 200)


@pytest.mark.parametrize(
    "odd",
    [
        {"page": "0"}, {"page": "-1"}, {"page": "abc"}, {"page": "99999999999999"}, {"page": "³"},
        {"year": "二〇二〇"}, {"year": "99999999999"}, {"year": "-1"}, {"column": "没有"},
        {"column": "\x00"}, {"organisation": "x" * 5_000}, {"stage": "'"}, {"validity": "🎉"},
        {"site": "nowhere"}, {"scope": "?"}, {"sort": "?"}, {"in": "nowhere", "scope": "all"}, {"q": "x", "q2": "y"},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_stands_in_the_address_there_is_a_page(
    desk: Desk, client: Client, odd: dict[str, str]
) -> None:
    desk.publish("通知")
    follow()
    response = client.get("/search/", {"q": "通知", **odd})
    assert response.status_code == 200
    assert client.get("/search/?q=%ff%fe&page=%00").status_code == 200


def test_a_page_beyond_the_last_leads_back(desk: Desk, ask: Ask) -> None:
    desk.publish("通知")
    follow()
    for page in (2, 500, 501, 10**9):
        html = ask("通知", page=str(page))
        assert found(html) == []
        (back,) = links(html, "回到第一页")
        assert back == Asked(words="通知").href()


def test_pages_follow_one_another_and_hold_everything_once(
    desk: Desk, client: Client, ask: Ask
) -> None:
    for number in range(PAGE_SIZE + 5):
        desk.publish(f"通知{number:02d}")
    follow()
    html = ask("通知", sort="date")
    first = found(html)
    (following,) = links(html, "下一页")
    second = found(client.get("/search/" + following).content.decode())
    assert len(first) == PAGE_SIZE and len({*first, *second}) == PAGE_SIZE + 5
    assert first[0] == f"通知{PAGE_SIZE + 4:02d}"
    assert "第 1 页，共 2 页" in html and not links(html, "上一页")


def test_filters_are_links_whose_figures_are_what_they_give(
    desk: Desk, client: Client, ask: Ask, moment: Callable[..., datetime]
) -> None:
    desk.publish("甲通知", columns=("files",), on=moment(2019))
    desk.publish("乙通知", columns=("files",), on=moment(2020))
    desk.publish("丙通知", columns=("notices",), on=moment(2020))
    follow()
    html = ask("通知")
    for label, expected in (("文件2", {"甲通知", "乙通知"}), ("2020年2", {"乙通知", "丙通知"})):
        (href,) = links(html, label)
        narrowed = client.get("/search/" + href).content.decode()
        assert set(found(narrowed)) == expected and "共 2 条" in narrowed
        assert "已选的条件" in narrowed
    (href,) = links(html, "2020年2")
    (both,) = links(client.get("/search/" + href).content.decode(), "文件1")
    final = client.get("/search/" + both).content.decode()
    assert found(final) == ["乙通知"]
    (wider,) = links(final, "年份：2020年")
    assert set(found(client.get("/search/" + wider).content.decode())) == {"甲通知", "乙通知"}


EIGHT = [
    ("site", "东河州1", "金县1"),
    ("column", "文件1", "通知公告1"),
    ("year", "2019年1", "2021年1"),
    ("organisation", "州政府1", "金县1"),
    ("form", "通知1", "公告1"),
    ("subject", "财政1", "教育1"),
    ("validity", "有效1", "失效1"),
    ("stage", "决策公开1", "结果公开1"),
]


@pytest.mark.parametrize(("facet", "first", "second"), EIGHT, ids=lambda v: v)
def test_each_of_the_eight_filters_narrows_to_its_own(
    desk: Desk, client: Client, ask: Ask, moment: Callable[..., datetime],
    facet: str, first: str, second: str,
) -> None:  # fmt: skip
    county = county_site(desk)
    desk.publish(
        "甲的办法", columns=("files",), on=moment(2019), form="通知", subject="财政",
        validity="effective", stage="decision",
    )  # fmt: skip
    desk.publish(
        "乙的办法", columns=("news",), on=moment(2021), by=county.organisation, form="公告",
        subject="教育", validity="expired", stage="result",
    )  # fmt: skip
    follow()
    html = ask("办法", scope="all")
    assert set(found(html)) == {"甲的办法", "乙的办法"}
    for label, title in ((first, "甲的办法"), (second, "乙的办法")):
        hrefs = [
            href for href in links(html, label) if f"{'in' if facet == 'site' else facet}=" in href
        ]
        narrowed = client.get("/search/" + hrefs[0]).content.decode()
        assert found(narrowed) == [title] and "共 1 条" in narrowed


@pytest.mark.parametrize(
    "typed",
    [
        "2020 81",
        "〔2020〕81号",
        "［２０２０］８１号",
        "東州辦發〔2020〕81號",
        "东州办发2020年第81号",
    ],
)
def test_a_document_number_finds_its_document_first_however_it_is_typed(
    desk: Desk, ask: Ask, typed: str
) -> None:
    desk.publish("引用它的通知", summary="按照东州办发〔2020〕81号的要求，2020年完成81项。")
    desk.publish("正是它", document_number="东州办发〔2020〕81号")
    desk.publish("别的", document_number="东州办发〔2020〕181号")
    follow()
    html = ask(typed)
    assert found(html)[0] == "正是它"
    assert "<mark>" in html.split("正是它")[1].split("</li>")[0]


def test_words_in_quotes_stay_together_and_a_minus_takes_away(desk: Desk, ask: Ask) -> None:
    desk.publish("政务公开工作的通知")
    desk.publish("公开政务工作的通知")
    desk.publish("公开政务方案的通知")
    follow()
    assert len(found(ask("政务 公开"))) == 3
    assert found(ask("“政务 公开”")) == ["政务公开工作的通知"]
    assert set(found(ask("公开 -“政务 工作”"))) == {"政务公开工作的通知", "公开政务方案的通知"}
    assert set(found(ask("通知 -方案"))) == {"政务公开工作的通知", "公开政务工作的通知"}


def test_filters_alone_list_the_newest_first(
    desk: Desk, ask: Ask, moment: Callable[..., datetime]
) -> None:
    desk.publish("旧的", columns=("files",), on=moment(2019))
    desk.publish("新的", columns=("files",), on=moment(2021))
    follow()
    assert found(ask(column="files")) == ["新的", "旧的"]


def test_nothing_found_helps_on(desk: Desk, ask: Ask, client: Client) -> None:
    desk.publish("2020年全州政务公开工作方案")
    follow()
    html = ask("政务公开工作方安", year="2020")
    assert "没有找到" in html and links(html, "去掉全部条件再查")
    html = ask("政务公开工作方安")
    (better,) = links(html, "政务公开工作方案")[:1]
    assert found(client.get("/search/" + better).content.decode()) == ["2020年全州政务公开工作方案"]
    assert "接近的" in html and "/columns/open/" in html and "/map/" in html


def test_before_anything_is_asked_the_page_tells_how_to_ask(desk: Desk, ask: Ask) -> None:
    desk.publish("通知")
    follow()
    html = ask()
    assert "文号怎样写都行" in html and found(html) == []
    assert "没有可以查的字词" in ask("，。") and "noindex" in html


def test_a_unit_that_is_no_more_and_a_column_of_another_site_have_names(
    desk: Desk, ask: Ask
) -> None:
    county = county_site(desk)
    desk.publish("通知", columns=("news",), by=county.organisation)
    Organisation.objects.filter(pk=county.organisation.pk).update(valid_until=date(2020, 1, 1))
    follow()
    html = ask("通知", scope="all")
    assert found(html) == ["通知"] and "金县" in html and "county-0<" not in html


def test_another_site_is_searched_only_when_asked(desk: Desk, ask: Ask) -> None:
    desk.publish("州的通知")
    site = county_site(desk)
    follow()
    assert found(ask("通知")) == ["州的通知"]
    html = ask("通知", site="jin")
    assert found(html) == [] and "金县人民政府" in html
    assert 'name="site" value="jin"' in html
    html = ask("通知", site="jin", scope="all")
    assert found(html) == ["州的通知"]
    assert 'href="/note/' in html, "同一域名下别站的信息"
    Site.objects.filter(pk=site.pk).update(domain="www.jin.example", path_prefix="")
    views._press.cache_clear()
    html = ask("通知", site="jin", scope="all")
    assert f'href="https://{desk.site.domain}/note/' in html, "另一个域名下的写全地址"


def test_every_page_carries_the_search_box(desk: Desk, ask: Ask) -> None:
    desk.publish("通知")
    desk.follow()
    follow()
    for path in ("index.html", "columns/files/index.html", "404.html", "map/index.html"):
        page = desk.page(path)
        assert 'role="search" action="/search/" method="get"' in page
    assert ask("通知").count('role="search"') == 1


def test_without_site_or_index_there_is_a_message(db: None, client: Client) -> None:
    response = client.get("/search/")
    assert response.status_code == 503 and "还没有可以检索的站点" in response.content.decode()


def test_without_an_index_there_is_a_message(desk: Desk, client: Client) -> None:
    response = client.get("/search/", {"q": "通知"})
    assert response.status_code == 503 and "正在建立" in response.content.decode()


def test_a_search_is_told_to_no_one_and_sets_no_cookie(desk: Desk, client: Client) -> None:
    follow()
    response = client.get("/search/", {"q": "通知"})
    assert not response.cookies and response["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in response["Content-Security-Policy"]


@pytest.fixture
def same_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """两次检索落在同一个半分钟里：印记没有变，记着的还用。"""
    stopped = SimpleNamespace(monotonic=lambda: 1000.0)
    for module in (views, lexicon):
        monkeypatch.setattr(module, "time", stopped)


def test_a_search_costs_a_fixed_number_of_queries(
    desk: Desk, client: Client, django_assert_num_queries: Any, same_half_minute: None
) -> None:
    for number in range(30):
        desk.publish(f"通知{number}", columns=("files", "notices"))
    follow()
    # 站点、框架的站点、栏目的名称、机构的名称、查到的现在还公不公开、框架的栏目、别的站点；
    # 词典：印记、站点、同义词、推荐、机构名录（四次）
    with django_assert_num_queries(15):
        client.get("/search/", {"q": "通知"})
    # 印记、查到的现在还公不公开
    with django_assert_num_queries(2):
        client.get("/search/", {"q": "通知", "column": "files"})


VALUES = st.text(max_size=20)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["q", "site", "in", "scope", "sort", "page", "year", "column", "stage"]),
        VALUES,
    )
)
def test_an_address_and_its_meaning_go_back_and_forth(given_: dict[str, str]) -> None:
    meant = asked(given_)
    again = asked(QueryDict(meant.href()[1:]).dict())
    assert again.href() == meant.href()
    assert meant.narrowed("year", None).filters.year is None


def test_a_search_in_vain_is_counted_once_and_a_narrowed_or_later_page_is_not(
    desk: Desk, ask: Ask
) -> None:
    desk.publish("通知")
    follow()
    ask("低保标准")
    ask("低保标准", year="2020")
    ask("低保标准", page="2")
    ask("通知")
    ask("，。")
    ask("13912345678")
    assert list(FruitlessSearch.objects.values_list("words", "count")) == [("低保标准", 1)]
