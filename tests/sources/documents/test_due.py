"""上网期限是缓存：只由计算写入，日历一变就重算并记下，每夜核对。"""

import random
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.actors import actor
from tests.foundation.calendar.arrangements import SOURCE, YEAR_2027, off
from tests.foundation.calendar.day_walk import is_working
from tests.town import ON_REQUEST, Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.calendar import dated
from yangguang.foundation.calendar.entries import DayEntry
from yangguang.foundation.calendar.jobs import recompute, redate_after_change
from yangguang.foundation.calendar.models import CalendarChange, CalendarDay
from yangguang.foundation.calendar.services import (
    enter_day,
    enter_year,
    load_calendar,
    remove_day,
)
from yangguang.foundation.failpoints import Stopped, armed
from yangguang.foundation.jobs.registry import schedules
from yangguang.foundation.jobs.services import enqueue_due
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.documents.models import OfficialDocument

pytestmark = pytest.mark.django_db

LATE = {"written_on": date(2026, 12, 25), "issued_on": date(2026, 12, 25)}


def approved(town: Town, number: int = 1, **overrides: object) -> OfficialDocument:
    document = town.document(number, **{**LATE, **overrides})
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
    ):  # fmt: skip
        perform(document, event, actor=who, key=f"{event}-{number}")
    return document


def due(document: OfficialDocument) -> tuple[str, bool]:
    document.refresh_from_db()
    return str(document.publish_due), document.publish_due_provisional


def redated() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="calendar.redate").order_by("pk"))


def supervisor(town: Town) -> Actor:
    town.organisation.division_code = "622900"
    town.organisation.save()
    return actor("supervisor", town.organisation, subtree=True)


def enter_2027(town: Town) -> CalendarChange:
    return enter_year(2027, YEAR_2027, source=SOURCE, actor=supervisor(town), key="2027")


def test_a_due_date_in_an_unknown_year_is_provisional_until_the_year_is_entered(
    town: Town,
) -> None:
    document = approved(town)
    assert due(document) == ("2027-01-22", True)
    change = enter_2027(town)
    assert due(document) == ("2027-01-22", True)
    run_due()
    assert due(document) == ("2027-01-25", False)
    (event,) = redated()
    assert (event.target_type, event.target_id) == ("documents.officialdocument", str(document.pk))
    assert event.public == {
        "field": "documents.publish_due",
        "from": "2027-01-22",
        "to": "2027-01-25",
        "provisional": {"from": True, "to": False},
        "change": change.pk,
    }
    assert event.note == (
        "工作日历改动（录入全国2027年放假安排）：公文的上网期限由2027年1月22日（周五），暂定"
        "改为2027年1月25日（周一）。"
    )


def test_redating_again_changes_and_records_nothing_more(town: Town) -> None:
    document = approved(town)
    enter_2027(town)
    run_due()
    redate_after_change()
    assert len(redated()) == 1
    assert due(document) == ("2027-01-25", False)


def test_a_provisional_due_date_is_marked_wherever_staff_read_it(
    town: Town, client: Client
) -> None:
    document = approved(town)
    client.force_login(User.objects.get(pk=town.drafter.user_id))
    pages = ["/workbench/", "/workbench/documents/", f"/workbench/documents/{document.pk}/"]
    marks = ["期限是暂定的", "2027-01-22（暂定）", "2027-01-22（暂定）"]
    for address, mark in zip(pages, marks, strict=True):
        assert mark in client.get(address).content.decode()
    enter_2027(town)
    run_due()
    for address in pages:
        assert "暂定" not in client.get(address).content.decode()
    assert "2027-01-25" in client.get(pages[2]).content.decode()


def test_only_what_still_awaits_publication_is_redated(town: Town) -> None:
    waiting, published = approved(town, 1), approved(town, 2)
    perform(published, "publish", actor=town.approver, key="publish")
    kept = approved(town, 3, **ON_REQUEST)
    enter_2027(town)
    run_due()
    assert due(waiting) == ("2027-01-25", False)
    assert due(published) == ("2027-01-22", True)
    assert due(kept) == ("None", False)
    assert len(redated()) == 1


def test_a_change_that_touches_no_due_date_records_none(town: Town) -> None:
    document = approved(town, written_on=date(2026, 6, 1), issued_on=date(2026, 6, 1))
    before = due(document)
    enter_day(
        "linxia",
        off("2026-11-25", "抗旱"),
        source=SOURCE,
        actor=supervisor(town),
        key="d",
    )
    run_due()
    assert due(document) == before
    assert redated() == []


