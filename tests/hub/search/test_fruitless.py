"""没有结果的查询：按天按词计数，不记是谁，个人的号码一概不留。"""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.outlets.website.conftest import Desk
from yangguang.foundation.jobs.registry import schedules
from yangguang.hub.search import services
from yangguang.hub.search.models import FruitlessSearch
from yangguang.hub.search.selectors import LEAST, fruitless
from yangguang.hub.search.services import KEPT, count_fruitless, forget_fruitless

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def test_the_same_words_of_a_day_are_one_row(desk: Desk) -> None:
    for text in ("退役军人", "“退役軍人”", "退役军人。"):
        count_fruitless(desk.site, text, DAY)
    count_fruitless(desk.site, "退役军人", DAY + timedelta(days=1))
    rows = FruitlessSearch.objects.order_by("day").values_list("words", "count")
    assert list(rows) == [("退役军人", 3), ("退役军人", 1)]
    assert {f.name for f in FruitlessSearch._meta.get_fields()} == {
        "id",
        "site",
        "day",
        "words",
        "count",
    }


def test_a_persons_number_leaves_no_row(desk: Desk) -> None:
    count_fruitless(desk.site, "张某 13912345678", DAY)
    assert not FruitlessSearch.objects.exists()


def test_only_what_several_asked_for_is_listed(desk: Desk) -> None:
    for text, times in (("低保", LEAST), ("学区", LEAST + 2), ("某人的名字", LEAST - 1)):
        for _ in range(times):
            count_fruitless(desk.site, text, DAY)
    assert fruitless(DAY) == [("学区", LEAST + 2), ("低保", LEAST)]
    assert fruitless(DAY + timedelta(days=1)) == []
    assert fruitless(DAY, desk.site) == fruitless(DAY)


def test_a_flood_of_words_stops_at_the_days_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "DAILY", 5)
    for number in range(9):
        count_fruitless(desk.site, f"词{number}", DAY)
    count_fruitless(desk.site, "词0", DAY)
    assert FruitlessSearch.objects.count() == 5
    assert FruitlessSearch.objects.get(words="词0").count == 2


def test_what_is_old_is_forgotten_each_day(desk: Desk) -> None:
    today = timezone.localdate()
    count_fruitless(desk.site, "旧的", today - KEPT - timedelta(days=1))
    count_fruitless(desk.site, "新的", today - KEPT)
    assert forget_fruitless() == 1
    assert [row.words for row in FruitlessSearch.objects.all()] == ["新的"]
    assert "search.forget" in {each.key for each in schedules()}


def test_the_command_lists_them_for_the_office(desk: Desk) -> None:
    for _ in range(LEAST):
        count_fruitless(desk.site, "低保")
    out = StringIO()
    call_command("fruitless_searches", "--json", stdout=out)
    assert json.loads(out.getvalue()) == [{"words": "低保", "count": LEAST}]


def test_counting_costs_at_most_three_queries(desk: Desk, django_assert_num_queries: Any) -> None:
    count_fruitless(desk.site, "低保", DAY)
    with django_assert_num_queries(1):
        count_fruitless(desk.site, "低保", DAY)
    with django_assert_num_queries(0):
        count_fruitless(desk.site, "13912345678", DAY)
