"""公文的读取。"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePath

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.references import Sought, Use
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import history, of_others
from yangguang.foundation.notify.audiences import held_now
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import existing
from yangguang.foundation.workbench.versions import versions_of

from .circulation import HOLDERS, IN_CIRCULATION
from .codes import UPWARD
from .models import (
    CirculationRoute,
    Countersignature,
    DocumentAttachment,
    DocumentPrint,
    EmergencyRelease,
    NumberEntry,
    NumberSeries,
    OfficialDocument,
)
from .printing import paper_digest
from .routes import FULL_ROUTE, path_of
from .sheet import Paper, lay_out_paper

SHOWN = 50
"""待办里最多列几份；再多的到列表里看。"""


def steps_of(organisation: Organisation) -> tuple[str, ...]:
    """机构的公文走哪几步：自己定的，没有就照最近的上级的，都没有是全部。一次查询。"""
    step, path = Organisation.steplen, organisation.path
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    routes = CirculationRoute.objects.filter(organisation__path__in=above)
    found = routes.order_by("-organisation__path").values_list("steps", flat=True).first()
    return FULL_ROUTE if found is None else tuple(found)


def path_for(document: OfficialDocument) -> tuple[str, ...]:
    """这份公文从起草到走完的各个状态。两到三次查询；会签、字号先取好了的一次。"""
    steps = steps_of(document.organisation)
    number = document.document_number
    numbered_here = "number" in steps and number and has_standing_number(document)
    return path_of(
        steps,
        needs_legality=document.is_norm or document.is_major_decision,
        needs_fairness=document.touches_operators,
        is_countersigned=document.countersignatures.exists(),
        is_numbered_elsewhere=bool(number) and not numbered_here,
        is_proactive=document.disclosure in ("", "proactive"),
    )


def has_standing_number(document: OfficialDocument) -> bool:
    """有本系统给它编的、没有作废的字号。至多一次查询。"""
    return any(entry.voided_at is None for entry in document.number_entries.all())


def asked_now(document: OfficialDocument) -> frozenset[int]:
    """正等着会签的机关。最多一次查询。"""
    if document.state != "in_countersign":
        return frozenset()
    waiting = Countersignature.Standing.WAITING
    asked = document.countersignatures.all()
    return frozenset(each.organisation_id for each in asked if each.standing == waiting)


def urged_today(document: OfficialDocument) -> bool:
    """今天催过了。最多一次查询。"""
    if document.state not in IN_CIRCULATION:
        return False
    morning = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return history(document).filter(event="urge", at__gte=morning).exists()


def pending_release(document: OfficialDocument) -> int | None:
    """紧急发布了还等着补审的，是谁发布的；没有为空。最多一次查询。"""
    if document.state not in ("published", "revising"):
        return None
    pending = EmergencyRelease.Outcome.PENDING
    return next((each.by_id for each in document.releases.all() if each.outcome == pending), None)


def emergencies(organisations: QuerySet[Organisation], since: date, until: date) -> dict[str, int]:
    """这些机构在两日之间（含）紧急发布了几次，补审的结论各几次。一次查询。"""
    found = EmergencyRelease.objects.filter(
        document__organisation__in=organisations, at__date__range=(since, until)
    )
    counted = dict(found.values_list("outcome").annotate(Count("pk")).order_by())
    return {outcome: counted.get(outcome, 0) for outcome in EmergencyRelease.Outcome.values}


def holders_of(document: OfficialDocument) -> QuerySet[RoleAssignment]:
    """这一步可以由哪些任职来办；不在审查的几步为空。一次查询。"""
    step, path = Organisation.steplen, document.organisation.path
    above = [path[:end] for end in range(step, len(path), step)]
    return held_now().filter(
        Q(organisation__path=path) | Q(includes_subtree=True, organisation__path__in=above),
        role__in=HOLDERS.get(document.state, ()),
    )


def series_of(organisation: Organisation) -> QuerySet[NumberSeries]:
    """机构在用的机关代字。"""
    return NumberSeries.objects.filter(organisation=organisation, is_active=True)


def signatories_for(organisation: Organisation) -> QuerySet[Organisation]:
    """可以联合发文、请会签的机关：平台上现在还在的其他机构。用时一次查询。"""
    return existing().exclude(pk=organisation.pk)


def numbers_of(organisation: Organisation) -> list[NumberEntry]:
    """机构编过的全部字号，年份新的在前，每个代字按序号。一次查询。"""
    entries = NumberEntry.objects.filter(series__organisation=organisation)
    related = entries.select_related("series", "document", "taken_by", "voided_by")
    return list(related.order_by("-year", "series", "serial"))


def paper_of(document: OfficialDocument) -> Paper:
    """一份公文排成版面的各个部分。一次查询，上行文再多一次。"""
    return lay_out_paper(
        title=document.title,
        number=document.document_number,
        issuers=document.issuers,
        addressees=document.addressees,
        disclosure=document.disclosure,
        disclosure_mark=document.disclosure_mark,
        written_on=document.written_on,
        issued_on=document.issued_on,
        body=document.body,
        attachments=[PurePath(file.name).stem for file in document.files()],
        printed_by=document.organisation.name,
        signer=signer_of(document) if document.document_type in UPWARD else "",
        copied_to=document.copied_to,
    )


def signer_of(document: OfficialDocument) -> str:
    """最近一次签发它的人的姓名，还没有签发的为空。一次查询。"""
    signed = history(document).filter(event="approve").last()
    return signed.who if signed else ""


def print_of(document: OfficialDocument) -> DocumentPrint | None:
    """照现在的内容排的 PDF，排到哪一步；没有要过的为空。两次查询，附件、排过的先取好了的不查。"""
    wanted = paper_digest(paper_of(document))
    return next((each for each in document.prints.all() if each.digest == wanted), None)


def rounds(document: OfficialDocument, done: Iterable[TransitionRecord]) -> tuple[int, int] | None:
    """送审过几轮的，上一轮送审时和这一轮送审时各是第几版，供对照；只送过一轮的为空，不查询。一次查询。

    ``done`` 是它的各次流转，先后为序。
    """
    sent = [row.at for row in done if row.event == "submit"][-2:]
    if len(sent) < 2:
        return None
    versions = versions_of(document)
    before, now = (
        next((each.number for each in versions if each.at <= at), 0) for at in sent
    )  # fmt: skip
    return (before, now) if 0 < before < now else None


def waiting_for(actor: Actor) -> QuerySet[OfficialDocument]:
    """等此人办的公文：草稿和待编号、印发、发布的，手上别人起草的，请本机关会签的。期限近的在前。一次查询。"""
    others = of_others(actor)
    free = Q(assigned_to=None) | Q(assigned_to__in=actor.persons)
    at_hand = [state for state, roles in HOLDERS.items() if actor.role in roles]
    mine = Q(state__in=at_hand) & others & free
    if actor.role == "drafter":
        unfinished = Q(disclosure="proactive") | Q(state="approved", document_number="")
        mine = Q(state__in=["draft", "revising", "numbered"]) | (
            Q(state__in=["approved", "issued"]) & unfinished
        )
    elif actor.role == "approver":
        asked = Countersignature.objects.filter(
            organisation=actor.organisation_id,
            standing=Countersignature.Standing.WAITING,
            document__state="in_countersign",
        )
        mine |= Q(state="revising") | Q(pk__in=asked.values("document"))
    if actor.role in ("reviewer", "approver"):
        pending = EmergencyRelease.objects.filter(outcome=EmergencyRelease.Outcome.PENDING)
        to_check = pending.exclude(by__in=actor.persons).values("document")
        mine |= Q(state="published", pk__in=to_check) & others
    elif actor.role not in ("drafter", *(role for roles in HOLDERS.values() for role in roles)):
        return OfficialDocument.objects.none()
    visible = OfficialDocument.policy.visible(actor)
    return visible.filter(mine).order_by(F("publish_due").asc(nulls_last=True), "pk")[:SHOWN]


def attached(sought: Sought, actor: Actor | None) -> Iterator[Use]:
    """哪些公文以所查的内容作附件，供资料库列出用处；公众看不看得到由信息资源库说。一次查询。"""
    rows = DocumentAttachment.objects.filter(file__sha256__in=sought.digests)
    if actor is not None:
        rows = rows.filter(document__in=OfficialDocument.policy.visible(actor).values("pk"))
    for row in rows.select_related("document").order_by("pk"):
        title = row.document.title or "（没有标题）"
        href = reverse("workbench:documents-record", args=[row.document_id])
        yield Use(f"公文“{title}”的附件", href)
