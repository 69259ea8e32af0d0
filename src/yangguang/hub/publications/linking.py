"""信息之间的互链：载荷里记着所解读、刊登的各条的索引号，两边的页面由它互相链接。"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from .kinds import kind
from .models import Publication, PublicationLink

INTERPRETS = PublicationLink.Relation.INTERPRETS
PRINTS = PublicationLink.Relation.PRINTS
Wanted = dict[str, tuple[str, int]]
"""索引号，对怎样相关、第几个。"""


def settle_links(publication: Publication, payload: Mapping[str, Any]) -> None:
    """照载荷立好互链。载荷里没有、从前也没有的一次查询。"""
    wanted = _wanted(publication, payload)
    held = _held(publication)
    kept = {number for number, link in held.items() if wanted.get(number) == _as_is(link)}
    if gone := [link.pk for number, link in held.items() if number not in kept]:
        PublicationLink.objects.filter(pk__in=gone).delete()
    if missing := wanted.keys() - kept:
        found = Publication.objects.filter(index_number__in=missing)
        rows = [(target, *wanted[target.index_number]) for target in found]
        PublicationLink.objects.bulk_create(
            PublicationLink(source=publication, target=target, relation=relation, position=position)
            for target, relation, position in sorted(rows, key=lambda row: row[2])
        )


def link_faults(publication: Publication, payload: Mapping[str, Any]) -> list[str]:
    """互链与载荷不符的，一句。一次查询。"""
    held = {number: _as_is(link) for number, link in _held(publication).items()}
    return [] if held == _wanted(publication, payload) else ["互链与现行版本不符。"]


def _wanted(publication: Publication, payload: Mapping[str, Any]) -> Wanted:
    links = kind(publication.kind).links(payload)
    return {number: (relation, place) for place, (number, relation) in enumerate(links)}


def _held(publication: Publication) -> dict[str, PublicationLink]:
    rows = PublicationLink.objects.filter(source=publication).select_related("target")
    return {link.target.index_number: link for link in rows}


def _as_is(link: PublicationLink) -> tuple[str, int]:
    return link.relation, link.position


def linked_with(publication: Publication) -> QuerySet[Publication]:
    """与它互链的各条信息：一边变了，另一边的页面要重烘。一次查询，只翻互链，不看遍信息。"""
    to_it = PublicationLink.objects.filter(target=publication).values("source")
    from_it = PublicationLink.objects.filter(source=publication).values("target")
    return Publication.objects.filter(pk__in=to_it.union(from_it)).order_by("pk")


def links_of(publications: Iterable[int]) -> list[PublicationLink]:
    """这些信息的互链，两个方向的，两头都公开着的，先立的在前。一次查询。"""
    wanted = list(publications)
    shown = Publication.State.PUBLISHED
    return list(
        PublicationLink.objects.filter(Q(source__in=wanted) | Q(target__in=wanted))
        .filter(source__state=shown, target__state=shown)
        .select_related(
            "source__site", "source__current_version", "target__site", "target__current_version"
        )
        .order_by("pk")
    )


def interpreting() -> QuerySet[PublicationLink]:
    """解读与所解读的文件之间的互链。"""
    return PublicationLink.objects.filter(relation=INTERPRETS)


def is_printed() -> Exists:
    """查询信息时的一列：刊登在公布着的一期公报上。"""
    links = PublicationLink.objects.filter(
        target=OuterRef("pk"), relation=PRINTS, source__state=Publication.State.PUBLISHED
    )
    return Exists(links)


def printed_by(sources: Iterable[int]) -> Mapping[int, Sequence[Publication]]:
    """各期公报（信息的编号）刊登的，按刊登的次序，撤回了的也在：印出的次序不变。一次查询。"""
    found: dict[int, list[Publication]] = defaultdict(list)
    rows = PublicationLink.objects.filter(source__in=list(sources), relation=PRINTS)
    for link in rows.select_related("target__site").order_by("position", "pk"):
        found[link.source_id].append(link.target)
    return found
