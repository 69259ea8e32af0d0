"""按期没有、迟了几天，合计加得起来，排名怎样并列。"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.calendar.deadlines import publication_due
from yangguang.foundation.calendar.tables import packaged_calendar
from yangguang.foundation.workbench.rules import time_left
from yangguang.sources.ledger.rules import (
    STANDINGS,
    Tally,
    address_fault,
    earlier_warning,
    ranking,
    standing,
    summed,
)

CALENDAR = packaged_calendar("linxia")
ISSUED = date(2020, 9, 25)
DUE = publication_due(CALENDAR, ISSUED).due
DAYS = st.dates(date(2020, 1, 1), date(2021, 12, 1))


def on(online: date | None, as_of: date, disclosure: str = "proactive"):  # type: ignore[no-untyped-def]
    return standing(disclosure, ISSUED, DUE, online, as_of, CALENDAR)


def test_online_on_the_last_day_is_on_time_and_the_next_working_day_is_one_late() -> None:
    after = CALENDAR.nth(DUE, 1)
    assert (on(DUE, after).code, on(DUE, after).days_used) == ("on_time", 20)
    late = on(after, after)
    assert (late.code, late.days_late, late.told) == ("late", 1, "逾期，超期 1 个工作日")


def test_what_is_not_online_counts_down_and_then_counts_what_has_passed() -> None:
    before = on(None, ISSUED)
    assert (before.code, before.days_left, before.is_overdue) == ("not_online", 20, False)
    assert on(None, DUE).told == "未上网，还剩 0 个工作日"
    passed = on(None, CALENDAR.nth(DUE, 3))
    assert (passed.is_overdue, passed.days_late) == (True, 3)
    assert passed.told == "未上网，超期 3 个工作日"


def test_online_after_the_day_asked_about_is_not_online_yet() -> None:
    assert on(DUE, DUE - timedelta(days=1)).code == "not_online"


@pytest.mark.parametrize("disclosure", ["on_request", "withheld"])
def test_what_is_not_public_has_no_clock(disclosure: str) -> None:
    found = on(None, date(2021, 9, 1), disclosure)
    assert (found.code, found.days_used, found.told) == ("not_public", None, "不公开")


@given(issued=DAYS, waited=st.integers(0, 400), as_of=DAYS)
def test_the_days_late_are_the_ones_the_workbench_says(
    issued: date, waited: int, as_of: date
) -> None:
    due = publication_due(CALENDAR, issued).due
    found = standing("proactive", issued, due, issued + timedelta(days=waited), as_of, CALENDAR)
    assert found.code in STANDINGS
    none = standing("proactive", issued, due, None, as_of, CALENDAR)
    if none.is_overdue and none.days_late:
        assert time_left(due, as_of, CALENDAR).words == f"已过 {none.days_late} 个工作日"
    if found.code in ("on_time", "late"):
        assert (found.code == "late") == (issued + timedelta(days=waited) > due)


def test_an_earlier_date_of_the_regulation_is_warned_of_and_a_later_one_is_not() -> None:
    formed = publication_due(CALENDAR, date(2020, 9, 1)).due
    assert "条例第二十六条" in earlier_warning(DUE, formed)
    assert (
        earlier_warning(DUE, DUE)
        == earlier_warning(DUE, None)
        == earlier_warning(None, formed)
        == ""
    )


NUMBERS = st.integers(0, 50)
TALLIES = st.builds(
    lambda a, b, c, d, e: Tally(a, b, c + e, d, e), NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS
)


@given(st.lists(TALLIES))
def test_the_parts_add_up_to_the_whole(tallies: list[Tally]) -> None:
    whole = summed(tallies)
    assert whole.total == sum(each.total for each in tallies)
    assert whole.total == whole.public + whole.not_public
    assert whole.overdue <= whole.not_online and whole.judged <= whole.public


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), TALLIES, st.integers(0, 3)), max_size=8))
def test_nobody_better_is_ranked_behind_and_equals_share_a_place(
    rows: list[tuple[str, Tally, int]],
) -> None:
    ranked = [each for each in ranking(rows) if each.place is not None]
    keys = [(-(each.tally.rate or 0.0), each.faults) for each in ranked]
    assert keys == sorted(keys)
    for one, key in zip(ranked, keys, strict=True):
        assert one.place == 1 + sum(other < key for other in keys)
    assert len(ranking(rows)) == len(rows)


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("https://www.a.gov.cn/x/1.html", True), ("http://a.gov.cn:9080/", True), ("", True),
        ("www.a.gov.cn", False), ("ftp://a.gov.cn/", False), ("javascript:alert(1)", False),
        ("https://u:p@a.gov.cn/", False),
    ],
)  # fmt: skip
def test_an_address_is_a_web_address(address: str, is_right: bool) -> None:
    assert (address_fault(address) == "") is is_right
