"""列出信息的块：按条件列，列征集，列专题。页上没有剩余时间，只有日期。"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from yangguang.hub.columns.models import Site
from yangguang.hub.publications.kinds import all_kinds
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import published, shown_on
from yangguang.hub.topics.selectors import published_on
from yangguang.outlets.website.items import items
from yangguang.outlets.website.models import ListEntry
from yangguang.outlets.website.placing import EVERY_LIST, kind_key, list_key
from yangguang.outlets.website.records import DAY
from yangguang.outlets.website.rules import ListKey

from ..fields import Choice, Whole
from .base import HEADING, HOME, Arranging, BlockKind, Shown
from .plan import PlanProgress

OWNERS = ("topic", "column", "organisation")
"""可以限定的三样，按“全部”通向哪里的先后。"""
ASKING = "征集调查"


class ListByRule(BlockKind):
    """按条件列出信息：栏目、机构、专题、种类，写了的要同时合。"""

    code = "list"
    label = "信息列表"
    help = "自动列出合条件的信息，有新的就更新。"
    fields = (
        HEADING,
        Choice("column", "栏目", source="columns", required=False, help="下级栏目里的也列。"),
        Choice("organisation", "机构", source="organisations", required=False),
        Choice("topic", "专题", source="topics", required=False),
        Choice("kind", "种类", source="kinds", required=False),
        Whole("count", "列几条", most=20, initial=8),
        Choice(
            "order", "次序", choices=(("new", "新公开的在前"), ("old", "先公开的在前")),
            help="没有合条件的，写一句“还没有公开的信息”。",
        ),
    )  # fmt: skip

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """列表，和通向全部的链接。"""
        press = page.press
        chosen = [ListKey(owner, values[owner]) for owner in OWNERS if values[owner]]
        keys = {list_key(key) for key in chosen}
        kinds = [each.code for each in all_kinds()]
        if values["kind"]:
            kinds = [values["kind"]]
            keys.add(kind_key(values["kind"]))
        elif not chosen and PlanProgress.code in page.kinds:
            # 另占一块的种类，最新公开里不再列
            kinds = [each.code for each in all_kinds() if not each.teaser]
        is_old = values["order"] == "old"
        found = items(press, _rows(press.site, chosen, kinds, values["count"], is_old=is_old))
        if is_old:
            found.reverse()
        if chosen:
            href = press.url(chosen[0].folder)
        else:
            roots = press.open_roots
            href = press.column_url(roots[0]) if roots else ""
        return self.printed(
            page, values, frozenset(keys or {EVERY_LIST}), items=found, everything=href
        )


class Consultations(BlockKind):
    """正在征求意见的：征集调查类栏目里还没有截止的。"""

    code = "consultations"
    label = "征求意见"
    help = "自动列出正在征求意见的事项和截止日期，先截止的在前。"
    fields = (
        HEADING,
        Whole("count", "列几条", most=10, initial=3),
        Choice(
            "empty", "没有的时候",
            choices=(("hide", "不显示这一块"), ("tell", "写一句“现在没有正在征求意见的事项”")),
        ),
    )  # fmt: skip
    most = 1

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """过了截止日期的不列；没有写截止日期的列在后面。"""
        press = page.press
        columns = [column for column in press.columns if column.column_type == ASKING]
        keys = {list_key(ListKey("column", column.code)) for column in columns} | {DAY}
        rows: Iterable[Publication] = ()
        if columns:
            wanted = {str(ListKey("column", column.code)) for column in columns}
            entries = ListEntry.objects.filter(
                public_list__site=press.site, public_list__key__in=wanted
            )
            rows = published().filter(pk__in=entries.values("publication")).distinct()
        found = sorted(_open(press.as_of, rows), key=lambda each: (not each[0], each[0]))
        shown = [
            (publication, closes, press.href(publication))
            for closes, publication in found[: values["count"]]
        ]
        if not shown and values["empty"] == "hide":
            return Shown("", frozenset(keys))
        href = press.column_url(columns[0]) if columns else ""
        return self.printed(page, values, frozenset(keys), shown=shown, everything=href)


class Topics(BlockKind):
    """进行中的专题。"""

    code = "topics"
    label = "专题"
    help = "列出进行中的专题，新开的在前。"
    fields = (HEADING, Whole("count", "列几个", most=12, initial=4))
    places = frozenset({HOME})
    most = 1

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """没有进行中的专题，整块不印。专题有变动，首页总会重烘。"""
        topics = [each for each in page.press.topics if each.state == "open"][: values["count"]]
        return self.printed(page, values, topics=topics) if topics else Shown("")


def _rows(
    site: Site, chosen: Sequence[ListKey], kinds: Sequence[str], count: int, *, is_old: bool
) -> QuerySet[Publication]:
    """合条件的前几条。列表里本来就有转发来的。"""
    if not chosen and not is_old:
        return shown_on(site, count, kind__in=kinds)
    rows = published().filter(kind__in=kinds)
    for key in chosen:
        entries = ListEntry.objects.filter(public_list__site=site, public_list__key=str(key))
        rows = rows.filter(pk__in=entries.values("publication"))
    if not chosen:
        rows = published_on(site).filter(kind__in=kinds)
    if is_old:
        rows = rows.order_by("published_at", "pk")
    return rows[:count]


def _open(today: date, rows: Iterable[Publication]) -> Iterable[tuple[str, Publication]]:
    """还开着的，连同截止日期（``closes_on``，种类的载荷里写的；没有写的为空）。"""
    for publication in rows:
        version = publication.current_version
        closes = str((version.payload if version else {}).get("closes_on") or "")
        if not closes or closes >= today.isoformat():
            yield closes, publication
