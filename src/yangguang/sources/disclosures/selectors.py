"""公开属性补定的读取。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.sources.documents.disclosure import DISCLOSURES
from yangguang.sources.ledger.due import PUBLISH_DUE
from yangguang.sources.ledger.models import LedgerEntry
from yangguang.sources.norms.models import Norm

from .circulation import OPEN
from .models import DisclosureBatch, DisclosureLine

ONLY = {
    **DISCLOSURES,
    "changed": "与台账里的不同",
    "struck": "退回的",
}
"""记录页上可以只看哪些。"""


@dataclass(frozen=True)
class Effects:
    """审查通过以后会怎样：各公开属性几件，几件新登记，几件改了公开属性，几件立即成为到期未上网。"""

    counts: Sequence[tuple[str, int]]
    fresh: int
    changed: int
    overdue: int


def effects_of(batch: DisclosureBatch, today: date) -> Effects:
    """没有退回的各件写进台账会怎样。查询次数与件数无关。"""
    standing = list(batch.lines.filter(struck=""))
    calendar = Calendars().of(batch.organisation)
    late = 0
    for line in standing:
        if line.disclosure == "proactive" and line.online_on is None:
            entry = LedgerEntry(
                organisation=batch.organisation, disclosure=line.disclosure,
                issued_on=line.issued_on, written_on=line.written_on,
            )  # fmt: skip
            PUBLISH_DUE.write(entry, calendar)
            late += entry.publish_due is not None and entry.publish_due < today
    return Effects(
        [
            (label, sum(line.disclosure == code for line in standing))
            for code, label in DISCLOSURES.items()
        ],
        sum(not line.before for line in standing),
        sum(line.before not in ("", line.disclosure) for line in standing),
        late,
    )


def lines_of(batch: DisclosureBatch, only: str = "") -> QuerySet[DisclosureLine]:
    """批里的各件；``only`` 是 ``ONLY`` 里的一种。"""
    found = batch.lines.select_related("entry").defer("entry__text")
    if only in DISCLOSURES:
        return found.filter(disclosure=only)
    if only == "changed":
        return found.exclude(before="").exclude(before=F("disclosure"))
    if only == "struck":
        return found.exclude(struck="")
    return found


def unexplained(organisation: int) -> QuerySet[LedgerEntry]:
    """台账里这个机构（编号）的、定了不公开而没有写理由的；本系统的公文不在里面。"""
    return (
        LedgerEntry.objects.filter(
            organisation=organisation, state="listed", document=None, disclosure_ground="",
        )
        .exclude(disclosure="proactive")
        .defer("text")
        .order_by("issued_on", "pk")
    )  # fmt: skip


def norms_among(numbers: Iterable[str]) -> frozenset[str]:
    """这些文号里登记为行政规范性文件、规章的。一次查询。"""
    wanted = {number for number in numbers if number}
    found = Norm.objects.filter(document_number__in=wanted)
    return frozenset(found.values_list("document_number", flat=True))


def elsewhere(identities: Iterable[str], batch: DisclosureBatch) -> dict[str, str]:
    """这个机构别的没有办完的批里已有的：认定同一件的 → 那一批的名称。一次查询。"""
    others = DisclosureLine.objects.filter(
        identity__in=set(identities), batch__state__in=OPEN, batch__organisation=batch.organisation
    ).exclude(batch=batch)
    return dict(others.values_list("identity", "batch__name"))


def waiting_for(actor: Actor) -> Sequence[DisclosureBatch]:
    """等此人办的。一次查询。"""
    states = {"drafter": Q(state="draft"), "reviewer": Q(state="in_review")}.get(actor.role)
    if states is None:
        return ()
    return list(DisclosureBatch.policy.visible(actor).filter(states).order_by("pk")[:20])
