"""依申请公开的读取。查询次数写在各处。"""

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.deadlines import Deadline
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.encryption import Unreadable, keyed_digests, unseal
from yangguang.foundation.organisations.models import Kind, Organisation
from yangguang.foundation.organisations.selectors import existing

from .applicants import Applicant
from .clocks import reply_deadline
from .deciding import Decided, Standing, decide
from .fees import Charge, by_pages, by_requests, for_request
from .models import DisclosureRequest, RequestOffice
from .outcomes import BY_OUTCOME
from .similarity import alike
from .states import FINISHED, OFFICER, OPEN, RECEPTION, State
from .track import Link, Passage, track

SEALED, BLIND, QUERY = "requests.applicant", "requests.blind", "requests.query"
"""加密、盲索引、查询码各用各的密钥。"""
BOUND = frozenset(
    {
        Kind.GOVERNMENT,
        Kind.ADMINISTRATIVE,
        Kind.AUTHORISED,
        Kind.VERTICAL,
        Kind.AGENCY,
        Kind.PROVINCIAL,
    }
)
"""受条例约束、受理申请的性质；党委机构、公共企事业单位各有自己的规定（第五十五条）。"""
RECENT_LIKE = 400
"""看像不像的，最近的这么多件。"""


def applicant_of(request: DisclosureRequest) -> Applicant | None:
    """解密出申请人；解不开的为空。不查询。"""
    try:
        return Applicant.from_values(json.loads(unseal(request.sealed, SEALED)))
    except (Unreadable, ValueError):
        return None


def digests_of(applicant: Applicant) -> list[str]:
    """这个申请人的盲索引：现在的密钥的在前。"""
    return keyed_digests(applicant.identity, BLIND)


def by_query_code(number: str, code: str) -> DisclosureRequest | None:
    """凭申请编号和查询码找；编号、查询码有一样不对都为空，不说是哪一样。一次查询。"""
    request = (
        DisclosureRequest.objects.select_related("organisation", "created_by")
        .filter(number=number.strip()).first()
    )  # fmt: skip
    digests = keyed_digests(normal_code(code).encode(), QUERY)
    return request if request and request.query_digest in digests else None


def normal_code(code: str) -> str:
    """查询码的写法不拘大小写、空格和横线。"""
    return code.upper().replace(" ", "").replace("-", "")


def deadline_of(request: DisclosureRequest) -> Deadline | None:
    """答复期限和逐步的说明；停着的、办结而算不出的为空。至多八次查询。"""
    return reply_deadline(Calendars().of(request.organisation), request.course())


def standing_of(request: DisclosureRequest) -> Standing:
    """判断要看的经过。至多五次查询。"""
    clarification = getattr(request, "clarification", None)
    inquiry = getattr(request, "reason_inquiry", None)
    third_parties, agencies = list(request.third_parties.all()), list(request.agencies.all())
    return Standing(
        was_corrected=clarification is not None and clarification.corrected_on is not None,
        has_search=request.searches.exists(),
        reasons_unreasonable=inquiry is not None and inquiry.verdict == "unreasonable",
        third_party_heard=any(each.answer not in ("", "unreached") for each in third_parties),
        third_party_objects=any(each.answer == "objects" for each in third_parties),
        is_consulting=any(each.settled_on is None for each in (*third_parties, *agencies)),
    )


def decided(request: DisclosureRequest) -> Decided:
    """七步判断到哪里了。至多六次查询。"""
    decision = getattr(request, "decision", None)
    return decide(decision.answers if decision else {}, standing_of(request))


@dataclass(frozen=True)
class Alike:
    """一件相像的申请。"""

    request: DisclosureRequest
    percent: int
    is_same_applicant: bool


def alike_requests(request: DisclosureRequest) -> list[Alike]:
    """同一机构里相像的申请，最像的在前，至多十件。一次查询。"""
    others = {
        other.pk: other
        for other in DisclosureRequest.objects.filter(organisation=request.organisation_id)
        .exclude(pk=request.pk).exclude(state="split").order_by("-pk")[:RECENT_LIKE]
    }  # fmt: skip
    found = alike(request.content, {pk: other.content for pk, other in others.items()})
    digest = request.applicant_digest
    return [
        Alike(
            others[pk], round(share * 100), bool(digest) and others[pk].applicant_digest == digest
        )
        for pk, share in found[:10]
    ]


