"""依申请公开的动作：收申请，登记，办理的每一步，显示身份，封存一年的表三。"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor, outsider
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.encryption import keyed_digests, seal
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import (
    KeyTaken,
    OutOfScope,
    Refused,
    hand_over,
    note,
    perform,
    refuse_marked,
    start,
)
from yangguang.foundation.numbering.services import take
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day

from .applicants import Applicant
from .counting import Period, findings, sealed_table, table3
from .deciding import TEXTS, decide
from .handling import date_opinion, date_payment
from .holds import held_decision
from .models import (
    AgencyConsultation,
    ContactAttempt,
    Decision,
    DisclosureRequest,
    ReasonInquiry,
    RequestFile,
    SearchRecord,
    ThirdPartyConsultation,
    YearTable,
)
from .rules import HANDLED, OFFICER, RECEPTION, UNCONFIRMED_CHANNELS
from .selectors import (
    QUERY,
    SEALED,
    applicant_of,
    charge_of,
    digests_of,
    normal_code,
    standing_of,
)

SERIES = "requests"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""查询码用的字：去掉了 0 和 O、1 和 I、L 这些看不清的。"""
CODE_LENGTH = 10
NO_ONE = "申请人"
Sought = ThirdPartyConsultation | AgencyConsultation


@dataclass(frozen=True)
class Asked:
    """申请的内容：要什么，怎样给。"""

    subject: str
    description: str
    delivery_form: str
    delivery_way: str
    document_number: str = ""
    wants_publication: bool = False


@dataclass(frozen=True)
class Receipt:
    """收件回执：申请编号和查询码。``is_new`` 为假的是同一次提交又来了一遍，查询码只在头一次给。"""

    request: DisclosureRequest
    query_code: str
    is_new: bool = True


def new_code() -> str:
    """一个新的查询码，写成 ``XXXXX-XXXXX``。"""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{drawn[:5]}-{drawn[5:]}"


def applicant_actor(organisation: Organisation) -> Actor:
    """申请人：系统外的当事人。"""
    return outsider(NO_ONE, "applicant", organisation.pk, organisation.path)


@transaction.atomic
def submit(
    asked: Asked,
    applicant: Applicant,
    *,
    organisation: Organisation,
    key: str,
    query_code: str,
    resident: int | None = None,
    is_demonstration: bool = False,
) -> Receipt:
    """网上提出一件申请。同一 ``key`` 只收一件，再来的给同一件。

    ``query_code`` 是先取好的（``new_code``）：同一次提交再来，页面上给的还是那一个。收到申请之日要等与申请人确认
    （条例第三十一条）。带密级标志的抛出 ``Classified``。
    """
    request = _opened(asked, applicant, organisation, "internet", reading_day(), query_code)
    request.resident_id = resident
    request.is_demonstration = is_demonstration
    return _begun(request, applicant_actor(organisation), key, query_code)


@transaction.atomic
def take_in(
    asked: Asked,
    applicant: Applicant,
    *,
    channel: str,
    came_on: date,
    organisation: Organisation,
    actor: Actor,
    key: str,
    query_code: str,
    is_oral: bool = False,
    is_demonstration: bool = False,
) -> Receipt:
    """工作人员登记一件当面、邮寄、传真来的申请。当面提交、签收的邮件，到达之日就是收到之日；其余等确认。

    ``is_oral`` 是有困难的人口头提出、由工作人员代为填写的（条例第二十九条）。
    """
    request = _opened(asked, applicant, organisation, channel, came_on, query_code)
    request.is_oral = is_oral
    request.is_demonstration = is_demonstration
    receipt = _begun(request, actor, key, query_code)
    if receipt.is_new and channel not in UNCONFIRMED_CHANNELS:
        perform(request, "receive", actor=actor, key=f"{key}:receive")
    return receipt


def _opened(
    asked: Asked, applicant: Applicant, organisation: Organisation, channel: str, came_on: date,
    query_code: str,
) -> DisclosureRequest:  # fmt: skip
    refuse_marked(asked.subject, asked.document_number, asked.description)
    return DisclosureRequest(
        organisation=organisation,
        query_digest=keyed_digests(normal_code(query_code).encode(), QUERY)[0],
        channel=channel,
        submitted_at=timezone.now(),
        came_on=came_on,
        **_identity(applicant),
        subject=asked.subject,
        document_number=asked.document_number,
        description=asked.description,
        delivery_form=asked.delivery_form,
        delivery_way=asked.delivery_way,
        wants_publication=asked.wants_publication,
    )


