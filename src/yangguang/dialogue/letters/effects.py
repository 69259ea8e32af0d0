"""文书走一步的后果：签发编号、定稿、排上作业；送出、送达，申请随着走一步。由流转引擎在同一事务里调用。"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone

from yangguang.dialogue.requests.procedures import note_delivered, note_fee_delivered
from yangguang.dialogue.requests.selectors import charge_of
from yangguang.foundation.accounts.rules import Actor, outsider
from yangguang.foundation.encryption import seal
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.rules import GuardContext
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.numbering.services import take
from yangguang.foundation.reading_day import reading_day

from .gathering import composed
from .models import CaseLetter
from .numbers import numbered, series

MAKE = "letters.make"
SEALED = "letters.text"
EVENTS: Mapping[str, str] = {
    "clarification": "ask_correction",
    "extension": "extend",
    "third_party_consultation": "consult",
    "joint_maker_consultation": "consult",
    "reason_inquiry": "ask_reason",
    "delayed_reply": "delay",
    "fee_notice": "charge",
}
"""送出哪一种程序性的文书，申请走哪一步；答复书都是 ``reply``，别的不走。"""


def event_of(letter: CaseLetter) -> str:
    """送出以后申请走的一步；不走的为空串。"""
    return "reply" if letter.kind_of.outcome else EVENTS.get(letter.kind, "")


def request_inputs(letter: CaseLetter, sent_on: date) -> dict[str, Any]:
    """申请走那一步要填的。"""
    terms = letter.terms
    match event_of(letter):
        case "ask_correction":
            until = date.fromisoformat(terms["until"])
            return {"items": terms["items"], "until": until, "sent_on": sent_on}
        case "extend":
            return {
                "days": int(terms["days"]), "told_on": sent_on, "approved_by": letter.signed_by_id,
                "reason": letter.written.get("reasons", ""),
            }  # fmt: skip
        case "consult":
            kind = "third_party" if letter.kind == "third_party_consultation" else "agency"
            return {"kind": kind, "name": letter.addressee, "sent_on": sent_on}
        case "ask_reason":
            return {"asked_on": sent_on, "until": date.fromisoformat(terms["until"])}
        case "delay":
            return {"until": date.fromisoformat(terms["until"])}
        case "charge":
            yuan, _ = charge_of(terms["method"], int(terms["quantity"]))
            return {
                "method": terms["method"], "quantity": int(terms["quantity"]), "yuan": yuan,
                "notified_on": sent_on,
            }  # fmt: skip
        case "reply":
            return {"outcome": letter.kind, "replied_on": sent_on}
        case _:
            return {}


def request_refusals(letter: CaseLetter) -> list[str]:
    """申请现在为什么走不了送出以后的那一步，每条一句。日期送出时再看，由经办人办。"""
    event, request = event_of(letter), letter.request
    if not event:
        return []
    officer = outsider("经办人", "request_officer", request.organisation_id, "")
    inputs = request_inputs(letter, reading_day()) | {"message": ""}
    context = GuardContext(request.guard_facts(), inputs, officer, "", timezone.now())
    return request.lifecycle.reasons_against(event, request.state, context, is_filled=False)


def carry_out(letter: CaseLetter, event: str, *, actor: Actor, inputs: Mapping[str, Any]) -> None:
    """``event`` 的后果。"""
    if event == "sign":
        _sign(letter, actor)
    elif event == "send":
        letter.sent_on = inputs["sent_on"]
        letter.mail_number = inputs.get("mail_number", "")
        _send(letter, actor)
    elif event == "deliver":
        letter.delivered_on = inputs["delivered_on"]
        letter.proof = str(inputs["message"])[:300]
        _deliver(letter, actor)


def _sign(letter: CaseLetter, actor: Actor) -> None:
    """编号、成文、定稿：此后的 docx、PDF 都照这一份。"""
    letter.signed_by_id = actor.user_id
    letter.written_on = today = reading_day()
    kind = letter.kind_of
    if kind.series:
        code = letter.organisation.request_office.agency_code
        place = take(series(kind, code), today.year, letter.organisation)
        letter.number = numbered(kind, code, today.year, place)
    parts = [asdict(part) for part in composed(letter).parts]
    letter.sealed = seal(json.dumps(parts, ensure_ascii=False).encode(), SEALED)
    enqueue(MAKE, {"letter": letter.pk}, key=f"letter:{letter.pk}")


def _send(letter: CaseLetter, actor: Actor) -> None:
    if event := event_of(letter):
        assert letter.sent_on is not None  # noqa: S101  刚写下的
        perform(
            letter.request, event, actor=actor, key=f"letter:{letter.pk}:{event}",
            message=letter.number, inputs=request_inputs(letter, letter.sent_on),
        )  # fmt: skip
    if letter.kind == "third_party_notice":
        told = letter.request.third_parties.filter(name=letter.addressee)
        told.update(told_on=letter.sent_on)


def _deliver(letter: CaseLetter, actor: Actor) -> None:
    """答复书送达，申请就送达了；收费通知、征求意见书送达，对方的期限由此起算。"""
    assert letter.delivered_on is not None  # noqa: S101  刚写下的
    request = letter.request
    if letter.kind_of.outcome and request.state == "replied":
        perform(
            request, "deliver", actor=actor, key=f"letter:{letter.pk}:deliver",
            inputs={"delivered_on": letter.delivered_on},
        )  # fmt: skip
    elif letter.kind == "fee_notice" and request.state == "awaiting_fee":
        note_fee_delivered(request, letter.delivered_on, actor=actor)
    elif letter.kind in ("third_party_consultation", "joint_maker_consultation"):
        rows: Any = (
            request.third_parties if letter.kind == "third_party_consultation" else request.agencies
        )
        sought = rows.filter(name=letter.addressee, settled_on__isnull=True).last()
        if sought is not None and request.state == "consulting":
            note_delivered(sought, letter.delivered_on, actor=actor)
