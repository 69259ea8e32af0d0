"""登记、改、导入：好的行照收，坏的行说清楚，同一文号只有一行，别人的动不得，密级的一行也不留。"""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.actors import actor, organisation
from tests.sources.ledger.conftest import READ_ON
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import (
    Classified,
    KeyTaken,
    OutOfScope,
    Refused,
    perform,
)
from yangguang.foundation.organisations.models import Organisation, OrganisationName
from yangguang.sources.ledger.lists import read_entries
from yangguang.sources.ledger.models import LedgerEntry, ListImport
from yangguang.sources.ledger.services import edit, enter, take_list

pytestmark = pytest.mark.django_db
GIVEN = {
    "document_number": "某局发〔2020〕1号", "title": "关于一件事的通知", "written_on": None,
    "issued_on": date(2020, 9, 25), "disclosure": "proactive", "online_on": None, "address": "",
    "text": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.READING_DAY = READ_ON


@pytest.fixture(autouse=True)
def named(bureau: Organisation, town: Town) -> None:
    """名录上的名称。"""
    for unit in (bureau, town.organisation):
        OrganisationName.objects.create(organisation=unit, name=unit.name, kind="official")
        OrganisationName.objects.create(organisation=unit, name=unit.short_name, kind="short")


def row(number: int, **given: Any) -> dict[str, Any]:
    return {
        "document_number": f"某局发〔2020〕{number}号", "title": f"第{number}件",
        "issued_on": "二〇二〇年九月二十五日", "disclosure": "主动公开",
    } | given  # fmt: skip


def taken(who: Actor, *rows: dict[str, Any], key: str = "list") -> ListImport:
    return take_list(
        read_entries(rows, READ_ON), name="局里的系统", source="import", actor=who, key=key
    )


def test_one_is_entered_with_its_due_dates_and_a_double_click_enters_it_once(
    clerk: Actor, bureau: Organisation
) -> None:
    entry = enter(
        {**GIVEN, "written_on": date(2020, 9, 20)}, organisation=bureau, actor=clerk, key="k"
    )
    again = enter(
        {**GIVEN, "written_on": date(2020, 9, 20)}, organisation=bureau, actor=clerk, key="k"
    )
    assert entry.pk == again.pk
    assert entry.publish_due == date(2020, 10, 29)
    assert entry.formed_due is not None and entry.formed_due < entry.publish_due


def test_a_number_used_twice_is_refused_by_name(clerk: Actor, bureau: Organisation) -> None:
    enter(GIVEN, organisation=bureau, actor=clerk, key="k")
    with pytest.raises(Refused, match="某局发〔2020〕1号"):
        enter(GIVEN, organisation=bureau, actor=clerk, key="k2")
    nameless = {**GIVEN, "document_number": ""}
    enter(nameless, organisation=bureau, actor=clerk, key="k3")
    with pytest.raises(Refused, match="同名文件"):
        enter(nameless, organisation=bureau, actor=clerk, key="k4")


def test_nobody_enters_for_an_organisation_that_is_not_theirs(
    town: Town, bureau: Organisation
) -> None:
    with pytest.raises(OutOfScope):
        enter(GIVEN, organisation=bureau, actor=town.drafter, key="k")


@pytest.mark.parametrize("field", ["title", "text"])
def test_a_secret_mark_leaves_nothing(field: str, clerk: Actor, bureau: Organisation) -> None:
    with pytest.raises(Classified):
        enter({**GIVEN, field: "机密★10年"}, organisation=bureau, actor=clerk, key="k")
    with pytest.raises(Classified):
        enter(GIVEN, organisation=bureau, actor=clerk, key="k", unread="秘密")
    assert not LedgerEntry.objects.exists()


def test_changing_the_day_or_the_attribute_moves_the_due_date(
    clerk: Actor, bureau: Organisation
) -> None:
    entry = enter(GIVEN, organisation=bureau, actor=clerk, key="k")
    edit(entry, {"issued_on": date(2020, 10, 9)}, actor=clerk)
    assert entry.publish_due == date(2020, 11, 5)
    edit(entry, {"disclosure": "withheld"}, actor=clerk)
    assert entry.publish_due is None


def test_put_online_drop_and_restore(clerk: Actor, bureau: Organisation) -> None:
    entry = enter(GIVEN, organisation=bureau, actor=clerk, key="k")
    with pytest.raises(Refused, match="网址"):
        perform(
            entry, "put_online", actor=clerk, key="p0", inputs={"online_on": READ_ON, "address": ""}
        )
    given = {"online_on": date(2020, 10, 12), "address": "https://www.a.gov.cn/1"}
    perform(entry, "put_online", actor=clerk, key="p", inputs=given)
    assert (entry.online_on, entry.address) == (date(2020, 10, 12), "https://www.a.gov.cn/1")
    perform(entry, "drop", actor=clerk, key="d", message="误登")
    enter(GIVEN, organisation=bureau, actor=clerk, key="k2")
    with pytest.raises(Refused):
        edit(entry, {"title": "改"}, actor=clerk)


def test_what_is_not_public_is_not_put_online(clerk: Actor, bureau: Organisation) -> None:
    entry = enter({**GIVEN, "disclosure": "withheld"}, organisation=bureau, actor=clerk, key="k")
    given = {"online_on": date(2020, 10, 12), "address": "https://www.a.gov.cn/1"}
    with pytest.raises(Refused, match="主动公开"):
        perform(entry, "put_online", actor=clerk, key="p", inputs=given)


def test_a_list_taken_again_updates_what_changed_and_an_empty_cell_erases_nothing(
    clerk: Actor,
) -> None:
    first = taken(clerk, row(1), row(2, issued_on=44099), row(3, disclosure="不予公开"))
    assert (first.created, first.updated, first.unchanged, first.faulty) == (3, 0, 0, 0)
    online = row(1, online_on="2020.10.12", address="https://www.a.gov.cn/1")
    second = taken(clerk, online, row(2), row(4), key="list-2")
    assert (second.created, second.updated, second.unchanged) == (1, 1, 1)
    third = taken(clerk, row(1), key="list-3")
    assert third.unchanged == 1
    entry = LedgerEntry.objects.get(document_number="某局发〔2020〕1号")
    assert (entry.online_on, entry.issued_on) == (date(2020, 10, 12), date(2020, 9, 25))


def test_bad_rows_are_kept_with_the_reasons_and_the_numbers_add_up(
    clerk: Actor, bureau: Organisation
) -> None:
    made = taken(
        clerk, row(1), row(1), row(2, issued_on="二〇二〇年十三月一日"), row(3, organisation="天上局"),
        row(4, organisation="测试州"), row(5, organisation="某局、某委"),
    )  # fmt: skip
    assert (made.total, made.created, made.faulty) == (6, 2, 4)
    assert made.total == made.created + made.updated + made.unchanged + made.faulty
    told = {each["row"]: each["reason"] for each in made.faults}
    assert "与第 1 行的文号相同" in told[2] and "不知道是哪个机构" in told[4]
    assert "不在您的范围内" in told[5]
    assert "历法上没有" in told[3] or "看不出" in told[3]


def test_a_number_another_organisation_has_is_not_taken_and_its_owner_is_not_told_to_outsiders(
    town: Town, clerk: Actor, supervisor: Actor
) -> None:
    taken(clerk, row(1))
    stranger = actor("drafter", organisation("other-city", short_name="别处"))
    (fault,) = taken(stranger, row(1), key="s").faults
    assert "别的机构" in fault["reason"]
    (fault,) = taken(supervisor, row(1), key="u").faults
    assert "某局" in fault["reason"]
    assert LedgerEntry.objects.count() == 1


def test_a_supervisor_takes_a_list_of_several_units(
    supervisor: Actor, bureau: Organisation
) -> None:
    taken(supervisor, row(1, organisation="测试州某局"), row(2))
    assert LedgerEntry.objects.get(document_number="某局发〔2020〕1号").organisation == bureau
    assert LedgerEntry.objects.get(document_number="某局发〔2020〕2号").organisation_id == (
        supervisor.organisation_id
    )


def test_the_same_key_takes_a_list_once_and_is_nobody_elses(
    clerk: Actor, supervisor: Actor
) -> None:
    assert taken(clerk, row(1)).pk == taken(clerk, row(2)).pk
    with pytest.raises(KeyTaken):
        taken(supervisor, row(3))
    assert LedgerEntry.objects.count() == 1
    assert AuditEvent.objects.filter(action="ledger.import").count() == 1


def test_the_number_of_queries_does_not_grow_with_the_rows(clerk: Actor) -> None:
    with CaptureQueriesContext(connection) as few:
        taken(clerk, row(1), key="few")
    with CaptureQueriesContext(connection) as many:
        taken(clerk, *(row(number) for number in range(2, 80)), key="many")
    # 一次插不完的分几次插
    assert len(many) <= len(few) + 2
