"""文书的读取。"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.states import HANDLED, HEAD, OFFICER
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import of_others

from .circulation import LEGALITY, SECRECY
from .kinds import BY_KIND, Kind
from .models import CaseLetter

FORMS = (
    "application_form", "register_form", "internal_approval", "service_return",
    "abandonment_record",
)  # fmt: skip
"""不起草、照现在的事实排出来打印的表格。"""
PROCEDURAL = (
    "clarification", "third_party_consultation", "joint_maker_consultation", "consultation_notice",
    "assistance", "extension", "reason_inquiry", "delayed_reply", "fee_notice",
    "third_party_notice",
)  # fmt: skip


@dataclass(frozen=True)
class Draftable:
    """现在可以起草的一种。"""

    kind: Kind
    label: str


def draftable(request: DisclosureRequest) -> list[Draftable]:
    """这件申请现在可以起草哪几种：走不了那一步的不列。至多两次查询。"""
    found = []
    if request.received_on is not None and request.finished_on is None:
        found.append("receipt")
    if request.state in HANDLED:
        found += [code for code in PROCEDURAL if _is_open(request, code)]
        decision = getattr(request, "decision", None)
        if decision and decision.outcome and request.state == "under_review":
            found.append(decision.outcome)
    if request.state in ("replied", "delivered") and _is_open(request, "third_party_notice"):
        found.append("third_party_notice")
    if request.state == "withdrawn":
        found.append("withdrawal_confirmation")
    return [Draftable(BY_KIND[code], _label(BY_KIND[code])) for code in found]


def _label(kind: Kind) -> str:
    return (
        f"答复书：{kind.outcome.label}" if kind.outcome else kind.title.removeprefix("政府信息公开")
    )


def _is_open(request: DisclosureRequest, code: str) -> bool:
    inquiry = getattr(request, "reason_inquiry", None)
    match code:
        case "clarification":
            return request.state == "under_review" and not hasattr(request, "clarification")
        case "extension":
            # 停着的没有届满日，延期书写不出原来的期限
            return (
                request.reply_due is not None
                and not hasattr(request, "extension")
                and request.delayed_until is None
            )
        case "consultation_notice":
            return request.third_parties.exists() or request.agencies.exists()
        case "third_party_notice":
            return request.third_parties.exclude(answer="agrees").exclude(answer="").exists()
        case "reason_inquiry":
            return request.state == "under_review" and inquiry is None
        case "delayed_reply":
            return (
                inquiry is not None
                and inquiry.verdict == "reasonable"
                and not request.delayed_until
            )
        case "fee_notice":
            return request.state == "under_review" and not hasattr(request, "fee")
        case _:
            return True


def hold_decision(request: DisclosureRequest) -> list[str]:
    """答复书送审、签发了还没有送出的，判断不能再改：审的、签的是照它写的。一次查询。"""
    on_its_way = CaseLetter.objects.filter(
        request=request, kind__in=[code for code, kind in BY_KIND.items() if kind.outcome],
        state__in=("in_legality", "in_secrecy", "in_signing", "signed"),
    )  # fmt: skip
    if on_its_way.exists():
        return ["答复书已经送审或者签发，判断不能再改：要改的，先退回或者作废答复书。"]
    return []


def printable(request: DisclosureRequest) -> list[Kind]:
    """现在打印得出的表格：没有要填的不列。至多两次查询。"""
    wanted = {
        "application_form": True,
        "register_form": request.received_on is not None,
        "internal_approval": bool(getattr(getattr(request, "decision", None), "outcome", "")),
        "service_return": request.letters.exclude(number="").exists(),
        "abandonment_record": request.state in ("abandoned", "unpaid"),
    }
    return [BY_KIND[code] for code in FORMS if wanted[code]]


def letters_of(request: DisclosureRequest) -> QuerySet[CaseLetter]:
    """一件申请的文书，先后为序。一次查询。"""
    return CaseLetter.objects.filter(request=request).select_related("request").order_by("pk")


def for_applicant(request: DisclosureRequest) -> QuerySet[CaseLetter]:
    """申请人网上看得到的：给申请人的、送出了的、以电子方式送达的。一次查询。"""
    codes = [code for code, kind in BY_KIND.items() if kind.addressee == "applicant"]
    return letters_of(request).filter(
        kind__in=codes, state__in=("sent", "delivered"), way__in=("online", "email", "fax")
    ).prefetch_related("enclosures__file")  # fmt: skip


def waiting_for(actor: Actor) -> QuerySet[CaseLetter]:
    """等此人办的：起草、送出的等经办人，审核、审查、签发的各等其人，自己起草的除外。一次查询。"""
    mine = CaseLetter.policy.visible(actor).filter(organisation=actor.organisation_id)
    wanted = Q(pk__in=[])
    if actor.role in OFFICER:
        wanted |= Q(state__in=("draft", "signed", "sent"))
    for state, roles in (("in_legality", LEGALITY), ("in_secrecy", SECRECY), ("in_signing", HEAD)):
        if actor.role in roles:
            wanted |= Q(state=state) & of_others(actor)
    return mine.filter(wanted).order_by("request__reply_due", "pk")
