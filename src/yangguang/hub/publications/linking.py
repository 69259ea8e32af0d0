"""信息之间的互链：解读的载荷里 ``interprets`` 记着所解读的索引号，两边的页面由它互相链接。"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from .models import Publication, PublicationLink


def named_in(payload: Mapping[str, Any]) -> set[str]:
    """载荷里所解读的各条信息的索引号。"""
    return {each["index_number"] for each in payload.get("interprets", ())}


def settle_links(publication: Publication, payload: Mapping[str, Any]) -> None:
    """照载荷立好互链。载荷里没有、从前也没有的一次查询。"""
    wanted = named_in(payload)
    held = {
        link.target.index_number: link
        for link in PublicationLink.objects.filter(source=publication).select_related("target")
    }
    gone = [link.pk for number, link in held.items() if number not in wanted]
    if gone:
        PublicationLink.objects.filter(pk__in=gone).delete()
    if missing := wanted - held.keys():
        PublicationLink.objects.bulk_create(
            PublicationLink(source=publication, target=target)
            for target in Publication.objects.filter(index_number__in=missing).order_by("pk")
        )


def link_faults(publication: Publication, payload: Mapping[str, Any]) -> list[str]:
    """互链与载荷不符的，一句。一次查询。"""
    held = PublicationLink.objects.filter(source=publication)
    if set(held.values_list("target__index_number", flat=True)) != named_in(payload):
        return ["互链与现行版本不符。"]
    return []


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
