"""公文的上网期限：怎么算、哪些还管用。日历一变随之重算（``foundation.calendar.dated``）。"""

from django.db.models import QuerySet

from yangguang.foundation.calendar.dated import DatedField
from yangguang.foundation.calendar.deadlines import Deadline, interpretation_due, publication_due
from yangguang.foundation.calendar.rules import WorkingCalendar

from .interpreting import PLANNED
from .models import OfficialDocument
from .terms import terms

AWAITING = ("approved", "numbered", "issued")
"""签发了、还没有上网的各个状态。"""


def publish_deadline(document: OfficialDocument, calendar: WorkingCalendar) -> Deadline | None:
    """上网期限：主动公开的，自印发之日起 20 个工作日（条例第二十六条）。"""
    if document.disclosure != "proactive" or document.issued_on is None:
        return None
    return publication_due(calendar, document.issued_on)


def awaiting_publication() -> "QuerySet[OfficialDocument]":
    """已签发、尚未发布的公文：期限还管用。发布过的，期限是当时的事实，不再改。"""
    return OfficialDocument.objects.filter(state__in=AWAITING).select_related("organisation")


PUBLISH_DUE = DatedField(
    name="documents.publish_due",
    label="公文的上网期限",
    field="publish_due",
    provisional_field="publish_due_provisional",
    open_records=awaiting_publication,
    compute=publish_deadline,
)


def interpretation_deadline(
    document: OfficialDocument, calendar: WorkingCalendar
) -> Deadline | None:
    """解读的期限：有解读方案的，自印发之日起几个工作日（参数，``terms``）。"""
    planned = document.needs_interpretation and document.interpretation == PLANNED
    if not planned or document.issued_on is None:
        return None
    days = terms(document.issued_on).working_days
    return interpretation_due(calendar, document.issued_on, days)


def awaiting_interpretation() -> "QuerySet[OfficialDocument]":
    """签发了、有解读方案、还没有发布解读的：解读的期限管用。解读了的，期限是当时的事实，不再改。"""
    return OfficialDocument.objects.filter(
        state__in=(*AWAITING, "published", "revising"),
        interpretation=PLANNED,
        interpreted_on__isnull=True,
    ).select_related("organisation")


INTERPRETATION_DUE = DatedField(
    name="documents.interpretation_due",
    label="公文的解读期限",
    field="interpretation_due",
    provisional_field="interpretation_due_provisional",
    open_records=awaiting_interpretation,
    compute=interpretation_deadline,
)
