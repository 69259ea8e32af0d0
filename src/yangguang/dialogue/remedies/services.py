"""复议、诉讼的动作：登记，责令重作的另开一件申请。提交答复、审结由流转引擎走。"""

from datetime import date

from django.db import transaction

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.services import reopen
from yangguang.dialogue.requests.states import OFFICER
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, refuse_marked, start
from yangguang.foundation.reading_day import reading_day

from .due import ANSWER_DUE
from .models import Remedy
from .proceedings import KINDS


@transaction.atomic
def enter(
    request: DisclosureRequest,
    kind: str,
    *,
    body: str,
    received_on: date,
    actor: Actor,
    key: str,
    case_number: str = "",
    is_simplified: bool = False,
) -> Remedy:
    """登记一件复议、诉讼。还没有收到的、日期早于收到的抛出 ``Refused``。"""
    if actor.role not in OFFICER or actor.organisation_id != request.organisation_id:
        raise OutOfScope
    refuse_marked(body, case_number)
    reasons = [] if kind in KINDS else ["请选定是复议、直接起诉，还是复议后起诉。"]
    if request.received_on is None:
        reasons.append("这件申请还没有确认收到。")
    elif not request.received_on <= received_on <= reading_day():
        reasons.append("收到通知的日期须在收到申请以后、今天以前。")
    if reasons:
        raise Refused(reasons)
    remedy = Remedy(
        organisation=request.organisation, request=request, kind=kind, body=body.strip(),
        case_number=case_number.strip(), received_on=received_on,
        is_simplified=is_simplified and kind == "reconsideration",
    )  # fmt: skip
    ANSWER_DUE.write(remedy, Calendars().of(request.organisation))
    start(remedy, actor=actor, key=key)
    return remedy


@transaction.atomic
def redo(remedy: Remedy, since: date, *, actor: Actor, key: str) -> DisclosureRequest:
    """责令重作：另开一件接着办，自 ``since``（收到决定书、判决书之日）起重新计算期限。只开一次。"""
    if actor.role not in OFFICER or actor.organisation_id != remedy.organisation_id:
        raise OutOfScope
    current = Remedy.objects.select_for_update().get(pk=remedy.pk)
    if current.redone is not None:
        return current.redone
    if not current.orders_redo or current.decided_on is None:
        raise Refused(["没有责令重作，不能另开。"])
    if since < current.decided_on:
        raise Refused(["重作的起算日不能早于审结之日。"])
    why = f"{current.body}{current.decision_number}责令重新答复"
    current.redone = reopen(current.request, since=since, actor=actor, key=key, message=why)
    current.save(update_fields=["redone"])
    record_event("remedies.redo", actor=actor, target=current, fields=("redone",))
    return current.redone
