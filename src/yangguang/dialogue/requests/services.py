"""依申请公开的动作：收申请，登记分办，拆分，重作，材料，申请人自己走的几步。办理中的见 ``procedures``。"""

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

from .access import require_seen
from .applicants import Applicant
from .models import (
    AgencyConsultation,
    ContactAttempt,
    DisclosureRequest,
    RequestFile,
    ThirdPartyConsultation,
)
from .selectors import (
    QUERY,
    SEALED,
    digests_of,
    normal_code,
)
from .states import OFFICER, RECEPTION, UNCONFIRMED_CHANNELS

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
        **identity_values(applicant),
        subject=asked.subject,
        document_number=asked.document_number,
        description=asked.description,
        delivery_form=asked.delivery_form,
        delivery_way=asked.delivery_way,
        wants_publication=asked.wants_publication,
    )


def identity_values(applicant: Applicant) -> dict[str, Any]:
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
    request.number = number_of(request)
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


def number_of(request: DisclosureRequest) -> str:
    """申请编号：``机构编号-年份-流水``，每个机构每年一列，不缺不重。"""
    year = request.submitted_at.astimezone(timezone.get_current_timezone()).year
    return f"{request.organisation_id:04d}-{year}-{take(SERIES, year, request.organisation):05d}"


@transaction.atomic
def attach(request: DisclosureRequest, file: StoredFile, kind: str, *, actor: Actor) -> RequestFile:
    """给一件申请添一份材料。申请人添的，看不看得到由调用者先验过。"""
    if not actor.is_outside:
        require_seen(request, actor, RECEPTION)
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
    require_seen(request, actor, RECEPTION)
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
    require_seen(request, actor, OFFICER)
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
    made.number = number_of(made)
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
