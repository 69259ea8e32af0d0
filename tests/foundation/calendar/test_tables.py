"""随产品发布的日历表。"""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from yangguang.foundation.calendar.rules import CalendarError
from yangguang.foundation.calendar.tables import (
    packaged_calendar,
    packaged_root,
    packaged_tables,
    tables,
)


def test_every_day_of_every_packaged_year_agrees_with_the_source() -> None:
    calendar = packaged_calendar()
    day, last = date(2004, 1, 1), date(2026, 12, 31)
    assert packaged_tables().known_years == frozenset(range(day.year, last.year + 1))
    wrong = []
    while day <= last:
        if calendar.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(packaged_root(), tmp_path / "calendar")
    return tmp_path / "calendar"


def rewrite(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}, ensure_ascii=False))


def test_a_date_in_the_wrong_year_is_named_with_its_file(root: Path) -> None:
    rewrite(
        root / "national" / "2024.json",
        days=[{"date": "2023-10-01", "kind": "holiday", "name": "国庆节"}],
    )
    with pytest.raises(CalendarError, match=r"2024\.json：2023-10-01 不在 2024 年"):
        tables(root)


def test_what_is_no_date_is_named_with_its_file(root: Path) -> None:
    rewrite(
        root / "national" / "2024.json",
        days=[{"date": "2024-02-30", "kind": "holiday", "name": "春节"}],
    )
    with pytest.raises(CalendarError, match=r"2024\.json：“2024-02-30”不是日期"):
        tables(root)


def test_a_festival_the_region_does_not_have_is_refused(root: Path) -> None:
    row = {"year": 2024, "festival": "泼水节", "days": ["2024-04-13"], "worked": [], "source": ""}
    rewrite(root / "linxia.json", festivals=[row])
    with pytest.raises(CalendarError, match="临夏州没有“泼水节”这个节日"):
        tables(root)


def test_entered_eids_of_a_file_are_read(root: Path) -> None:
    row = {"year": 2024, "festival": "开斋节", "days": ["2024-04-10"],
           "worked": ["2024-04-13"], "source": "假设"}  # fmt: skip
    rewrite(root / "linxia.json", festivals=[row])
    read = tables(root)
    assert read.entered == {("linxia", "开斋节"): frozenset({2024})}
    calendar = read.calendar("linxia")
    assert not calendar.is_working_day(date(2024, 4, 10))
    assert calendar.is_working_day(date(2024, 4, 13))


def test_a_missing_or_broken_file_is_told_in_chinese(root: Path) -> None:
    (root / "linxia.json").write_text("{")
    with pytest.raises(CalendarError, match="不是合法的 JSON"):
        tables(root)
    (root / "regions.json").unlink()
    with pytest.raises(CalendarError, match="缺少日历表"):
        tables(root)
