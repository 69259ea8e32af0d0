"""台账的两个期限：自印发日期起算的上网期限，和条例第二十六条自形成之日起算的。日历一变随之重算。"""

from django.db.models import QuerySet

from yangguang.foundation.calendar.dated import DatedField
from yangguang.foundation.calendar.deadlines import Deadline, publication_due
from yangguang.foundation.calendar.rules import WorkingCalendar

from .models import LedgerEntry


def publish_deadline(entry: LedgerEntry, calendar: WorkingCalendar) -> Deadline | None:
    """上网期限：自印发之日起 20 个工作日。本系统的公文就是公文上记的那一个，两处永远相同。"""
    if entry.disclosure != "proactive":
        return None
    document = entry.document
    if document is not None and document.publish_due is not None:
        return Deadline(document.publish_due, document.publish_due_provisional, ())
    return publication_due(calendar, entry.issued_on)


def formed_deadline(entry: LedgerEntry, calendar: WorkingCalendar) -> Deadline | None:
    """条例第二十六条：自形成之日起 20 个工作日。没有成文日期的算不出。"""
    if entry.disclosure != "proactive" or entry.written_on is None:
        return None
    return publication_due(calendar, entry.written_on)


def owed() -> "QuerySet[LedgerEntry]":
    """别处印发、在账、主动公开、还没有上网的：期限还管用。上了网的，期限是当时的事实，不再改。

    本系统的公文的，公文重算了随着改（``following``）。
    """
    return LedgerEntry.objects.filter(
        state="listed", disclosure="proactive", online_on__isnull=True, document__isnull=True
    ).select_related("organisation")


PUBLISH_DUE = DatedField(
    name="ledger.publish_due",
    label="台账的上网期限",
    field="publish_due",
    provisional_field="publish_due_provisional",
    open_records=owed,
    compute=publish_deadline,
)
FORMED_DUE = DatedField(
    name="ledger.formed_due",
    label="自形成之日起算的期限",
    field="formed_due",
    provisional_field="formed_due_provisional",
    open_records=owed,
    compute=formed_deadline,
)
