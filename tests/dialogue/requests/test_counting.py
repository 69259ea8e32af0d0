"""表三：每件恰好在一格，各行各列合勾稽，今年的结转就是明年的上年结转。"""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from tests.actors import organisation
from tests.dialogue.requests.conftest import Hall
from yangguang.dialogue.requests.annual_check import Report, check
from yangguang.dialogue.requests.counting import (
    Period,
    cases,
    findings,
    table3,
    tables_by_organisation,
)
from yangguang.dialogue.requests.models import DisclosureRequest, YearTable
from yangguang.dialogue.requests.procedures import seal_year
from yangguang.dialogue.requests.services import split, withdraw_by_applicant
from yangguang.dialogue.requests.table3 import (
    APPLICANTS,
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    PROCESSED,
    RECEIVED,
    RESULTS,
    rows_of,
)
from yangguang.foundation.lifecycle.services import Refused

YEARS = (2019, 2020, 2021)


def scattered(hall: Hall, number: int, seed: int, **fixed: Any) -> None:
    """三年里随意的 ``number`` 件：有的办结，有的没有，有的不计。"""
    random = Random(seed)
    first = date(2019, 1, 1)
    made = []
    for place in range(number):
        received = first + timedelta(random.randrange(365 * 3))
        finished = received + timedelta(random.randrange(200)) if random.random() < 0.8 else None
        result = random.choice(RESULTS).code if finished else ""
        made.append(
            DisclosureRequest(
                organisation=fixed.get("organisation", hall.town.organisation),
                number=f"n-{seed}-{place}",
                channel="counter",
                submitted_at=timezone.now(),
                came_on=received,
                received_on=received,
                created_at=timezone.now(),
                applicant_kind=random.choice(APPLICANTS),
                applicant_label="某",
                subject="某项信息",
                delivery_form="paper",
                delivery_way="post",
                state="replied" if finished else "under_review",
                finished_on=finished,
                result=result,
                is_counted=random.random() < 0.95,
            )  # fmt: skip
        )
    DisclosureRequest.objects.bulk_create(made)


def by_hand(year: int) -> dict[str, dict[str, int]]:
    """一件件地看，该在哪一格。"""
    cells = {row: dict.fromkeys(COLUMNS, 0) for row in rows_of("2021")}
    for each in DisclosureRequest.objects.filter(is_counted=True):
        rows = []
        if each.received_on.year == year:
            rows.append(RECEIVED)
        if each.received_on.year < year and not (each.finished_on and each.finished_on.year < year):
            rows.append(CARRIED_IN)
        if each.finished_on and each.finished_on.year == year:
            rows += [each.result, PROCESSED]
        if each.received_on.year <= year and not (
            each.finished_on and each.finished_on.year <= year
        ):
            rows.append(CARRIED_OUT)
        for row in rows:
            cells[row][each.applicant_kind] += 1
            cells[row]["total"] += 1
    return cells


@pytest.mark.parametrize("seed", range(3))
def test_every_case_is_in_the_cells_that_a_reader_would_put_it_in(hall: Hall, seed: int) -> None:
    scattered(hall, 150, seed)
    tables = {year: table3(DisclosureRequest.objects.all(), Period.of(year, date(2022, 6, 1)))
              for year in YEARS}  # fmt: skip
    for year, cells in tables.items():
        assert cells == by_hand(year)
        previous = tables.get(year - 1)
        assert check(Report("2021", cells, None, previous)) == []
        assert findings(cells, previous) == []


def test_a_cell_opens_exactly_the_cases_it_counts(hall: Hall) -> None:
    scattered(hall, 120, 7)
    period = Period.of(2020, date(2022, 1, 1))
    records = DisclosureRequest.objects.all()
    cells = table3(records, period)
    for row in rows_of("2021"):
        for column in COLUMNS:
            assert cases(records, row, column, period).count() == cells[row][column], (row, column)
    with pytest.raises(KeyError):
        cases(records, "other_all", "total", period)


def test_the_tables_of_all_organisations_take_four_queries(
    hall: Hall, django_assert_num_queries: Any
) -> None:
    other = organisation("second")
    scattered(hall, 60, 1)
    scattered(hall, 60, 2, organisation=other)
    period = Period.of(2020, date(2022, 1, 1))
    with django_assert_num_queries(4):
        found = tables_by_organisation(DisclosureRequest.objects.all(), period)
    assert set(found) == {hall.town.organisation.pk, other.pk}
    whole = table3(DisclosureRequest.objects.all(), period)
    for row in rows_of("2021"):
        assert whole[row]["total"] == sum(cells[row]["total"] for cells in found.values())


def test_if_the_year_ended_today_what_is_open_today_is_carried_out(hall: Hall) -> None:
    hall.under_review(date(2020, 9, 14))
    done = hall.under_review(date(2020, 9, 14))
    hall.on(date(2020, 9, 16))
    withdraw_by_applicant(done, "不要了", key="w")
    cells = table3(DisclosureRequest.objects.all(), Period(2020, date(2020, 9, 15)))
    assert (cells[RECEIVED]["total"], cells[CARRIED_OUT]["total"]) == (2, 2)
    cells = table3(DisclosureRequest.objects.all(), Period(2020, date(2020, 9, 16)))
    assert cells["other_3_other"]["natural_person"] == 1
    assert cells[CARRIED_OUT]["total"] == 1


def test_a_split_application_counts_as_its_parts(hall: Hall) -> None:
    request = hall.under_review(date(2020, 9, 14))
    split(request, ["甲", "乙", "丙"], actor=hall.officer, key="s")
    cells = table3(DisclosureRequest.objects.all(), Period(2020, date(2020, 12, 31)))
    assert cells[RECEIVED]["total"] == cells[CARRIED_OUT]["total"] == 3


def test_what_was_never_confirmed_is_not_received(hall: Hall) -> None:
    request = hall.submitted(date(2020, 9, 14))
    withdraw_by_applicant(request, "不要了", key="w")
    cells = table3(DisclosureRequest.objects.all(), Period(2020, date(2020, 12, 31)))
    assert cells[RECEIVED]["total"] == cells[PROCESSED]["total"] == 0


def test_a_sealed_year_stays_and_the_next_is_held_against_it(hall: Hall) -> None:
    place = hall.town.organisation
    open_one = hall.under_review(date(2020, 9, 14))
    with pytest.raises(Refused, match="还没有过完"):
        seal_year(place, 2020, actor=hall.officer)
    hall.on(date(2021, 1, 4))
    sealed = seal_year(place, 2020, actor=hall.officer)
    assert sealed.cells[CARRIED_OUT]["natural_person"] == 1
    with pytest.raises(Refused, match="已经封存"):
        seal_year(place, 2020, actor=hall.officer)
    # 封存以后补登一件去年收到的：今年的上年结转就对不上了
    late = hall.came(date(2021, 1, 4))
    DisclosureRequest.objects.filter(pk=late.pk).update(received_on=date(2020, 12, 30))
    cells = table3(DisclosureRequest.objects.all(), Period(2021, date(2021, 1, 4)))
    found = findings(cells, YearTable.objects.get().cells)
    assert {each.rule for each in found} == {"R5"}
    assert open_one.is_counted
