"""列表里的一行，和列表页怎样从库里取数。"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import cast

from django.db.models import Q, QuerySet

from yangguang.hub.publications.kinds import kind
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.rules import VALIDITIES

from .frame import Press
from .models import ListEntry, PublicList
from .rules import HEAD, PAGE_SIZE, ListKey, head_start, page_of

FIELDS = (
    "pk",
    "kind",
    "title",
    "published_at",
    "organisation__short_name",
    "document_number",
    "validity",
    "is_demonstration",
)
"""一行要用的字段：不读载荷，几万条的列表也读得快。"""


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
    is_pinned: bool = False


Row = tuple[int, str, str, datetime, str, str, str, bool]
"""``FIELDS`` 的值。"""


def items(press: Press, publications: QuerySet[Publication]) -> list[Item]:
    """化为行，按发布时间，新的在前。一次查询。"""
    return _items(press, publications.values_list(*FIELDS))


def _items(press: Press, rows: Iterable[Row], pinned: Collection[int] = frozenset()) -> list[Item]:
    ordered = sorted(rows, key=lambda row: (row[0] in pinned, row[3], row[0]), reverse=True)
    return [
        Item(
            title=title,
            href=press.url(kind(code).path(number)),
            date=published_at,
            organisation=organisation,
            document_number=document_number,
            validity=VALIDITIES.get(validity, ""),
            is_demonstration=is_demonstration,
            is_pinned=number in pinned,
        )
        for (
            number, code, title, published_at, organisation, document_number, validity,
            is_demonstration,
        ) in ordered
    ]  # fmt: skip


@dataclass(frozen=True)
class ListPage:
    """列表的一页：行、列入过多少条、首页起于第几页、现存多少条。

    首页上置顶的排在最前面，不论它原在第几页。
    """

    items: list[Item]
    placed: int
    start: int
    live: int


@dataclass(frozen=True)
class Listed:
    """列表的一页，印出来的样子：各条、现存多少条，是不是首页，较新、较早的一页的地址，这是第几页。"""

    items: list[Item]
    live: int
    is_head: bool
    newer: str | None
    older: str | None
    place: str

    @property
    def is_dated(self) -> bool:
        """过了零点要重排：有置顶的，置顶会到期。"""
        return any(item.is_pinned for item in self.items)


def list_pages(press: Press, wanted: Sequence[tuple[ListKey, int]]) -> list[ListPage | None]:
    """取若干页，按次序；列表还没有条目时首页是空的，固定页不存在（``None``）。

    两次查询，有首页的再加一次（有置顶的两次），每张首页另加一次；与列表多长无关。
    """
    lists = {
        each.list_key: each
        for each in PublicList.objects.filter(
            site=press.site, key__in={str(key) for key, _ in wanted}
        )
    }
    starts = {
        lists[key].pk: _start(lists[key]) for key, page in wanted if key in lists and not page
    }
    spans = {
        (lists[key].pk, *((starts[lists[key].pk], None) if page == HEAD else (page, page)))
        for key, page in wanted
        if key in lists
    }
    rows = _rows(spans)
    pinned = _pinned(starts, press.as_of)
    pages: list[ListPage | None] = []
    for key, page in wanted:
        public_list = lists.get(key)
        if public_list is None:
            pages.append(ListPage([], 0, 1, 0) if page == HEAD else None)
            continue
        on, start = rows[public_list.pk], starts.get(public_list.pk, 1)
        shown = [n for n in on if n >= start] if page == HEAD else [page]
        found = {row[0]: row for number in shown for row in on.get(number, ())}
        above = pinned.get(public_list.pk, {}) if page == HEAD else {}
        listed = _items(press, {**found, **above}.values(), above)
        pages.append(ListPage(listed, public_list.placed, start, public_list.live))
    return pages


def _start(public_list: PublicList) -> int:
    newest = public_list.entries.order_by("-ordinal").values_list("ordinal", flat=True)
    return head_start(next(iter(newest[PAGE_SIZE - 1 : PAGE_SIZE]), None))


def _rows(
    spans: Iterable[tuple[int, int, int | None]],
) -> dict[int, dict[int, list[Row]]]:
    """各列表、各页的行。``spans``：列表、从第几页、到第几页（含；空的到末尾）。"""
    rows: dict[int, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    asked = [
        Q(public_list=number, ordinal__gte=(first - 1) * PAGE_SIZE)
        & (Q() if last is None else Q(ordinal__lt=last * PAGE_SIZE))
        for number, first, last in sorted(spans, key=lambda span: span[:2])
    ]
    if not asked:
        return rows
    entries = ListEntry.objects.filter(
        reduce(or_, asked), publication__state=Publication.State.PUBLISHED
    ).values_list("public_list", "ordinal", *(f"publication__{name}" for name in FIELDS))
    for public_list, ordinal, *row in entries:
        rows[public_list][page_of(ordinal)].append(cast(Row, tuple(row)))
    return rows


def _pinned(lists: Iterable[int], on: date) -> dict[int, dict[int, Row]]:
    """各列表里还在置顶的行，按信息的编号。没有要问的不查询。"""
    found: dict[int, dict[int, Row]] = defaultdict(dict)
    if not lists:
        return found
    pinned = list(
        Publication.objects.filter(
            state=Publication.State.PUBLISHED, pinned_until__gte=on
        ).values_list("pk", flat=True)
    )
    if not pinned:
        return found
    entries = ListEntry.objects.filter(public_list__in=lists, publication__in=pinned).values_list(
        "public_list", *(f"publication__{name}" for name in FIELDS)
    )
    for public_list, *row in entries:
        found[public_list][row[0]] = cast(Row, tuple(row))
    return found


def years_of(press: Press, key: ListKey) -> list[int]:
    """栏目、专题的一部分里有信息的年份，新的在前。一次查询。"""
    keys = PublicList.objects.filter(
        site=press.site, key__startswith=f"{key.owner}:{key.code}:", live__gt=0
    ).values_list("key", flat=True)
    years = {ListKey.parse(key).year for key in keys}
    return sorted((year for year in years if year is not None), reverse=True)