def _identity(applicant: Applicant) -> dict[str, Any]:
    """申请人怎样存：加密的一份，认人的摘要，平常显示的称呼。"""
    sealed = seal(json.dumps(applicant.values(), ensure_ascii=False).encode(), SEALED)
    return {
        "applicant_kind": applicant.kind,
        "applicant_label": applicant.label,
        "applicant_digest": digests_of(applicant)[0],
        "sealed": sealed,
    }


def _begun(request: DisclosureRequest, actor: Actor, key: str, query_code: str) -> Receipt:
    earlier = TransitionRecord.objects.filter(idempotency_key=key).first()
    if earlier is not None:
        again = DisclosureRequest.objects.filter(pk=earlier.object_id).first()
        if again is None or earlier.event != "create" or not _is_same(request, again, query_code):
            raise KeyTaken
        return Receipt(again, query_code, is_new=False)
    request.number = _number(request)
    start(request, actor=actor, key=key)
    return Receipt(request, query_code)


def _is_same(request: DisclosureRequest, again: DisclosureRequest, query_code: str) -> bool:
    """又来的一遍确是同一个人向同一机关提的：键和查询码落到别人手里，也领不到这一件。"""
    digests = keyed_digests(normal_code(query_code).encode(), QUERY)
    return (
        again.query_digest in digests
        and again.organisation_id == request.organisation_id
        and again.applicant_digest == request.applicant_digest
    )


def _number(request: DisclosureRequest) -> str:
    """申请编号：``机构编号-年份-流水``，每个机构每年一列，不缺不重。"""
    year = request.submitted_at.astimezone(timezone.get_current_timezone()).year
    return f"{request.organisation_id:04d}-{year}-{take(SERIES, year, request.organisation):05d}"


@transaction.atomic
def attach(request: DisclosureRequest, file: StoredFile, kind: str, *, actor: Actor) -> RequestFile:
    """给一件申请添一份材料。申请人添的，看不看得到由调用者先验过。"""
    if not actor.is_outside:
        _seen(request, actor, RECEPTION)
    row = RequestFile.objects.create(
        request=request, file=file, kind=kind, is_from_applicant=actor.is_outside
    )
    record_event("requests.attach", actor=actor, target=request, public={"kind": kind})
    return row


@transaction.atomic
def note_attempt(
    request: DisclosureRequest, on: date, text: str, *, actor: Actor, key: str
) -> None:
    """记下联系申请人的一次尝试。还没有确认收到的才记，日期不在到达以前、今天以后。"""
    _seen(request, actor, RECEPTION)
    if request.state != "submitted":
        raise Refused(["已经确认收到，不必再记。"])
    if not request.came_on <= on <= reading_day():
        raise Refused(["联系的日期须在申请到达以后、今天以前。"])
    if note(request, "try_contact", "联系申请人", actor=actor, key=key):
        ContactAttempt.objects.create(request=request, on=on, note=text, by_id=actor.user_id)
        record_event("requests.try_contact", actor=actor, target=request, public={"on": on})


@transaction.atomic
def assign(
    request: DisclosureRequest,
    *,
    actor: Actor,
    key: str,
    inner_office: str = "",
    is_public_health: bool = False,
    officer: User | None = None,
    message: str = "",
) -> None:
    """登记分办：写明承办科室，公共卫生类的标出来；``officer`` 是交给哪个经办人，为空就是自己。"""
    inputs = {"inner_office": inner_office, "is_public_health": is_public_health}
    perform(request, "assign", actor=actor, key=key, message=message, inputs=inputs)
    keeper = officer or User.objects.get(pk=actor.user_id)
    if keeper.pk != request.created_by_id:
        hand_over(request, to=keeper, actor=actor, key=f"{key}:over", message=inner_office)


@transaction.atomic
def split(
    request: DisclosureRequest, parts: Sequence[str], *, actor: Actor, key: str, message: str = ""
) -> list[DisclosureRequest]:
    """按一事一申请拆开：原件不再计件，每一项成为一件，收到之日、申请人、形式要求都照原件。"""
    wanted = [each.strip() for each in parts if each.strip()]
    perform(request, "split", actor=actor, key=key, message=message, inputs={"parts": wanted})
    found = list(request.parts.order_by("pk"))
    if found:
        return found
    return [
        _copied(request, actor, f"{key}:{place}", subject=part[:200], split_from=request)
        for place, part in enumerate(wanted, 1)
    ]


