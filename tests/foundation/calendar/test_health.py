"""日历的体检：从 11 月 1 日起提醒录入下一年的放假安排。"""

from dataclasses import replace
from datetime import date

import pytest

from tests.foundation.calendar.arrangements import SOURCE, YEAR_2027, off
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.health import calendar_warnings
from yangguang.foundation.calendar.rules import Tables
from yangguang.foundation.calendar.selectors import health_warnings
from yangguang.foundation.calendar.services import enter_festival, enter_year
from yangguang.foundation.calendar.tables import packaged_tables

TABLES = packaged_tables()
EIDS = {("linxia", name): frozenset({2026}) for name in ("开斋节", "古尔邦节")}
WITH_EIDS = replace(TABLES, entered=EIDS)


def test_the_warning_begins_on_the_first_of_november() -> None:
    assert calendar_warnings(WITH_EIDS, "linxia", date(2026, 10, 31)) == []
    (warning,) = calendar_warnings(WITH_EIDS, "linxia", date(2026, 11, 1))
    assert warning.startswith("2027年的放假安排尚未录入")


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2026, 12, 31)])
def test_the_warning_stays_to_the_end_of_the_year(on: date) -> None:
    assert len(calendar_warnings(WITH_EIDS, "linxia", on)) == 1


def test_a_year_that_has_begun_without_its_table_warns_at_any_date() -> None:
    (warning,) = calendar_warnings(WITH_EIDS, "linxia", date(2027, 1, 1))
    assert warning.startswith("2027年的放假安排尚未录入")
    november = calendar_warnings(WITH_EIDS, "linxia", date(2027, 11, 1))
    assert [text[:5] for text in november] == ["2027年", "2028年", "临夏州20"]


def test_no_warning_when_next_years_table_is_there() -> None:
    assert calendar_warnings(WITH_EIDS, "linxia", date(2025, 11, 1))[:-1] == []
    known = replace(WITH_EIDS, known_years=TABLES.known_years | {2027})
    assert calendar_warnings(known, "linxia", date(2026, 12, 31)) == []


def test_the_years_eids_not_entered_by_november_are_named() -> None:
    def eid_warnings(tables: Tables, on: date) -> list[str]:
        return [text for text in calendar_warnings(tables, "linxia", on) if "临夏州" in text]

    assert eid_warnings(TABLES, date(2026, 10, 31)) == []
    (warning,) = eid_warnings(TABLES, date(2026, 11, 1))
    assert "临夏州2026年开斋节、古尔邦节的放假日期尚未录入" in warning
    one = replace(TABLES, entered={("linxia", "开斋节"): frozenset({2026})})
    (warning,) = eid_warnings(one, date(2026, 11, 1))
    assert "开斋节" not in warning
    assert calendar_warnings(TABLES, "national", date(2025, 11, 1)) == []


def test_entering_the_tables_ends_the_warnings(supervisor: Actor) -> None:
    on = date(2026, 11, 24)
    assert len(health_warnings(on)) == 2
    enter_year(2027, YEAR_2027, source=SOURCE, actor=supervisor, key="y")
    for name, text in (("开斋节", "2026-03-20"), ("古尔邦节", "2026-05-27")):
        enter_festival(
            "linxia", 2026, name, [off(text, "")], source=SOURCE, actor=supervisor, key=name
        )
    assert health_warnings(on) == []
