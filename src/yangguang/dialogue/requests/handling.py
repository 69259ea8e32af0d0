"""办理的每一步的后果：写下经过的各部分，重算期限，办结的记下结果。由流转引擎在同一事务里调用。"""

from collections.abc import Callable, Mapping
from typing import Any

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.reading_day import reading_day

from .due import AGENCY_DUE, CORRECTION_DUE, PAYMENT_DUE, REPLY_DUE, THIRD_PARTY_DUE
from .models import (
    AgencyConsultation,
    Clarification,
    DisclosureRequest,
    Extension,
    ProcessingFee,
    ReasonInquiry,
    ThirdPartyConsultation,
)
from .outcomes import BY_OUTCOME, ENDINGS
from .states import UNCONFIRMED_CHANNELS, State

Inputs = Mapping[str, Any]


def carry_out(request: DisclosureRequest, event: str, *, actor: Actor, inputs: Inputs) -> None:
    """``event`` 的后果。"""
    if request.created_by_id is None and not actor.is_outside:
        request.created_by_id = actor.user_id
    if effect := _EFFECTS.get(event):
        effect(request, inputs)
    if request.state in ENDINGS and request.state != State.WITHDRAWN:
        _finish(request, ENDINGS[request.state])
    redate(request)


def redate(request: DisclosureRequest) -> None:
    """重算一件还没有办结的申请的期限。不存库；办结了的不动。"""
    if request.finished_on is None:
        calendar = Calendars().of(request.organisation)
        REPLY_DUE.write(request, calendar)
        CORRECTION_DUE.write(request, calendar)


def _confirm(request: DisclosureRequest, inputs: Inputs) -> None:
    request.confirmed_on = request.received_on = inputs["confirmed_on"]
    request.evidence = inputs["evidence"]


def _receive(request: DisclosureRequest, inputs: Inputs) -> None:
    request.received_on = request.came_on


def _move_in(request: DisclosureRequest, inputs: Inputs) -> None:
    request.received_on = request.confirmed_on = inputs["received_on"]
    request.evidence = "旧台账转入"
    request.delivered_on = inputs["delivered_on"]
    if inputs["finished_on"]:
        if inputs["result"] not in ENDINGS.values():
            request.replied_on = inputs["finished_on"]
        _finish(request, inputs["result"], on=inputs["finished_on"])


def _assign(request: DisclosureRequest, inputs: Inputs) -> None:
    request.inner_office = inputs.get("inner_office", "")
    request.is_public_health = inputs.get("is_public_health", request.is_public_health)


def _split(request: DisclosureRequest, inputs: Inputs) -> None:
    request.is_counted = False


def _ask_correction(request: DisclosureRequest, inputs: Inputs) -> None:
    Clarification.objects.create(
        request=request,
        items=list(inputs["items"]),
        until=inputs["until"],
        sent_on=inputs["sent_on"],
    )


def _correct(request: DisclosureRequest, inputs: Inputs) -> None:
    clarification = request.clarification
    clarification.corrected_on = inputs["corrected_on"]
    clarification.answer = inputs.get("answer", "")
    clarification.save()


def _consult(request: DisclosureRequest, inputs: Inputs) -> None:
    """``kind`` 是 ``third_party`` 或 ``agency``。"""
    values = {
        "request": request,
        "name": inputs["name"],
        "sent_on": inputs["sent_on"],
        "delivered_on": inputs.get("delivered_on"),
    }
    sought: ThirdPartyConsultation | AgencyConsultation
    if inputs["kind"] == "third_party":
        sought = ThirdPartyConsultation(**values)
    else:
        sought = AgencyConsultation(**values)
    date_opinion(sought)
    sought.save()


def date_opinion(sought: ThirdPartyConsultation | AgencyConsultation) -> None:
    """算出提出意见的期限。不存库。"""
    field = THIRD_PARTY_DUE if isinstance(sought, ThirdPartyConsultation) else AGENCY_DUE
    field.write(sought, Calendars().of(sought.organisation))