def test_signing_uses_the_calendar_in_force_not_the_packaged_one(town: Town) -> None:
    dates = {"written_on": date(2026, 9, 21), "issued_on": date(2026, 9, 21)}
    assert due(approved(town, 1, **dates)) == ("2026-10-26", False)
    enter_day("linxia", off("2026-10-09", "抗旱"), source=SOURCE, actor=supervisor(town), key="d")
    assert due(approved(town, 2, **dates)) == ("2026-10-27", False)


def test_the_nightly_check_repairs_what_was_written_behind_its_back(town: Town) -> None:
    load_calendar()
    right, wrong = approved(town, 1), approved(town, 2)
    OfficialDocument.objects.filter(pk=wrong.pk).update(publish_due=date(2030, 1, 1))
    recompute()
    assert due(right) == due(wrong) == ("2027-01-22", True)
    (event,) = redated()
    assert event.target_id == str(wrong.pk)
    assert event.public["from"] == "2030-01-01"
    assert event.public["change"] is None
    assert "每夜核对，所记与计算不符" in event.note
    report = AuditEvent.objects.get(action="calendar.recompute")
    assert report.public == {"checked": 2, "changed": 1}


def test_the_check_runs_every_night(town: Town) -> None:
    (nightly,) = [s for s in schedules() if s.job == "calendar.recompute"]
    assert nightly.daily is not None
    assert 0 <= nightly.daily.hour < 6
    enqueue_due()
    assert "documents.publish_due" in {field.name for field in dated.registered()}


def test_redating_reads_a_batch_at_a_time(town: Town, django_assert_num_queries: object) -> None:
    for number in range(1, 6):
        approved(town, number)
    dated.redate()
    # 编号一次；一批：保存点两次、记录、日历版本、区划代码；解读的期限、台账的两个期限、
    # 依申请公开的五个期限、复议诉讼的期限各看一次有没有
    with django_assert_num_queries(15):  # type: ignore[operator]
        assert dated.redate() == dated.Redated(5, 0)


def test_the_transition_keeps_the_due_date_it_set(town: Town) -> None:
    document = approved(town)
    enter_2027(town)
    run_due()
    row = TransitionRecord.objects.get(object_id=document.pk, event="approve")
    assert (row.old_deadline, row.new_deadline) == (None, date(2027, 1, 22))


def test_a_redating_killed_between_batches_is_finished_by_the_next_and_records_each_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dated, "CHUNK", 2)
    documents = [approved(town, number) for number in range(1, 6)]
    enter_2027(town)
    with armed("calendar.batch_redated", hit=2), pytest.raises(Stopped):
        redate_after_change()
    assert sum(due(one) == ("2027-01-25", False) for one in documents) == 4
    redate_after_change()
    assert all(due(one) == ("2027-01-25", False) for one in documents)
    assert sorted(event.target_id for event in redated()) == sorted(
        str(one.pk) for one in documents
    )


def walk(issued: date, changed: dict[date, bool]) -> date:
    """逐日推算上网期限：``changed`` 是录入的日子，其余问 chinese_calendar 和州庆。"""
    on, counted = issued, 0
    while counted < 20:
        on += timedelta(days=1)
        counted += changed[on] if on in changed else is_working(on, "linxia")
    return on


def test_after_any_sequence_of_changes_every_due_date_equals_a_walk_day_by_day(
    town: Town,
) -> None:
    chance = random.Random(81)
    someone = supervisor(town)
    documents = {}
    for number in range(1, 7):
        issued = date(2026, 9, 1) + timedelta(days=chance.randrange(60))
        one = approved(town, number, written_on=issued, issued_on=issued)
        documents[one.pk] = issued
    changed: dict[date, bool] = {}
    for step in range(25):
        on = date(2026, 9, 2) + timedelta(days=chance.randrange(75))
        before = {pk: walk(issued, changed) for pk, issued in documents.items()}
        if on in changed:
            row = CalendarDay.objects.get(region__code="linxia", date=on)
            remove_day(row, reason="演练", actor=someone, key=str(step))
            del changed[on]
        else:
            works = not is_working(on, "linxia")
            enter_day(
                "linxia", DayEntry(on, works, "演练"), source=SOURCE, actor=someone, key=str(step)
            )
            changed[on] = works
        recorded = len(redated())
        run_due()
        after = {pk: walk(issued, changed) for pk, issued in documents.items()}
        kept = dict(OfficialDocument.objects.values_list("pk", "publish_due"))
        assert kept == after
        moved = {str(pk) for pk in documents if before[pk] != after[pk]}
        assert {event.target_id for event in redated()[recorded:]} == moved
