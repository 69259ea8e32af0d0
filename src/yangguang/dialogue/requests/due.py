"""依申请公开的几个期限：答复、告知补正、提出意见、缴费。只由这里算出，日历一变随之重算。"""

from django.db.models import QuerySet

from yangguang.foundation.calendar.dated import DatedField
from yangguang.foundation.calendar.deadlines import (
    Deadline,
    fee_payment_due,
    joint_maker_due,
    third_party_due,
)
from yangguang.foundation.calendar.rules import WorkingCalendar

from .clocks import correction_deadline, reply_deadline
from .models import (
    OPINIONS,
    PARTS,
    AgencyConsultation,
    DisclosureRequest,
    ProcessingFee,
    ThirdPartyConsultation,
)
from .states import OPEN, State


def reply_due_of(request: DisclosureRequest, calendar: WorkingCalendar) -> Deadline | None:
    """答复的期限。"""
    return reply_deadline(calendar, request.course())


def correction_due_of(request: DisclosureRequest, calendar: WorkingCalendar) -> Deadline | None:
    """告知补正的期限。"""
    return correction_deadline(calendar, request.course())


def still_open() -> "QuerySet[DisclosureRequest]":
    """还没有办结的，连同与期限有关的各部分。办结了的，期限是当时的事实，不再改。"""
    return (
        DisclosureRequest.objects.filter(state__in=OPEN)
        .select_related("organisation", *PARTS)
        .prefetch_related(*OPINIONS)
    )


def _third_parties() -> "QuerySet[ThirdPartyConsultation]":
    rows = ThirdPartyConsultation.objects.filter(settled_on__isnull=True)
    return rows.filter(delivered_on__isnull=False).select_related("request__organisation")


def _agencies() -> "QuerySet[AgencyConsultation]":
    rows = AgencyConsultation.objects.filter(settled_on__isnull=True)
    return rows.filter(delivered_on__isnull=False).select_related("request__organisation")


def _fees() -> "QuerySet[ProcessingFee]":
    rows = ProcessingFee.objects.filter(paid_on__isnull=True, delivered_on__isnull=False)
    return rows.filter(request__state=State.AWAITING_FEE).select_related("request__organisation")


def _third_party(sought: ThirdPartyConsultation, calendar: WorkingCalendar) -> Deadline | None:
    return third_party_due(calendar, sought.delivered_on) if sought.delivered_on else None


def _agency(sought: AgencyConsultation, calendar: WorkingCalendar) -> Deadline | None:
    return joint_maker_due(calendar, sought.delivered_on) if sought.delivered_on else None


def _payment(fee: ProcessingFee, calendar: WorkingCalendar) -> Deadline | None:
    return fee_payment_due(calendar, fee.delivered_on) if fee.delivered_on else None


REPLY_DUE = DatedField(
    "requests.reply_due", "答复期限", "reply_due", "reply_due_provisional", still_open, reply_due_of
)
CORRECTION_DUE = DatedField(
    "requests.correction_due", "告知补正的期限", "correction_due", "correction_due_provisional",
    still_open, correction_due_of,
)  # fmt: skip
THIRD_PARTY_DUE = DatedField(
    "requests.third_party_due", "第三方提出意见的期限", "opinion_due", "opinion_due_provisional",
    _third_parties, _third_party,
)  # fmt: skip
AGENCY_DUE = DatedField(
    "requests.agency_due", "其他机关提出意见的期限", "opinion_due", "opinion_due_provisional",
    _agencies, _agency,
)  # fmt: skip
PAYMENT_DUE = DatedField(
    "requests.payment_due", "缴费的期限", "payment_due", "payment_due_provisional", _fees, _payment
)
FIELDS = (REPLY_DUE, CORRECTION_DUE, THIRD_PARTY_DUE, AGENCY_DUE, PAYMENT_DUE)
