"""文件汇编的读取。"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.codes.selectors import entries_of
from yangguang.foundation.richtext.setting import has_pictures
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.models import Change, ChangeSeal, Publication, PublicationVersion
from yangguang.hub.publications.rules import VALIDITIES
from yangguang.hub.publications.selectors import published

from .models import Compilation, Made
from .rules import IN_FORCE, KINDS, Criteria, Entry, by_number, by_title, chosen, grouped
from .typesetting import Book, Text, book_digest, one_line

BATCH = 500
"""一次读多少份的正文。"""


def criteria_of(compilation: Compilation) -> Criteria:
    """选的规则。两次查询。"""
    picks = list(compilation.picks.values_list("publication_id", "is_in"))
    labels = {each.code: each.label for each in entries_of(SUBJECTS)}
    return Criteria(
        compilation.since,
        compilation.until,
        labels.get(compilation.subject, ""),
        compilation.unit.path,
        compilation.validity,
        compilation.collected,
        frozenset(pk for pk, is_in in picks if is_in),
        frozenset(pk for pk, is_in in picks if not is_in),
    )


def candidates(compilation: Compilation) -> QuerySet[Publication]:
    """主办机构及其下级公开着的公文、规范性文件。"""
    return published().filter(
        kind__in=KINDS, organisation__path__startswith=compilation.organisation.path
    )


def nearly(criteria: Criteria) -> Q:
    """可能合规则的和人工选入的：机构、年份、有效性先在库里收窄，合不合仍由 ``chosen`` 说。"""
    found = Q(organisation__path__startswith=criteria.unit_path)
    if criteria.since is not None:
        found &= Q(written_on__year__gte=criteria.since) | Q(written_on=None)
    if criteria.until is not None:
        found &= Q(written_on__year__lte=criteria.until) | Q(written_on=None)
    if criteria.validity == "in_force":
        found &= Q(validity__in=IN_FORCE)
    elif criteria.validity == "ended":
        found &= ~Q(validity__in=IN_FORCE)
    if criteria.collected == "norms":
        found &= Q(kind="norm")
    return found | Q(pk__in=criteria.taken)


@dataclass(frozen=True)
class Row:
    """资源库里读出的一份，没有正文。"""

    pk: int
    kind: str
    title: str
    document_number: str
    validity: str
    written_on: date | None
    published_at: datetime
    index_number: str
    organisation__name: str
    organisation__path: str
    current_version: int
    current_version__digest: str
    subject: str | None
    annotation: str | None

    def entry(self) -> Entry:
        """规则看的样子。"""
        return Entry(
            self.pk, self.kind, self.title, self.document_number, self.subject or "", self.validity,
            (self.written_on or self.published_at.date()).year, self.organisation__name,
            self.organisation__path,
        )  # fmt: skip

    def text(self) -> Text:
        """目录里的样子。"""
        day = self.written_on
        dated = f"{day.year}年{day.month}月{day.day}日" if day else ""
        issued = "　".join(filter(None, (self.document_number, dated)))
        return Text(
            self.index_number, self.title, self.document_number,
            self.annotation or (f"（{issued}）" if issued else ""),
            VALIDITIES.get(self.validity, ""), version=self.current_version,
            digest=self.current_version__digest,
        )  # fmt: skip


def contents_of(compilation: Compilation) -> Book:
    """照现在的规则、现在公开着的文件编成的一部，只有目录、没有正文。三次查询。"""
    criteria = criteria_of(compilation)
    payload = "current_version__payload"
    rows = candidates(compilation).filter(nearly(criteria)).order_by("pk").values(
        *(each.name for each in fields(Row) if each.name not in ("subject", "annotation")),
        subject=KeyTextTransform("subject", payload),
        annotation=KeyTextTransform("annotation", payload),
    )  # fmt: skip
    held = {each["pk"]: Row(**each) for each in rows}
    found = chosen((each.entry() for each in held.values()), criteria)
    groups = grouped(found, compilation.grouping)
    order = [each for _, entries in groups for each in entries]
    place = {each.pk: number for number, each in enumerate(order, 1)}
    return Book(
        compilation.title,
        compilation.organisation.name,
        compilation.about,
        tuple(
            (label, tuple(held[each.pk].text() for each in entries)) for label, entries in groups
        ),
        _places(sorted((each for each in order if each.number), key=by_number), place),
        _places(sorted(order, key=by_title), place),
    )


def book_of(compilation: Compilation) -> Book:
    """同 ``contents_of``，连同正文，供排版；正文就是目录所说的那一版。多几次查询。"""
    contents = contents_of(compilation)
    bodies: dict[int, tuple[dict[str, Any], ...]] = {}
    for batch in _batches(contents):
        rows = PublicationVersion.objects.filter(pk__in=batch)
        bodies |= {pk: tuple(body) for pk, body in rows.values_list("pk", "payload__body")}
    return replace(
        contents,
        groups=tuple(
            (label, tuple(replace(each, body=bodies[each.version]) for each in texts))
            for label, texts in contents.groups
        ),
    )


def pictured(contents: Book) -> list[str]:
    """正文里有图片的各份的标题：汇编只印文字。载荷里有图片字样的才读正文。"""
    found: set[int] = set()
    for batch in _batches(contents):
        rows = PublicationVersion.objects.alias(told=Cast("payload", TextField())).filter(
            pk__in=batch, told__contains='"picture"'
        )
        found |= {
            pk for pk, body in rows.values_list("pk", "payload__body") if has_pictures(body)
        }  # fmt: skip
    return [one_line(each.title) for each in contents.texts if each.version in found]


def _batches(contents: Book) -> Iterator[list[int]]:
    versions = [each.version for each in contents.texts]
    for start in range(0, len(versions), BATCH):
        yield versions[start : start + BATCH]


def _places(order: Sequence[Entry], place: dict[int, int]) -> tuple[int, ...]:
    return tuple(place[each.pk] for each in order)


def made_of(compilation: Compilation, book: Book) -> Made | None:
    """照这样的内容排的一份；还没有排过为空。一次查询。"""
    return compilation.made.filter(digest=book_digest(book)).first()


def files_of(compilation: Compilation, contents: Book) -> list[str]:
    """照这样的内容排好了的文字版、PDF 的摘要；没有排好的为空。一次查询。"""
    made = made_of(compilation, contents)
    return [made.word, made.pdf] if made and made.step == "made" else []


def last_sealed() -> int:
    """变更日志封到了哪一笔。一次查询。"""
    return ChangeSeal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def is_touched(compilation: Compilation, up_to: int) -> bool:
    """上次对照以后到 ``up_to`` 这一笔，主办机构及其下级的公文、规范性文件有没有变更。一次查询。"""
    touching = Change.objects.filter(
        seal__pk__gt=compilation.checked_up_to,
        seal__pk__lte=up_to,
        publication__kind__in=KINDS,
        publication__organisation__path__startswith=compilation.organisation.path,
    )
    return touching.exists()


def withdrawn_picks(compilation: Compilation) -> list[str]:
    """人工选入、已经撤回的标题。一次查询。"""
    held = compilation.picks.filter(
        is_in=True, publication__state=Publication.State.WITHDRAWN
    ).select_related("publication")
    return [each.publication.title for each in held]


def waiting_for(actor: Actor) -> Sequence[Compilation]:
    """等此人办的。一次查询。"""
    states = {
        "drafter": ["draft", "approved"], "reviewer": ["in_review"], "approver": ["in_approval"],
    }.get(actor.role, [])  # fmt: skip
    visible = Compilation.policy.visible(actor)
    return list(visible.filter(state__in=states).order_by("pk")[:20])
