"""数据库自己守住的不变量：绕过服务直接写也一样被拒。"""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from yangguang.foundation.organisations.models import (
    Organisation,
    OrganisationGroup,
    OrganisationName,
    Succession,
)
from yangguang.foundation.organisations.rules import demonstration_uscc

pytestmark = pytest.mark.django_db


def make(code: str, **fields: Any) -> Organisation:
    values = {"name": code, "short_name": code, "level": "county", "kind": "administrative"}
    return Organisation.objects.add_root(instance=Organisation(code=code, **(values | fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {"uscc": "91110000600037341"},
        {"uscc": "91110000600037341l"},
        {"uscc": "91110000600037341L", "uscc_is_demonstration": True},
        {"uscc": demonstration_uscc("甲"), "uscc_is_demonstration": False},
        {"uscc": "", "uscc_is_demonstration": True},
        {"division_code": "62290"},
        {"division_code": "62290A"},
        {"level": "village"},
        {"kind": "company"},
        {"valid_from": date(2020, 1, 2), "valid_until": date(2020, 1, 1)},
    ],
)
def test_an_organisation_that_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make("a", **fields)
    assert not Organisation.objects.exists()


def test_a_credit_code_belongs_to_one_organisation_and_its_absence_to_any_number() -> None:
    make("a", uscc="91110000600037341L")
    with pytest.raises(IntegrityError), transaction.atomic():
        make("b", uscc="91110000600037341L")
    make("c")
    make("d")


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ((None, None), (date(2020, 1, 1), None), False),
        ((None, date(2020, 1, 1)), (date(2020, 1, 1), None), False),
        ((None, date(2019, 12, 31)), (date(2020, 1, 1), None), True),
        ((date(2020, 1, 1), None), (None, date(2019, 12, 31)), True),
        ((date(2020, 1, 1), date(2020, 2, 1)), (date(2020, 1, 15), date(2020, 1, 16)), False),
    ],
)
@pytest.mark.parametrize("kind", ["official", "short"])
def test_names_of_one_kind_do_not_overlap(
    kind: str, first: tuple[Any, Any], second: tuple[Any, Any], allowed: bool
) -> None:
    unit, other = make("a"), make("b")

    def add(to: Organisation, name: str, days: tuple[Any, Any], which: str = kind) -> None:
        OrganisationName.objects.create(
            organisation=to, name=name, kind=which, valid_from=days[0], valid_until=days[1]
        )

    add(unit, "旧名", first)
    add(other, "别人的名", second)
    add(unit, "别称", second, "alias")
    if allowed:
        add(unit, "新名", second)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        add(unit, "新名", second)


def test_an_update_that_makes_names_overlap_is_refused_even_in_raw_sql() -> None:
    unit = make("a")
    for name, start, end in (("旧名", None, date(2019, 12, 31)), ("新名", date(2020, 1, 1), None)):
        OrganisationName.objects.create(
            organisation=unit, name=name, kind="official", valid_from=start, valid_until=end
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_organisationname SET valid_until = %s WHERE name = %s",
            [date(2020, 1, 1), "旧名"],
        )


def test_a_succession_is_between_two_and_stated_once() -> None:
    a, b = make("a"), make("b")
    Succession.objects.create(predecessor=a, successor=b, on=date(2020, 1, 1))
    for pair in ((a, a), (a, b)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Succession.objects.create(predecessor=pair[0], successor=pair[1], on=date(2021, 1, 1))


def test_a_group_word_is_defined_once_for_its_owner() -> None:
    a, b = make("a"), make("b")
    OrganisationGroup.objects.create(organisation=a, phrase="各部门")
    OrganisationGroup.objects.create(organisation=b, phrase="各部门")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationGroup.objects.create(organisation=a, phrase="各部门")
