"""工作日表：不知道的年份不列，日历改了只重烘它一个。"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.outlets.website.conftest import TODAY, Desk
from tests.outlets.website.test_sequences import same_as_baked_afresh
from yangguang.foundation.calendar.entries import DayEntry
from yangguang.foundation.calendar.services import enter_festival
from yangguang.foundation.calendar.tables import packaged_tables
from yangguang.foundation.organisations.models import Organisation
from yangguang.outlets.website.manifest import NAME

PATH = "workdays.json"


def table(desk: Desk) -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = json.loads(desk.page(PATH))
    return read


@pytest.fixture
def desk(desk: Desk) -> Iterator[Desk]:
    """州政府有区划代码，它的监督员可以改日历。"""
    Organisation.objects.filter(pk=desk.organisation.pk).update(division_code="622900")
    yield desk


def test_it_begins_with_this_year_and_leaves_out_the_years_nobody_has_arranged(desk: Desk) -> None:
    desk.follow()
    arranged = packaged_tables().known_years
    assert set(table(desk)) == {str(year) for year in arranged if year >= TODAY.year}
    assert str(max(arranged) + 1) not in table(desk)


def test_it_names_the_festivals_not_entered_yet_and_a_change_of_calendar_re_bakes_it_alone(
    desk: Desk, tmp_path: Path
) -> None:
    desk.publish()
    desk.follow()
    assert table(desk)["2026"]["missing"] == ["开斋节", "古尔邦节"]
    before = desk.files()
    enter_festival(
        "linxia", 2026, "开斋节", [DayEntry(date(2026, 3, 20), False, "开斋节")],
        source="州人民政府通知", actor=replace(desk.actor, role="supervisor"), key="feast",
    )  # fmt: skip
    desk.follow()
    after = desk.files()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {PATH, f"{PATH}.gz", f"{PATH}.br", NAME}
    assert table(desk)["2026"]["missing"] == ["古尔邦节"]
    assert "03-20" in table(desk)["2026"]["off"]
    same_as_baked_afresh(desk, tmp_path / "afresh")


def test_the_year_that_is_over_drops_out_on_new_years_day(desk: Desk) -> None:
    desk.follow(date(2025, 12, 31))
    assert "2025" in table(desk)
    desk.follow(date(2026, 1, 1))
    assert "2025" not in table(desk) and "2026" in table(desk)