def _hear(request: DisclosureRequest, inputs: Inputs) -> None:
    sought = inputs["sought"]
    sought.answer = inputs["answer"]
    sought.opinion = inputs.get("opinion", "")
    sought.settled_on = inputs["settled_on"]
    sought.save()


def _ask_reason(request: DisclosureRequest, inputs: Inputs) -> None:
    ReasonInquiry.objects.create(
        request=request, asked_on=inputs["asked_on"], until=inputs.get("until")
    )


def _give_reason(request: DisclosureRequest, inputs: Inputs) -> None:
    inquiry = request.reason_inquiry
    inquiry.answered_on = inputs["answered_on"]
    inquiry.answer = inputs.get("answer", "")
    inquiry.save()


def _lapse_reason(request: DisclosureRequest, inputs: Inputs) -> None:
    request.reason_inquiry.is_lapsed = True
    request.reason_inquiry.save()


def _cancel_charge(request: DisclosureRequest, inputs: Inputs) -> None:
    # 发错的通知：经过和审计里都有，当作没有收过费
    request.fee.delete()
    request._state.fields_cache.pop("fee", None)


def _delay(request: DisclosureRequest, inputs: Inputs) -> None:
    request.delayed_until = inputs["until"]


def _extend(request: DisclosureRequest, inputs: Inputs) -> None:
    Extension.objects.create(
        request=request, days=inputs["days"], reason=inputs.get("reason") or inputs["message"],
        approved_by_id=inputs["approved_by"], told_on=inputs["told_on"],
    )  # fmt: skip


def _charge(request: DisclosureRequest, inputs: Inputs) -> None:
    fee = ProcessingFee(
        request=request, method=inputs["method"], quantity=inputs["quantity"], yuan=inputs["yuan"],
        notified_on=inputs["notified_on"], delivered_on=inputs.get("delivered_on"),
    )  # fmt: skip
    date_payment(fee)
    fee.save()


def date_payment(fee: ProcessingFee) -> None:
    """算出缴费的期限。不存库。"""
    PAYMENT_DUE.write(fee, Calendars().of(fee.organisation))


def _pay(request: DisclosureRequest, inputs: Inputs) -> None:
    fee = request.fee
    fee.paid_on = inputs["paid_on"]
    fee.voucher = inputs.get("voucher", "")
    fee.save()


def _reply(request: DisclosureRequest, inputs: Inputs) -> None:
    outcome = BY_OUTCOME[inputs["outcome"]]
    request.outcome = outcome.code
    request.replied_on = inputs["replied_on"]
    due = request.reply_due
    request.is_late = due is not None and request.replied_on > due
    _finish(request, outcome.row, on=request.replied_on)


def _deliver(request: DisclosureRequest, inputs: Inputs) -> None:
    request.delivered_on = inputs["delivered_on"]


def _withdraw(request: DisclosureRequest, inputs: Inputs) -> None:
    if request.received_on is None:
        # 还没有收到就撤回的，不算收到过一件
        request.is_counted = False
        if request.channel not in UNCONFIRMED_CHANNELS:
            request.received_on = request.came_on
    _finish(request, ENDINGS[State.WITHDRAWN])


def _finish(request: DisclosureRequest, result: str, on: Any = None) -> None:
    request.result = result
    request.finished_on = on or reading_day()


_EFFECTS: Mapping[str, Callable[[DisclosureRequest, Inputs], None]] = {
    "confirm": _confirm,
    "receive": _receive,
    "move_in": _move_in,
    "assign": _assign,
    "split": _split,
    "ask_correction": _ask_correction,
    "correct": _correct,
    "consult": _consult,
    "hear": _hear,
    "ask_reason": _ask_reason,
    "give_reason": _give_reason,
    "lapse_reason": _lapse_reason,
    "delay": _delay,
    "extend": _extend,
    "charge": _charge,
    "pay": _pay,
    "cancel_charge": _cancel_charge,
    "reply": _reply,
    "deliver": _deliver,
    "withdraw": _withdraw,
}