def of_same_applicant(request: DisclosureRequest) -> QuerySet[DisclosureRequest]:
    """同一申请人向同一机构提出的别的申请，新的在前。不查询。"""
    if not request.applicant_digest:
        return DisclosureRequest.objects.none()
    return (
        DisclosureRequest.objects.filter(
            organisation=request.organisation_id, applicant_digest=request.applicant_digest,
            reopened_from__isnull=True,
        ).exclude(pk=request.pk).exclude(state="split").order_by("-pk")
    )  # fmt: skip


def ordinal_in_month(request: DisclosureRequest) -> int:
    """这一件是同一申请人在这个自然月里的第几件（国办函〔2020〕109号）。拆开的各算一件。一次查询。"""
    on = request.received_on
    if on is None:
        return 0
    earlier = of_same_applicant(request).filter(
        received_on__year=on.year, received_on__month=on.month, pk__lt=request.pk
    )
    return earlier.count() + 1


def charge_of(method: str, quantity: int) -> tuple[int, Charge]:
    """应缴多少元，和算式。按件的只收这一件的。"""
    if method == "pages":
        charge = by_pages(quantity)
        return charge.yuan, charge
    return for_request(quantity), by_requests(quantity)


def offices(on: date) -> QuerySet[RequestOffice]:
    """受理申请的机构，``on`` 当日存在、受条例约束的。一次查询。"""
    alive = existing(on).filter(kind__in=BOUND)
    return (
        RequestOffice.objects.filter(organisation__in=alive.values("pk"))
        .select_related("organisation").order_by("organisation__path")
    )  # fmt: skip


def office_of(organisation: Organisation) -> RequestOffice | None:
    """一个机构的受理机构；没有登记的为空。一次查询。"""
    return RequestOffice.objects.filter(organisation=organisation).first()


def track_of(request: DisclosureRequest, found: Decided, *, shows_evidence: bool) -> list[Link]:
    """九个环节各走到哪里，``found`` 是七步判断。怎样确认的写着电话、姓名，只给能看申请人的看。至多五次查询。"""
    clarification = getattr(request, "clarification", None)
    extension = getattr(request, "extension", None)
    fee = getattr(request, "fee", None)
    inquiry = getattr(request, "reason_inquiry", None)
    ways = [
        *(f"{each}" for each in request.third_parties.all()),
        *(f"{each}" for each in request.agencies.all()),
        *(["通知收费"] if fee else []),
        *(["要求说明理由"] if inquiry else []),
        *(["拆分"] if request.split_from_id else []),
    ]
    return track(
        Passage(
            came_on=request.came_on,
            channel=request.channel_label,
            received_on=request.received_on,
            evidence=request.evidence if shows_evidence else "",
            was_given_up=request.state == State.UNCONFIRMED,
            correction_asked=clarification.sent_on if clarification else None,
            correction_until=clarification.until if clarification else None,
            corrected=clarification.corrected_on if clarification else None,
            outcome=found.outcome.label if found.outcome else "",
            decision_faults=found.faults,
            ways=ways,
            due=request.reply_due,
            standstill=request.course().standstill,
            extended_days=extension.days if extension else 0,
            replied_on=request.replied_on,
            is_late=request.is_late,
            finished_on=request.finished_on,
            result=BY_OUTCOME[request.outcome].label if request.outcome else "",
            delivered_on=request.delivered_on,
            is_archived=request.state == State.ARCHIVED,
        )
    )


def waiting_for(actor: Actor) -> QuerySet[DisclosureRequest]:
    """等此人办的：窗口人员看待确认的，经办人看没有办结、没有送达存档的（分给别人经办的除外）。一次查询。"""
    states: set[str] = set()
    if actor.role in RECEPTION:
        states.add(State.SUBMITTED)
    if actor.role in OFFICER:
        states |= OPEN | FINISHED
    records = DisclosureRequest.policy.visible(actor).filter(
        organisation=actor.organisation_id, state__in=states
    )
    moved = records.filter(custodies__isnull=False).exclude(custodies__keeper=actor.user_id)
    return records.exclude(pk__in=moved.values("pk")).order_by("-is_public_health", "reply_due")
