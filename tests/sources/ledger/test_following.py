"""本系统的公文自己进台账，只有一行；期限处处与 deadline publication 相同，日历变了一起变。"""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.documents import TO
from tests.api import publish, withdraw
from tests.foundation.calendar.arrangements import SOURCE, off
from tests.sources.documents.test_due import supervisor as calendar_keeper
from tests.sources.ledger.conftest import READ_ON, Own, online
from tests.town import Town
from yangguang.foundation.calendar.dated import redate
from yangguang.foundation.calendar.services import enter_day, load_calendar
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.documents.circulation import CIRCULATION
from yangguang.sources.documents.services import edit
from yangguang.sources.ledger.following import ISSUED, NOT_ISSUED, follow, gather
from yangguang.sources.ledger.lists import read_entries
from yangguang.sources.ledger.models import LedgerEntry
from yangguang.sources.ledger.services import take_list

pytestmark = pytest.mark.django_db


def deadline(start: date) -> str:
    stream = StringIO()
    call_command(
        "deadline", "publication", "--from", start.isoformat(), "--region", "linxia", "--json",
        stdout=stream,
    )  # fmt: skip
    return str(json.loads(stream.getvalue())["due"])


def signed(town: Town, number: int = 1) -> LedgerEntry:
    document = town.document(number)
    for step, event in enumerate(TO["approved"]):
        who = {"submit": town.drafter, "pass": town.reviewer, "approve": town.approver}[event]
        perform(document, event, actor=who, key=f"{number}-{step}")
    return LedgerEntry.objects.get(document=document)


def test_every_state_of_a_document_says_whether_it_is_issued() -> None:
    """公文添了状态，要在这里说清楚算不算印发了。"""
    assert ISSUED | NOT_ISSUED == set(CIRCULATION.states)
    assert not ISSUED & NOT_ISSUED


def test_a_document_enters_the_ledger_when_signed_with_its_due_date(town: Town) -> None:
    town.document(2)
    entry = signed(town)
    assert LedgerEntry.objects.count() == 1
    assert (entry.document_number, entry.source) == ("测州办发〔2020〕1号", "system")
    assert entry.publish_due.isoformat() == deadline(entry.issued_on)  # type: ignore[union-attr]
    assert entry.publish_due == entry.document.publish_due  # type: ignore[union-attr]
    assert entry.online_on is None and entry.address == ""


def test_publishing_correcting_and_withdrawing_are_followed(town: Town, own: Own) -> None:
    document = online(town, 1, date(2020, 10, 9))
    entry = LedgerEntry.objects.get()
    assert entry.online_on == date(2020, 10, 9)
    assert entry.address.startswith("https://www.example.gov.cn/document/")
    perform(document, "revise", actor=town.drafter, key="r", message="改标题")
    edit(document, {"title": "改过的标题"}, actor=town.drafter)
    perform(document, "correct", actor=town.approver, key="c", message="改标题")
    entry.refresh_from_db()
    assert (entry.title, entry.online_on) == ("改过的标题", date(2020, 10, 9))
    withdraw(town, document)
    entry.refresh_from_db()
    assert entry.withdrawn_on is not None and entry.online_on == date(2020, 10, 9)
    assert LedgerEntry.objects.count() == 1


def test_a_line_imported_before_is_the_same_record(town: Town) -> None:
    rows = [{"document_number": "测州办发〔2020〕1号", "title": "旧标题", "issued_on": "2020.9.20",
             "disclosure": "依申请公开"}]  # fmt: skip
    take_list(
        read_entries(rows, READ_ON), name="旧系统", source="import", actor=town.drafter, key="i"
    )
    before = LedgerEntry.objects.get()
    after = signed(town)
    assert after.pk == before.pk and LedgerEntry.objects.count() == 1
    assert (after.disclosure, after.issued_on) == ("proactive", date(2020, 9, 25))


def test_a_list_never_writes_over_a_document_of_our_own(town: Town) -> None:
    signed(town)
    rows = [{"document_number": "测州办发〔2020〕1号", "title": "别的标题", "issued_on": "2020.9.1",
             "disclosure": "主动公开"}]  # fmt: skip
    made = take_list(
        read_entries(rows, READ_ON), name="旧系统", source="import", actor=town.drafter, key="i"
    )
    assert (made.created, made.updated, made.unchanged, made.faulty) == (0, 0, 1, 0)
    assert [(each["field"], each["is_note"]) for each in made.faults] == [("issued_on", True)]
    assert LedgerEntry.objects.get().issued_on == date(2020, 9, 25)


def test_a_document_renumbered_to_an_imported_line_takes_it_over(town: Town, own: Own) -> None:
    document = online(town, 1, date(2020, 10, 9))
    rows = [{"document_number": "测州办发〔2020〕8号", "title": "另一行", "issued_on": "2020.9.25",
             "disclosure": "主动公开"}]  # fmt: skip
    take_list(
        read_entries(rows, READ_ON), name="旧系统", source="import", actor=town.drafter, key="i"
    )
    perform(document, "revise", actor=town.drafter, key="r", message="改文号")
    edit(document, {"document_number": "测州办发〔2020〕8号"}, actor=town.drafter)
    perform(document, "correct", actor=town.approver, key="c", message="改文号")
    (entry,) = LedgerEntry.objects.all()
    assert (entry.document_id, entry.document_number) == (document.pk, "测州办发〔2020〕8号")


def test_gathering_again_changes_nothing_and_finds_what_was_missed(town: Town) -> None:
    signed(town)
    assert gather() == 0
    LedgerEntry.objects.all().delete()
    assert gather() == 1 and LedgerEntry.objects.get().source == "system"


def test_the_number_of_queries_does_not_grow_with_the_documents(town: Town) -> None:
    keys = []
    for number in range(1, 7):
        entry = signed(town, number)
        keys.append(entry.document_id)
    LedgerEntry.objects.all().delete()
    with CaptureQueriesContext(
        connection,
    ) as few:
        follow(keys[:1])
    with CaptureQueriesContext(connection) as many:
        follow(keys[1:])
    assert len(many) == len(few)


def test_a_change_of_the_calendar_moves_the_document_and_the_ledger_alike(town: Town) -> None:
    load_calendar()
    entry = signed(town)
    assert entry.publish_due is not None
    before = entry.publish_due
    enter_day(
        "linxia", off("2020-10-13", "抗旱"), source=SOURCE, actor=calendar_keeper(town), key="d"
    )  # fmt: skip
    redate()
    entry.refresh_from_db()
    document = entry.document
    assert document is not None
    assert entry.publish_due == document.publish_due
    assert entry.publish_due > before


def test_the_date_of_the_regulation_stands_beside_and_is_earlier(town: Town) -> None:
    document = town.document(1, written_on=date(2020, 9, 10))
    for step, event in enumerate(TO["approved"]):
        who = {"submit": town.drafter, "pass": town.reviewer, "approve": town.approver}[event]
        perform(document, event, actor=who, key=f"s-{step}")
    entry = LedgerEntry.objects.get()
    assert entry.formed_due.isoformat() == deadline(date(2020, 9, 10))  # type: ignore[union-attr]
    assert entry.formed_due < entry.publish_due  # type: ignore[operator]


def test_what_is_published_at_once_is_in_the_ledger_too(town: Town) -> None:
    publish(town, 1)
    assert LedgerEntry.objects.get().online_on is not None