@transaction.atomic
def reopen(
    request: DisclosureRequest, *, since: date, actor: Actor, key: str, message: str
) -> DisclosureRequest:
    """复议、判决要求重作：另开一件接着办，自 ``since`` 起重新计算期限，不另计件。没有办结的抛出 ``Refused``。"""
    _seen(request, actor, OFFICER)
    if request.finished_on is None:
        raise Refused(["还没有办结，不能重作。"])
    if not request.finished_on <= since <= reading_day():
        raise Refused(["重作的起算日须在办结以后、今天以前。"])
    if not message.strip():
        raise Refused(["请写明依据：哪一份复议决定、哪一份判决。"])
    return _copied(
        request, actor, key, subject=request.subject, description=request.description,
        reopened_from=request, is_counted=False, came_on=since, message=message,
    )  # fmt: skip


def _copied(
    request: DisclosureRequest, actor: Actor, key: str, *, message: str = "", **changed: Any
) -> DisclosureRequest:
    """照一件另开一件，直接到办理中。"""
    if earlier := TransitionRecord.objects.filter(idempotency_key=key).first():
        return DisclosureRequest.objects.get(pk=earlier.object_id)
    kept = (
        "channel", "is_oral", "applicant_kind", "applicant_label", "applicant_digest", "sealed",
        "resident_id", "query_digest", "delivery_form", "delivery_way", "wants_publication",
        "is_public_health", "is_demonstration", "came_on",
    )  # fmt: skip
    values = {name: getattr(request, name) for name in kept} | changed
    made = DisclosureRequest(
        organisation=request.organisation, submitted_at=timezone.now(), **values
    )
    made.number = _number(made)
    start(made, actor=actor, key=key, message=message)
    if made.channel in UNCONFIRMED_CHANNELS:
        is_redone = made.reopened_from_id is not None
        inputs = {
            "confirmed_on": made.came_on if is_redone else request.received_on,
            "evidence": message if is_redone else request.evidence,
        }
        perform(made, "confirm", actor=actor, key=f"{key}:received", inputs=inputs)
    else:
        perform(made, "receive", actor=actor, key=f"{key}:received")
    perform(made, "assign", actor=actor, key=f"{key}:assign")
    return made


@transaction.atomic
def note_search(
    request: DisclosureRequest, values: Mapping[str, Any], *, actor: Actor, key: str
) -> None:
    """记下一次检索：范围、关键词、地方、结果。"""
    current = _handled(request, actor)
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
    current = _handled(request, actor)
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
    current = _handled(request, actor)
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
    _handled(sought.request, actor)
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
    _seen(request, actor, RECEPTION)
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
        raise Refused(["申请人的身份已经匿名化，或者密钥已更换，看不到了。"])
    record_event(
        "requests.show_applicant", actor=actor, target=request, fields=("sealed",), note=purpose
    )
    return found


@transaction.atomic
def correct_by_applicant(request: DisclosureRequest, answer: str, *, key: str) -> None:
    """申请人自己交来补正。"""
    inputs = {"corrected_on": reading_day(), "answer": answer}
    _by_applicant(request, "correct", key, inputs)


@transaction.atomic
def give_reason_by_applicant(request: DisclosureRequest, answer: str, *, key: str) -> None:
    """申请人自己说明理由。"""
    _by_applicant(request, "give_reason", key, {"answered_on": reading_day(), "answer": answer})


@transaction.atomic
def withdraw_by_applicant(request: DisclosureRequest, reason: str, *, key: str) -> None:
    """申请人自己撤回。"""
    _by_applicant(request, "withdraw", key, {}, message=reason.strip() or "申请人撤回")


@transaction.atomic
def acknowledge_by_applicant(request: DisclosureRequest, *, key: str) -> None:
    """申请人确认收到答复。"""
    _by_applicant(request, "deliver", key, {"delivered_on": reading_day()})


def _by_applicant(
    request: DisclosureRequest, event: str, key: str, inputs: Mapping[str, Any], message: str = ""
) -> None:
    perform(
        request, event, actor=applicant_actor(request.organisation), key=key, message=message,
        inputs=inputs,
    )  # fmt: skip


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


def _seen(request: DisclosureRequest, actor: Actor, roles: frozenset[str]) -> None:
    """看得见、身份也对的才能办。"""
    if actor.role not in roles or not request.policy.visible(actor).filter(pk=request.pk).exists():
        raise OutOfScope


def _handled(request: DisclosureRequest, actor: Actor) -> DisclosureRequest:
    """锁住一件正在办理的申请；不在办理的抛出 ``Refused``。"""
    _seen(request, actor, OFFICER)
    rows = DisclosureRequest.objects.select_for_update(of=("self",)).select_related("organisation")
    current = rows.get(pk=request.pk)
    if current.state not in HANDLED:
        raise Refused([f"“{current.state_label}”的申请不能再办这一步。"])
    return current
