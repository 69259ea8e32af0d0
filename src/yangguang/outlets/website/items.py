"""列表里的一行，和列表页怎样从库里取数。"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, QuerySet
from django.db.models.expressions import CombinedExpression, F, Value

from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rules import VALIDITIES
from yangguang.hub.publications.selectors import path_of, published

from .frame import Press
from .models import ListEntry, PublicList
from .rules import HEAD, PAGE_SIZE, ListKey, head_start


@dataclass(frozen=True)
class Item:
    """列表里的一行。"""

    title: str
    href: str
    date: datetime
    organisation: str
    document_number: str
    validity: str
    is_demonstration: bool


def items(press: Press, publications: Iterable[Publication]) -> list[Item]:
    """化为行，按发布时间，新的在前。"""
    ordered = sorted(publications, key=lambda p: (p.published_at, p.pk), reverse=True)
    return [
        Item(
            title=publication.title,
            href=press.url(path_of(publication)),
            date=publication.published_at,
            organisation=publication.organisation.short_name,
            document_number=publication.document_number,
            validity=VALIDITIES.get(publication.validity, ""),
            is_demonstration=publication.is_demonstration,
        )
        for publication in ordered
    ]


def latest(press: Press, limit: int, *, without: Iterable[str] = ()) -> QuerySet[Publication]:
    """站点最新公开的若干条，``without`` 里的种类除外。一次查询。"""
    return published().filter(site=press.site).exclude(kind__in=list(without))[:limit]


@dataclass(frozen=True)
class ListPage:
    """列表的一页：行、列入过多少条、首页起于第几页、现存多少条。"""

    items: list[Item]
    placed: int
    start: int
    live: int


def list_page(press: Press, key: ListKey, page: int) -> ListPage | None:
    """取列表的一页；列表还没有条目时首页是空的，固定页不存在（``None``）。四次查询。"""
    public_list = PublicList.objects.filter(site=press.site, key=str(key)).first()
    if public_list is None:
        return ListPage([], 0, 1, 0) if page == HEAD else None
    entries = ListEntry.objects.filter(public_list=public_list)
    live_on = _live_by_page(entries)
    start = head_start(public_list.placed, lambda number: live_on.get(number, 0))
    first, last = (start, None) if page == HEAD else (page, page)
    shown = entries.filter(ordinal__gte=(first - 1) * PAGE_SIZE)
    if last is not None:
        shown = shown.filter(ordinal__lt=last * PAGE_SIZE)
    rows = published().filter(pk__in=shown.values("publication"))
    return ListPage(items(press, rows), public_list.placed, start, sum(live_on.values()))


def _live_by_page(entries: QuerySet[ListEntry]) -> dict[int, int]:
    number = CombinedExpression(F("ordinal"), "/", Value(PAGE_SIZE), output_field=IntegerField())
    counted = entries.annotate(page=number).values_list("page").annotate(Count("pk")).order_by()
    return {page + 1: count for page, count in counted}


def years_of(press: Press, code: str) -> list[int]:
    """栏目里有信息的年份，新的在前。一次查询。"""
    keys = (
        PublicList.objects.filter(
            site=press.site, key__startswith=f"column:{code}:", entries__isnull=False
        )
        .values_list("key", flat=True)
        .distinct()
    )
    years = {ListKey.parse(key).year for key in keys}
    return sorted((year for year in years if year is not None), reverse=True)
