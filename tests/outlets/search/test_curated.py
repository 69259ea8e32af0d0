"""检索页上的同义词和推荐结果。"""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.hub.search.supervising import promotion, supervisor, synonyms
from tests.outlets.search.conftest import Desk, follow, found, links
from yangguang.hub.search.models import FruitlessSearch

Ask = Callable[..., str]
pytestmark = pytest.mark.django_db


def test_synonyms_are_searched_too_and_told_and_can_be_left_out(
    desk: Desk, ask: Ask, client: Client
) -> None:
    synonyms(supervisor(desk.organisation), "低保", "最低生活保障")
    desk.publish("低保标准")
    desk.publish("最低生活保障标准")
    desk.publish("别的标准")
    follow()
    html = ask("低保")
    assert found(html) == ["低保标准", "最低生活保障标准"]
    assert "也查了：最低生活保障" in html and "<mark>最低<wbr>生活<wbr>保障</mark>" in html
    (only,) = links(html, "只查“低保”")
    html = client.get("/search/" + only).content.decode()
    assert found(html) == ["低保标准"] and 'name="as" value="written"' in html
    (again,) = links(html, "也查：最低生活保障")
    assert len(found(client.get("/search/" + again).content.decode())) == 2
    assert found(ask("“低保”")) == ["低保标准"], "引号里的照写的查"
    assert "也查了" not in ask("别的")


def test_the_plain_words_find_all_they_found_before(desk: Desk, ask: Ask) -> None:
    for number in range(3):
        desk.publish(f"低保通知{number}")
    desk.publish("最低生活保障通知")
    follow()
    before = set(found(ask("低保通知")))
    synonyms(supervisor(desk.organisation), "低保", "最低生活保障")
    assert found(ask("低保通知"))[3:] == ["最低生活保障通知"]
    assert set(found(ask("低保通知"))[:3]) == before


def test_a_recommendation_stands_on_top_marked_and_is_not_listed_twice(
    desk: Desk, ask: Ask
) -> None:
    guide = desk.publish("低保申请指南")
    desk.publish("低保标准")
    follow()
    promotion(supervisor(desk.organisation), "低保", publication=guide)
    html = ask("低保")
    assert "推荐</span>" in html and found(html) == ["低保标准"] and "共 2 条" in html
    top = html.split('class="picks"')[1].split("</ul>")[0]
    assert "低保申请指南" in top and f"/{guide.pk}.html" in top
    for narrowed in ({"year": "2020"}, {"sort": "date"}, {"page": "2"}):
        assert 'class="picks"' not in ask("低保", **narrowed)
    desk.withdraw(guide)
    assert "低保申请指南" not in ask("低保"), "撤回即不见，不等索引"


def test_an_address_is_recommended_within_the_site_and_answers_a_search_in_vain(
    desk: Desk, ask: Ask
) -> None:
    who = supervisor(desk.organisation)
    promotion(who, "想告状", address="/columns/notices/", label="<我要>投诉", site=desk.site)
    promotion(who, "想告状", address="/search/?column=files", label="全部文件")
    follow()
    html = ask("想告状")
    assert 'href="/columns/notices/"' in html and "&lt;我要&gt;投诉" in html
    assert 'href="/search/?column=files"' in html and "没有找到“想告状”" in html
    assert not FruitlessSearch.objects.exists(), "已经有推荐的，不算没有结果"
