"""文件汇编的读取。"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.codes.selectors import entries_of
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rules import VALIDITIES
from yangguang.hub.publications.selectors import published

from .models import Compilation, Made
from .rules import IN_FORCE, KINDS, Criteria, Entry, by_number, by_title, chosen, grouped
from .typesetting import Book, Text, book_digest


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
    return found | Q(pk__in=criteria.taken)


def entry_of(publication: Publication) -> Entry:
    """规则看的样子。"""
    version = publication.current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    return Entry(
        publication.pk,
        publication.kind,
        publication.title,
        publication.document_number,
        str(version.payload.get("subject") or ""),
        publication.validity,
        (publication.written_on or publication.published_at.date()).year,
        publication.organisation.name,
        publication.organisation.path,
    )


def book_of(compilation: Compilation) -> Book:
    """照现在的规则、现在公开着的文件编成的一部。三次查询。"""
    criteria = criteria_of(compilation)
    held = {each.pk: each for each in candidates(compilation).filter(nearly(criteria))}
    found = chosen(map(entry_of, held.values()), criteria)
    groups = grouped(found, compilation.grouping)
    order = [each for _, entries in groups for each in entries]
    place = {each.pk: number for number, each in enumerate(order, 1)}
    return Book(
        compilation.title,
        compilation.organisation.name,
        compilation.about,
        tuple(
            (label, tuple(_text(held[each.pk]) for each in entries)) for label, entries in groups
        ),
        _places(sorted(order, key=by_number), place),
        _places(sorted(order, key=by_title), place),
    )


def _places(order: Sequence[Entry], place: dict[int, int]) -> tuple[int, ...]:
    return tuple(place[each.pk] for each in order)


def _text(publication: Publication) -> Text:
    version = publication.current_version
    assert version is not None  # noqa: S101  公开的必有现行版本
    payload = version.payload
    written = publication.written_on
    dated = f"{written.year}年{written.month}月{written.day}日" if written else ""
    issued = "　".join(filter(None, (publication.document_number, dated)))
    return Text(
        publication.index_number,
        publication.title,
        publication.document_number,
        str(payload.get("annotation") or (f"（{issued}）" if issued else "")),
        VALIDITIES.get(publication.validity, ""),
        tuple(payload["body"]),
    )


def made_of(compilation: Compilation, book: Book) -> Made | None:
    """照这样的内容排的一份；还没有排过为空。一次查询。"""
    return compilation.made.filter(digest=book_digest(book)).first()


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
