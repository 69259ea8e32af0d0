"""工作日历的规则。"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.calendar.deadlines import clarification_due, reply_due
from yangguang.foundation.calendar.rules import (
    Anniversary,
    CalendarError,
    ExceptionalDay,
    Region,
    Tables,
    UnknownRegion,
    WorkingCalendar,
)
from yangguang.foundation.calendar.tables import packaged_calendar, packaged_tables

NATIONAL = packaged_calendar()
LINXIA = packaged_calendar("linxia")
DAYS = st.dates(date(2003, 6, 1), date(2028, 6, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


# norms/foi.md 第 2 节“已核对的例子”，逐行照录：收到日、工作日数、截止、只扣周末的错误答案
CHECKED = [
    ("2019-09-23", 20, "2019-10-24", "2019-10-21"),
    ("2020-01-17", 20, "2020-02-21", "2020-02-14"),
    ("2021-02-01", 20, "2021-03-04", "2021-03-01"),
    ("2021-02-01", 7, "2021-02-09", "2021-02-10"),
    ("2022-09-20", 20, "2022-10-21", "2022-10-18"),
    ("2023-09-18", 20, "2023-10-20", "2023-10-16"),
    ("2024-02-02", 20, "2024-03-06", "2024-03-01"),
    ("2024-11-04", 20, "2024-12-02", "2024-12-02"),
]


@pytest.mark.parametrize(("received", "days", "due", "wrong"), CHECKED)
def test_checked_examples_of_the_norm(received: str, days: int, due: str, wrong: str) -> None:
    assert NATIONAL.add(day(received), days).date == day(due)
    law = clarification_due if days == 7 else reply_due
    assert law(NATIONAL, day(received)).due == day(due)
    weekends_only = WorkingCalendar({}, frozenset())
    assert weekends_only.add(day(received), days).date == day(wrong)


def span(first: str, last: str) -> list[str]:
    """同一年里从 ``first`` 到 ``last`` 的每一天，写作月-日。"""
    start = day(f"2020-{first}")
    return [
        f"{start + timedelta(days=offset):%m-%d}"
        for offset in range((day(f"2020-{last}") - start).days + 1)
    ]


# 同一张表的“关键日”一列，逐日
KEY_DAYS = [
    ("2019", span("10-01", "10-07"), ["09-29", "10-12"]),
    ("2020", span("01-24", "02-02"), ["01-19"]),
    ("2021", span("02-11", "02-17"), ["02-07", "02-20"]),
    ("2022", span("10-01", "10-07"), ["10-08", "10-09"]),
    ("2023", span("09-29", "10-06"), ["10-07", "10-08"]),
    ("2024", span("02-10", "02-17"), ["02-04", "02-18", "02-09"]),
]


@pytest.mark.parametrize(("year", "off", "on"), KEY_DAYS)
def test_key_days_of_the_norm(year: str, off: list[str], on: list[str]) -> None:
    assert not any(NATIONAL.is_working_day(day(f"{year}-{text}")) for text in off)
    assert all(NATIONAL.is_working_day(day(f"{year}-{text}")) for text in on)


@pytest.mark.parametrize(
    ("year", "total"),
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249),
     (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)  # fmt: skip
def test_working_days_of_the_whole_year(year: int, total: int) -> None:
    assert NATIONAL.between(date(year - 1, 12, 31), date(year, 12, 31)) == total


def test_the_prefecture_day_moves_the_deadline_by_one_and_is_not_provisional() -> None:
    counted = LINXIA.add(day("2024-11-04"), 20)
    assert counted.date == day("2024-12-03")
    assert not counted.provisional
    assert ("2024-11-19", "临夏州州庆") in {(str(s.date), s.reason) for s in counted.skipped}


@pytest.mark.parametrize(
    ("year", "observed"),
    [(2017, "2017-11-20"), (2022, "2022-11-19"), (2023, "2023-11-20"), (2024, "2024-11-19")],
)
def test_the_prefecture_day_is_moved_only_from_sunday(year: int, observed: str) -> None:
    reasons = {
        str(d): LINXIA.status(d).reason
        for d in (date(year, 11, 19), date(year, 11, 20))
        if LINXIA.status(d).reason == "临夏州州庆"
    }
    assert list(reasons) == [observed]


def test_region_years_whose_eids_are_not_entered_say_so() -> None:
    counted = LINXIA.add(day("2024-11-04"), 20)
    assert counted.notes == (
        "临夏州2024年开斋节、古尔邦节的放假日期尚未录入，本结果没有扣除这些日子，录入后须重算。",
    )
    assert NATIONAL.add(day("2024-11-04"), 20).notes == ()


def with_eids(years: dict[str, frozenset[int]]) -> Tables:
    tables = packaged_tables()
    return Tables(
        tables.regions,
        {**tables.days, "linxia": {day("2024-11-20"): ExceptionalDay(False, "开斋节"),
                                   day("2024-11-23"): ExceptionalDay(True, "开斋节")}},
        tables.known_years,
        {("linxia", festival): entered for festival, entered in years.items()},
    )  # fmt: skip


def test_entered_eids_are_skipped_and_their_worked_saturday_counts() -> None:
    entered = frozenset({2024})
    counted = with_eids({"开斋节": entered, "古尔邦节": entered}).calendar("linxia").add(
        day("2024-11-18"), 4
    )  # fmt: skip
    assert counted.date == day("2024-11-25")
    assert [(str(s.date), s.reason) for s in counted.skipped] == [
        ("2024-11-19", "临夏州州庆"),
        ("2024-11-20", "开斋节"),
        ("2024-11-24", "周日"),
    ]
    assert [(str(s.date), s.reason) for s in counted.worked_weekends] == [
        ("2024-11-23", "开斋节调休上班")
    ]
    assert counted.notes == ()


def test_one_eid_entered_leaves_the_other_named() -> None:
    calendar = with_eids({"开斋节": frozenset({2024})}).calendar("linxia")
    (note,) = calendar.add(day("2024-11-18"), 4).notes
    assert "古尔邦节" in note
    assert "开斋节" not in note


def test_skipped_days_and_worked_weekends_carry_their_reasons() -> None:
    counted = NATIONAL.add(day("2023-09-18"), 20)
    reasons = {str(s.date): s.reason for s in counted.skipped}
    assert reasons["2023-09-23"] == "周六"
    assert reasons["2023-09-29"] == "中秋节"
    assert reasons["2023-10-01"] == "国庆节"
    assert [(str(s.date), s.reason) for s in counted.worked_weekends] == [
        ("2023-10-07", "国庆节调休上班"),
        ("2023-10-08", "国庆节调休上班"),
    ]


def test_an_unknown_year_gives_a_marked_provisional_answer_from_weekdays_alone() -> None:
    counted = NATIONAL.add(day("2027-02-01"), 5)
    assert (counted.date, counted.provisional) == (day("2027-02-08"), True)
    assert "2027年的放假安排尚未录入" in counted.notes[0]
    assert NATIONAL.add(day("2003-12-29"), 1).provisional


def test_an_answer_is_provisional_as_soon_as_it_passes_into_an_unknown_year() -> None:
    assert not NATIONAL.add(day("2026-12-30"), 1).provisional
    assert NATIONAL.add(day("2026-12-30"), 2).provisional
    assert not NATIONAL.add(day("2027-01-15"), 0).provisional


def test_the_last_days_of_the_last_known_year_are_flagged_for_review() -> None:
    (note,) = NATIONAL.add(day("2026-12-28"), 2).notes
    assert "2027年" in note
    assert "12月末" in note
    assert NATIONAL.add(day("2026-12-01"), 5).notes == ()
    assert NATIONAL.add(day("2025-12-28"), 2).notes == ()


def test_an_anniversary_is_observed_even_in_a_year_without_national_arrangement() -> None:
    assert not LINXIA.is_working_day(day("2029-11-19"))


def test_an_anniversary_moved_over_the_new_year_is_still_observed() -> None:
    tables = packaged_tables()
    county = Region(
        "county", "某县", "linxia", "", "某县规定", (Anniversary("县庆", 12, 31, True),)
    )
    calendar = Tables(
        {**tables.regions, "county": county}, tables.days, tables.known_years
    ).calendar("county")
    # 2023年12月31日是周日，顺延到2024年1月1日；2024年12月31日是周二，不顺延
    assert calendar.status(day("2024-01-01")).reason == "县庆"
    assert calendar.status(day("2024-12-31")).reason == "县庆"
    assert calendar.is_working_day(day("2025-01-02"))
    assert calendar.status(date.min).reason == "周一"


def test_an_anniversary_holds_only_between_its_years() -> None:
    anniversary = Anniversary("县庆", 9, 25, since=2010, until=2020)
    observed = [year for year in (2009, 2010, 2020, 2021) if anniversary.observed(year)]
    assert observed == [2010, 2020]


def test_a_day_that_is_not_in_every_year_cannot_be_an_anniversary() -> None:
    with pytest.raises(CalendarError, match="没有2月29日"):
        Anniversary("闰日", 2, 29)


def district_tables() -> Tables:
    tables = packaged_tables()
    district = Region(
        "somewhere", "某县", "linxia", "622999", "某县规定", (Anniversary("县庆", 9, 3),)
    )
    return Tables(
        {**tables.regions, district.code: district}, tables.days, tables.known_years, tables.entered
    )


def test_a_district_is_data_laid_over_its_prefecture() -> None:
    calendar = district_tables().calendar("somewhere")
    assert calendar.status(day("2024-09-03")).reason == "县庆"
    assert calendar.status(day("2024-11-19")).reason == "临夏州州庆"
    assert calendar.status(day("2024-10-01")).reason == "国庆节"


def test_a_division_code_belongs_to_the_most_particular_region() -> None:
    tables = district_tables()
    assert tables.region_of("622901") == "linxia"
    assert tables.region_of("622999") == "somewhere"
    assert tables.region_of("620100") == "national"
    assert tables.descendants("linxia") == {"linxia", "somewhere"}
    assert tables.descendants("national") == {"national", "linxia", "somewhere"}


def test_unknown_regions_and_impossible_counts_are_refused_in_chinese() -> None:
    with pytest.raises(UnknownRegion, match="没有“mars”这个地区"):
        packaged_calendar("mars")
    with pytest.raises(CalendarError, match="不能是负数"):
        NATIONAL.add(day("2024-01-01"), -1)
    with pytest.raises(CalendarError, match="太大"):
        NATIONAL.add(day("2024-01-01"), 10_001)
    with pytest.raises(CalendarError, match="早于"):
        NATIONAL.between(day("2024-01-02"), day("2024-01-01"))
    with pytest.raises(CalendarError, match="超出"):
        NATIONAL.add(date.max, 1)


def test_a_region_that_is_its_own_ancestor_is_refused() -> None:
    loop = Tables({"a": Region("a", "甲", "b"), "b": Region("b", "乙", "a")}, {}, frozenset())
    with pytest.raises(UnknownRegion):
        loop.calendar("a")


def test_rolling_goes_to_the_first_working_day() -> None:
    assert NATIONAL.rolled(day("2023-09-29")) == day("2023-10-07")
    assert NATIONAL.rolled(day("2023-10-09")) == day("2023-10-09")


@given(start=DAYS, days=st.integers(0, 60), region=st.sampled_from([NATIONAL, LINXIA]))
def test_between_undoes_add(start: date, days: int, region: WorkingCalendar) -> None:
    due = region.nth(start, days)
    assert region.between(start, due) == days
    assert due == start if days == 0 else region.is_working_day(due)


@given(start=DAYS, days=st.integers(1, 60), region=st.sampled_from([NATIONAL, LINXIA]))
def test_each_day_passed_is_counted_or_skipped_never_both(
    start: date, days: int, region: WorkingCalendar
) -> None:
    counted = region.add(start, days)
    assert (counted.date - start).days == days + len(counted.skipped)
    worked = {d.date for d in counted.worked_weekends}
    assert worked.isdisjoint(d.date for d in counted.skipped)
    assert all(d.weekday() >= 5 for d in worked)


@given(start=DAYS, first=st.integers(0, 30), second=st.integers(0, 30))
def test_counting_in_two_parts_gives_the_same_day(start: date, first: int, second: int) -> None:
    assert LINXIA.nth(LINXIA.nth(start, first), second) == LINXIA.nth(start, first + second)


@given(start=DAYS, days=st.integers(1, 60))
def test_a_later_start_never_gives_an_earlier_day(start: date, days: int) -> None:
    assert LINXIA.nth(start, days) <= LINXIA.nth(start + timedelta(days=1), days)


def test_a_years_departures_and_the_weekdays_say_what_the_calendar_says_of_every_day() -> None:
    for calendar in (NATIONAL, LINXIA):
        for year in sorted(calendar.known_years):
            departures = calendar.departures(year)
            for offset in range((date(year, 12, 31) - date(year, 1, 1)).days + 1):
                on = date(year, 1, 1) + timedelta(offset)
                usual = on.weekday() < 5 and on not in departures.off
                assert calendar.is_working_day(on) == (usual or on in departures.worked)


def test_a_year_without_arrangements_has_no_departures_to_tell() -> None:
    with pytest.raises(CalendarError, match="2028年的放假安排尚未录入"):
        LINXIA.departures(2028)
    assert LINXIA.departures(2026).missing == ("开斋节", "古尔邦节")
    assert NATIONAL.departures(2026).missing == ()
