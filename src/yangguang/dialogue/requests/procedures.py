"""依申请公开办理中的动作：检索、判断、认定理由、意见、收费、显示身份、封存表三。"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import (
    OutOfScope,
    Refused,
    note,
    perform,
    refuse_marked,
)
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day

from .access import require_handled, require_seen
from .applicants import Applicant
from .counting import Period, findings, sealed_table, table3
from .deciding import TEXTS, decide
from .handling import date_opinion, date_payment
from .holds import held_decision
from .models import (
    AgencyConsultation,
    Decision,
    DisclosureRequest,
    ReasonInquiry,
    SearchRecord,
    ThirdPartyConsultation,
    YearTable,
)
from .selectors import (
    applicant_of,
    charge_of,
    standing_of,
)
from .states import OFFICER, RECEPTION

Sought = ThirdPartyConsultation | AgencyConsultation


@transaction.atomic
def note_search(
    request: DisclosureRequest, values: Mapping[str, Any], *, actor: Actor, key: str
) -> None:
    """记下一次检索：范围、关键词、地方、结果。"""
    current = require_handled(request, actor)
    refuse_marked(*values.values())
    if values["searched_on"] > reading_day() or values["searched_on"] < current.received_on:
        raise Refused(["检索的日期须在收到申请以后、今天以前。"])
    if note(request, "search", "检索", actor=actor, key=key, message=values["found"]):
        SearchRecord.objects.create(request=current, by_id=actor.user_id, **values)
        record_event("requests.search", actor=actor, target=current)


@transaction.atomic
def save_decision(
    request: DisclosureRequest, answers: Mapping[str, str], *, actor: Actor
) -> Decision:
    """存下七步判断。没有走到头的也存；能不能答复另看 ``decision_faults``。"""
    current = require_handled(request, actor)
    if reasons := held_decision(current):
        raise Refused(reasons)
    refuse_marked(*(answers.get(name, "") for name in TEXTS))
    kept = {str(name): str(value).strip() for name, value in answers.items() if str(value).strip()}
    found = decide(kept, standing_of(current))
    decision, _ = Decision.objects.update_or_create(
        request=current,
        defaults={
            "answers": kept,
            "outcome": found.outcome.code if found.outcome else "",
            "decided_by_id": actor.user_id,
            "decided_at": timezone.now(),
        },
    )
    record_event(
        "requests.decide", actor=actor, target=current, fields=("decision",),
        public={"outcome": decision.outcome},
    )  # fmt: skip
    return decision


@transaction.atomic
def judge_reason(
    request: DisclosureRequest, verdict: str, grounds: str, *, actor: Actor
) -> ReasonInquiry:
    """认定申请人说明的理由合不合理（条例第三十五条）。"""
    current = require_handled(request, actor)
    inquiry: ReasonInquiry | None = getattr(current, "reason_inquiry", None)
    if inquiry is None or not (inquiry.answered_on or inquiry.is_lapsed):
        raise Refused(["还没有收到申请人的说明。"])
    if inquiry.is_lapsed and verdict == "reasonable":
        raise Refused(["申请人逾期没有说明，不能认定为合理。"])
    if verdict not in ReasonInquiry.VERDICTS or not grounds.strip():
        raise Refused(["请选定合理还是不合理，并写明缘由。"])
    inquiry.verdict, inquiry.grounds = verdict, grounds.strip()
    inquiry.save(update_fields=["verdict", "grounds"])
    record_event("requests.judge_reason", actor=actor, target=current, public={"verdict": verdict})
    return inquiry


@transaction.atomic
def note_delivered(sought: Sought, on: date, *, actor: Actor) -> None:
    """记下被征求意见的一方收到征求意见书之日：15 个工作日自此起算。"""
    require_handled(sought.request, actor)
    if not sought.sent_on <= on <= reading_day():
        raise Refused(["对方收到之日须在发出以后、今天以前。"])
    sought.delivered_on = on
    date_opinion(sought)
    sought.save()
    record_event("requests.note_delivered", actor=actor, target=sought.request, public={"on": on})


@transaction.atomic
def hear(
    sought: Sought, answer: str, *, settled_on: date, actor: Actor, key: str, opinion: str = ""
) -> None:
    """记下意见。逾期没有提出的（``silent``、``deemed``），以期限届满之日为结果之日，期限没有过的抛出 ``Refused``。"""
    today = reading_day()
    if answer not in sought.ANSWERS:
        raise Refused(["请选定对方的意见。"])
    if answer in ("silent", "deemed"):
        due = sought.opinion_due
        if due is None:
            raise Refused(["还没有记下对方收到征求意见书之日，期限没有起算。"])
        if today <= due:
            raise Refused([f"对方提出意见的期限到 {due.isoformat()} 为止，还没有过。"])
        settled_on = due
    if not sought.sent_on <= settled_on <= today:
        raise Refused(["收到意见之日须在发出以后、今天以前。"])
    if answer == "objects" and not opinion.strip():
        raise Refused(["不同意公开的，请记下对方的理由。"])
    if answer == "unreached" and not opinion.strip():
        raise Refused(["无法送达的，请写明退件、找不到人的凭据。"])
    request = sought.request
    asked: list[Sought] = [*request.third_parties.all(), *request.agencies.all()]
    left = len([each for each in asked if each.settled_on is None and each != sought])
    inputs = {
        "sought": sought, "answer": answer, "settled_on": settled_on, "opinion": opinion,
        "open_left": left,
    }  # fmt: skip
    perform(request, "hear", actor=actor, key=key, message=opinion, inputs=inputs)


@transaction.atomic
def note_fee_delivered(request: DisclosureRequest, on: date, *, actor: Actor) -> None:
    """记下申请人收到收费通知之日：20 个工作日的缴费期限自此起算。"""
    require_seen(request, actor, RECEPTION)
    fee = getattr(request, "fee", None)
    if fee is None or fee.paid_on is not None:
        raise Refused(["没有等着缴的费用。"])
    if fee.delivered_on is not None:
        raise Refused(["申请人收到通知的日期已经记下，不能再改。"])
    if not fee.notified_on <= on <= reading_day():
        raise Refused(["收到通知之日须在通知发出以后、今天以前。"])
    fee.delivered_on = on
    date_payment(fee)
    fee.save()
    record_event("requests.note_fee_delivered", actor=actor, target=request, public={"on": on})


@transaction.atomic
def charge(
    request: DisclosureRequest,
    method: str,
    quantity: int,
    *,
    notified_on: date,
    actor: Actor,
    key: str,
    delivered_on: date | None = None,
) -> None:
    """发收费通知：``method`` 是按件（``quantity`` 是本月第几件）或者按量（多少页）。金额照标准算，不由人填。"""
    yuan, _ = charge_of(method, quantity)
    inputs = {
        "method": method, "quantity": quantity, "yuan": yuan, "notified_on": notified_on,
        "delivered_on": delivered_on,
    }  # fmt: skip
    perform(request, "charge", actor=actor, key=key, inputs=inputs)


@transaction.atomic
def show_applicant(request: DisclosureRequest, purpose: str, *, actor: Actor) -> Applicant:
    """显示申请人的身份和联系方式。须写明用途，每次入审计；没有权限抛出 ``OutOfScope``。"""
    if not request.policy.may_show(actor, request):
        raise OutOfScope
    if not purpose.strip():
        raise Refused(["请写明为什么要看申请人的身份。"])
    found = applicant_of(request)
    if found is None:
        raise Refused(["申请人的身份解不开，密钥可能已经更换，看不到了。"])
    record_event(
        "requests.show_applicant", actor=actor, target=request, fields=("sealed",), note=purpose
    )
    return found


@transaction.atomic
def seal_year(organisation: Organisation, year: int, *, actor: Actor) -> YearTable:
    """封存一年的表三。年还没有过完、封存过、不合勾稽的抛出 ``Refused``。"""
    today = reading_day()
    if actor.role not in OFFICER or actor.organisation_id != organisation.pk:
        raise OutOfScope
    period = Period.of(year, today)
    reasons = [] if today > period.until and period.is_whole else [f"{year} 年还没有过完。"]
    if sealed_table(organisation.pk, year):
        reasons.append(f"{year} 年度的表三已经封存。")
    own = DisclosureRequest.objects.filter(organisation=organisation)
    cells = table3(own, period)
    previous = sealed_table(organisation.pk, year - 1)
    reasons += [each.message for each in findings(cells, previous.cells if previous else None)]
    if reasons:
        raise Refused(reasons)
    sealed = YearTable.objects.create(
        organisation=organisation, year=year, cells=cells, sealed_by_id=actor.user_id,
        sealed_at=timezone.now(),
    )  # fmt: skip
    record_event("requests.seal_year", actor=actor, target=sealed, public={"year": year})
    return sealed
