"""录入日历表时的检查。"""

from datetime import date

import pytest

from yangguang.foundation.calendar.entries import (
    DayEntry,
    festival_faults,
    repeated_day_faults,
    wording_faults,
    working_day_faults,
    year_faults,
)
from yangguang.foundation.calendar.tables import packaged_calendar, packaged_root, year_tables

from .arrangements import YEAR_2027, off, on


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        (" ", "通知", "须写明缘由"),
        ("长" * 41, "通知", "缘由不能超过 40 个字"),
        ("春节", "", "须写明依据"),
        ("春节", "长" * 201, "依据不能超过 200 个字"),
    ],
)
def test_a_day_needs_a_reason_and_a_basis(name: str, source: str, words: str) -> None:
    (fault,) = wording_faults(name, source)
    assert words in fault
    assert wording_faults("春节", "国办发明电〔2026〕1号") == []


def test_a_day_that_is_a_working_day_anyway_is_not_entered_as_worked() -> None:
    calendar = packaged_calendar()
    (fault,) = working_day_faults(
        [on("2026-11-27", "国庆节"), on("2026-11-28", "国庆节")], calendar
    )
    assert "2026年11月27日（周五）本来就是工作日" in fault
    assert working_day_faults([off("2026-11-28", "国庆节")], calendar) == []


def test_a_day_written_twice_is_named() -> None:
    (fault,) = repeated_day_faults([off("2027-01-01", "元旦"), on("2027-01-01", "元旦")])
    assert "2027年1月1日（周五）写了不止一次" in fault


def test_a_year_must_have_every_statutory_festival_and_fixed_day() -> None:
    assert year_faults(2027, YEAR_2027) == []
    without = [e for e in YEAR_2027 if e.name != "清明节" and e.date != date(2027, 10, 1)]
    assert year_faults(2027, without) == [
        "2027年的安排缺少清明节。",
        "2027年10月1日是法定节日，应当放假。",
    ]


def test_a_year_may_move_the_last_december_and_nothing_further() -> None:
    assert year_faults(2027, [*YEAR_2027, on("2026-12-27", "元旦")]) == []
    faults = year_faults(2027, [*YEAR_2027, on("2026-11-29", "元旦"), off("2028-01-01", "元旦")])
    assert len(faults) == 2
    assert all("也不是上年12月" in fault for fault in faults)


def test_every_packaged_year_since_the_present_festivals_passes_its_own_check() -> None:
    checked = 0
    for table in year_tables(packaged_root()):
        if table.region == "national" and table.year >= 2008:
            entries = [DayEntry(day, e.works, e.name) for day, e in table.days.items()]
            assert year_faults(table.year, entries) == []
            checked += 1
    assert checked == 19


def test_a_festival_lies_in_its_year_and_has_a_day_off() -> None:
    assert festival_faults(2027, [off("2027-03-10", "开斋节"), on("2027-03-13", "开斋节")]) == []
    assert festival_faults(2027, [on("2027-03-13", "开斋节")]) == ["至少要有一天放假。"]
    assert festival_faults(2027, [off("2026-03-20", "开斋节")]) == [
        "2026年3月20日（周五）不在2027年。"
    ]
