"""政府公报的读取。"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Kind, Organisation
from yangguang.foundation.organisations.selectors import lineage
from yangguang.hub.columns.selectors import site_for
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rules import digest
from yangguang.hub.publications.selectors import path_of, published

from .distribution import KINDS as READER_KINDS
from .distribution import SIZED, Proposal, Year, proposals
from .models import (
    GazetteAdjustment,
    GazetteCopies,
    GazetteEntry,
    GazetteFeedback,
    GazetteIssue,
    GazettePrint,
    GazetteReader,
    GazetteScan,
)
from .rules import KINDS, SECTIONS, section_for, standing
from .typesetting import Article, Issue, issue_digest


@dataclass(frozen=True)
class Listed:
    """篇目里的一篇，和它与资源库对照的结果。"""

    pk: int
    section: str
    title: str
    number: str
    digest: str
    version: int
    index_number: str
    standing: str
    path: str
    payload: dict[str, Any]


def articles_of(issue: GazetteIssue) -> list[Listed]:
    """刊登的各篇，按栏目、按次序，逐篇与资源库对照。一次查询。"""
    order = list(SECTIONS)
    entries = GazetteEntry.objects.filter(issue=issue).select_related(
        "version", "publication__current_version"
    )
    listed = sorted(entries, key=lambda each: (order.index(each.section), each.position, each.pk))
    return [_listed(each) for each in listed]


def _listed(entry: GazetteEntry) -> Listed:
    publication, version = entry.publication, entry.version
    shown = publication.state == Publication.State.PUBLISHED
    current = publication.current_version.digest if shown and publication.current_version else None
    return Listed(
        entry.pk,
        entry.section,
        str(version.payload["title"]),
        str(version.payload.get("document_number") or ""),
        version.digest,
        version.number,
        publication.index_number,
        standing(version.digest, digest(version.payload), current),
        path_of(publication),
        version.payload,
    )


def scan_of(issue: GazetteIssue) -> GazetteScan | None:
    """往期的 PDF；不是往期为空。一次查询。"""
    return GazetteScan.objects.filter(issue=issue).select_related("file").first()


def content_of(issue: GazetteIssue, articles: Sequence[Listed]) -> Issue:
    """要排的一期。"""
    dated = issue.dated_on
    return Issue(
        issue.name,
        issue.organisation.name,
        issue.numbering,
        f"总第{issue.running}期",
        issue.licence,
        f"{dated.year}年{dated.month}月{dated.day}日出版" if dated else "",
        tuple(
            Article(
                SECTIONS[each.section], each.title, each.number, tuple(each.payload["body"]),
                each.digest,
            )
            for each in articles
        ),
    )  # fmt: skip


def print_of(issue: GazetteIssue, articles: Sequence[Listed]) -> GazettePrint | None:
    """照现在的篇目排的一份；还没有排过为空。一次查询。"""
    return issue.prints.filter(digest=issue_digest(content_of(issue, articles))).first()


def candidates(issue: GazetteIssue, words: str = "") -> QuerySet[Publication]:
    """可以选入的：本机构的站点和上级机构公开着的公文、规范性文件，本公报别的各期没有刊登过的，新的在前。"""
    own = issue.organisation
    site = site_for(own)
    printed = GazetteEntry.objects.filter(
        publication=OuterRef("pk"), issue__organisation=own
    ).exclude(issue__state__in=["dropped", "withdrawn"])
    found = published().filter(
        Q(site=site) | Q(organisation__path__in=lineage(own)), kind__in=KINDS
    )
    if words:
        found = found.filter(Q(title__icontains=words) | Q(document_number__icontains=words))
    return found.filter(~Exists(printed))


def government_of(issue: GazetteIssue) -> str:
    """公报是哪一级政府的：编的机构自己或者最近的上级人民政府，在树上的路径。一次查询。"""
    above = Organisation.objects.filter(
        path__in=lineage(issue.organisation), kind=Kind.GOVERNMENT
    ).order_by("-depth")
    return str(above.values_list("path", flat=True).first() or issue.organisation.path)


def suggested_section(government: str, publication: Publication) -> str:
    """一条信息先放进哪个栏目。``government`` 是 ``government_of`` 的。"""
    return section_for(publication.title, publication.organisation.path, government)


def next_numbers(organisation: Organisation, year: int) -> dict[str, int]:
    """这一年的下一个期号、下一个总期号。两次查询。"""
    issues = GazetteIssue.objects.filter(organisation=organisation).exclude(state="dropped")
    number = issues.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    running = issues.aggregate(last=Max("running"))["last"] or 0
    return {"number": number + 1, "running": running + 1}


def taken(organisation: Organisation, but: int | None) -> dict[str, set[tuple[int, ...]]]:
    """本机构别的各期用了的期号、总期号。一次查询。"""
    issues = GazetteIssue.objects.filter(organisation=organisation).exclude(state="dropped")
    rows = list(issues.exclude(pk=but or 0).values_list("year", "number", "running"))
    return {
        "numbers": {(year, number) for year, number, _ in rows},
        "running": {(running,) for _, _, running in rows},
    }


def beside(organisation: str, running: int) -> tuple[Publication | None, Publication | None]:
    """一个机构（代码）公布着的各期里，总期号在 ``running`` 前面、后面紧挨着的。至多四次查询。"""
    issues = GazetteIssue.objects.filter(organisation__code=organisation, state="published")
    earlier = issues.filter(running__lt=running).order_by("-running").first()
    later = issues.filter(running__gt=running).order_by("running").first()
    return _shown(earlier), _shown(later)


def _shown(issue: GazetteIssue | None) -> Publication | None:
    """一期的电子公报；没有公开为空。"""
    return published().filter(kind="gazette_issue", source_id=issue.pk).first() if issue else None


def latest_first(issues: QuerySet[GazetteIssue]) -> QuerySet[GazetteIssue]:
    """新的一期在前。"""
    return issues.order_by(F("year").desc(), F("number").desc(), "-pk")


# ---- 赠阅 ----


def copies_listed(issue: GazetteIssue) -> list[GazetteCopies]:
    """一期的赠阅清单，按类别、名称。一次查询。"""
    order = list(READER_KINDS)
    rows = issue.copies.select_related("reader", "issue")
    return sorted(rows, key=lambda row: (order.index(row.reader.kind), row.reader.name, row.pk))


def readers_on(issue: GazetteIssue) -> QuerySet[GazetteReader]:
    """在一期清单上的赠阅对象。"""
    return GazetteReader.objects.filter(copies_received__issue=issue).order_by("name")


def proposals_of(actor: Actor, year: int) -> list[Proposal]:
    """此人本机构的赠阅对象，照这一年各期的退回、反馈该怎样调整；这一年确认过的不再列。三次查询。"""
    readers = GazetteReader.policy.visible(actor).filter(
        organisation=actor.organisation_id, state="standing"
    )
    readers = readers.exclude(adjustments__year=year)
    counts = {
        pk: (sent, returned)
        for pk, sent, returned in GazetteCopies.objects.filter(issue__year=year, reader__in=readers)
        .values_list("reader")
        .annotate(sent=Sum("sent"), returned=Sum("returned"))
    }
    unread: dict[int, set[int]] = {}
    wanted: dict[int, int | None] = {}
    feedbacks = GazetteFeedback.objects.filter(issue__year=year, reader__in=readers)
    for each in feedbacks.order_by("pk"):
        if each.kind == "unread":
            unread.setdefault(each.reader_id, set()).add(each.issue_id)
        elif each.kind in SIZED:
            wanted[each.reader_id] = each.wanted
    return proposals(
        Year(
            each.pk, each.name, each.kind, each.copies, *counts.get(each.pk, (0, 0)),
            len(unread.get(each.pk, ())), wanted.get(each.pk),
        )
        for each in readers
    )  # fmt: skip


def adjusted(actor: Actor, year: int) -> QuerySet[GazetteAdjustment]:
    """此人本机构这一年确认了的调整。"""
    return (
        GazetteAdjustment.objects.filter(
            year=year, reader__organisation=actor.organisation_id,
        )
        .select_related("reader")
        .order_by("reader__kind", "reader__name")
    )  # fmt: skip
