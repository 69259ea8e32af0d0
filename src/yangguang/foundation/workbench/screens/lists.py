"""列表的界面：查找、筛选、排序、翻页；存下的筛选，选定的列，导出。"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.reading_day import reading_day

from ..listing import (
    ALL,
    PAGE,
    Count,
    counted,
    in_chunks,
    in_full_order,
    keep_to,
    kept_query,
    looked_up,
    matching,
    narrowed_by,
    paginate,
    shown_columns,
    words_of,
)
from ..models import SavedList
from ..selectors import chosen_columns, saved_lists
from ..services import choose_columns, forget_list, open_with, save_list
from ..sheets import FORMATS, Row, plain
from .declared import Declared, M

CHUNK = 500
"""导出时一次从库里取多少条。"""


@dataclass(frozen=True)
class Listed:
    """收窄、排好、选好列的一张表，还没有分页；``found`` 是收窄之后的条数。"""

    table: Table
    filterset: FilterSet | None
    words: str
    found: Count

    @property
    def used(self) -> list[str]:
        """用了哪几样收窄：参数的名称。"""
        return narrowed_by(self.filterset, self.words)


class ListScreens(Declared[M]):
    """列表。"""

    def list_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """列表的一页。地址里什么也没有、又存了默认的筛选的，转到那种筛选。"""
        saved = saved_lists(self.slug, actor)
        first = next((each for each in saved if each.is_default), None)
        if first and not request.GET:
            return redirect(f"{self.list_href()}?{first.query}")
        records = self.queryset(actor)
        listed = self.listed(request, actor, records)
        table, found, query = listed.table, listed.found, kept_query(request.GET)
        # 没有收窄的不必再数一遍
        total = counted(records) if listed.used else found
        paginate(table, request.GET.get(PAGE, "1"), self.per_page, found)
        htmx: Any = getattr(request, "htmx", None)
        # 后退时 htmx 来取整页，给的也要是整页
        is_part = bool(htmx) and not htmx.history_restore_request
        template = self.records_template if is_part else self.list_template
        context = self._context(actor)
        if first and not self.everything:
            context["all_href"] = f"{self.list_href()}?{ALL}=1"
        return render(
            request,
            template,
            context
            | {
                "table": table,
                "filterset": listed.filterset,
                "words": listed.words,
                "found": found,
                "total": total,
                "is_narrowed": bool(listed.words)
                or found != total
                or (found.is_more and bool(listed.used)),
                "still_sorted_by": [str(c.header) for c in table.columns if c.orderable],
                "query": query,
                "saved": [(each, _same(each.query, query)) for each in saved],
                "is_wide": len(list(table.columns.iterall())) > 2,
                "formats": FORMATS if self.is_exported else {},
                "bulk": self.bulk_transitions(actor),
            },
        )

    def listed(self, request: HttpRequest, actor: Actor, records: QuerySet[M]) -> Listed:
        """按地址收窄、排序，按此人选定的留列。"""
        records, filterset, words = self.narrowed(request, records)
        records, found = looked_up(records) if words else (records, counted(records))
        table = self.table(records, exclude=self.hidden_columns(actor))
        if found.is_more:
            keep_to(table, self.sorted_at_any_size)
        RequestConfig(request, paginate=False).configure(table)
        table.data.data = in_full_order(table.data.data)
        shown = shown_columns(table, chosen_columns(self.slug, actor), self.optional_columns)
        for column in list(table.columns.iterall()):
            if column.name not in shown:
                table.columns.hide(column.name)
        return Listed(table, filterset, words, found)

    def narrowed(
        self, request: HttpRequest, records: QuerySet[M]
    ) -> tuple[QuerySet[M], FilterSet | None, str]:
        """按地址里的查找和筛选收窄：收窄了的、筛选的表单、查找的词。"""
        words = words_of(request)
        for word in words.split():
            records = records.filter(matching(self.search, word))
        if self.filters is None:
            return records, None, words
        filterset = self.filters(request.GET, queryset=records, request=request)
        return (filterset.qs if filterset.is_valid() else records), filterset, words

    # ---- 导出 ----

    def export_view(self, request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
        """导出此人在列表上看到的：同样的收窄、次序、列，全部各页。边取边送，记入审计。"""
        if kind not in FORMATS or not self.is_exported:
            raise Http404
        listed, form = self.listed(request, actor, self.queryset(actor)), FORMATS[kind]
        columns = [each for each in listed.table.columns if not each.column.exclude_from_export]
        header = [str(column.header) for column in columns]
        with transaction.atomic():
            # 查找的词里可能有人名：审计只记用了哪几样收窄，不记写的什么
            record_event(
                "workbench.export",
                actor=actor,
                target=None,
                target_label=self.label,
                public={
                    "list": self.slug,
                    "format": kind,
                    "columns": header,
                    "narrowed_by": listed.used,
                    "count": str(listed.found) if listed.found.is_more else int(listed.found),
                },
            )
        name = f"{self.label}（{reading_day().isoformat()}）.{kind}"
        answer: Any = StreamingHttpResponse(
            form.write(self.label, header, _rows(listed.table, columns)),
            content_type=form.media_type,
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )
        found: HttpResponse = answer
        return found

    # ---- 各人自己的 ----

    def save_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """把现在的筛选存为常用。"""
        query = kept_query(request.POST.get("query", ""))
        name, is_default = request.POST.get("name", ""), "is_default" in request.POST
        try:
            saved = save_list(self.slug, name, query, is_default=is_default, actor=actor)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
        else:
            messages.success(request, f"已存为常用筛选“{saved.name}”。")
        return redirect(self._list_with(query))

    def saved_view(self, request: HttpRequest, actor: Actor, saved: int) -> HttpResponse:
        """整理一种常用筛选：设为默认、不再默认、删去。只动得了自己的。"""
        mine = SavedList.objects.filter(user=actor.user_id, slug=self.slug)
        found = get_object_or_404(mine, pk=saved)
        what = request.POST.get("do", "")
        if what == "delete":
            forget_list(found)
            messages.success(request, f"已删去常用筛选“{found.name}”。")
            return redirect(f"{self.list_href()}?{ALL}=1")
        if what not in ("default", "undo"):
            raise Http404
        open_with(found, is_default=what == "default")
        told = "打开列表时就用" if what == "default" else "打开列表时不再用"
        messages.success(request, f"{told}“{found.name}”。")
        return redirect(f"{self.list_href()}?{found.query}")

    def columns_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """选定列：一页勾选，勾好回到列表。"""
        given = request.POST if request.method == "POST" else request.GET
        query = kept_query(given.get("query", ""))
        table = self.table(self.queryset(actor).none(), exclude=self.hidden_columns(actor))
        usual = shown_columns(table, (), self.optional_columns)
        if request.method == "POST":
            picked = shown_columns(table, request.POST.getlist("column"), self.optional_columns)
            is_usual = "usual" in request.POST or picked == usual
            choose_columns(self.slug, () if is_usual else picked, actor=actor)
            return redirect(self._list_with(query))
        shown = shown_columns(table, chosen_columns(self.slug, actor), self.optional_columns)
        columns = [(each, each.name in shown) for each in table.columns.iterall()]
        context = {"query": query, "back": self._list_with(query), "columns": columns[1:]}
        return render(request, "workbench/columns.html", self._context(actor) | context)

    def _list_with(self, query: str) -> str:
        return f"{self.list_href()}?{query or f'{ALL}=1'}"


def _rows(table: Table, columns: Sequence[BoundColumn]) -> Iterator[Row]:
    """一行行的格子。空的照列自己的说法（“未确定”），没有说法的留空。"""
    blanks = ["" if each.column.default is None else each.column.default for each in columns]
    for record in in_chunks(table.data.data, CHUNK):
        row = BoundRow(record, table)
        cells = (row.get_cell_value(each.name) for each in columns)
        yield [
            plain(blank if cell is None else cell)
            for blank, cell in zip(blanks, cells, strict=True)
        ]


def _same(one: str, other: str) -> bool:
    return sorted(one.split("&")) == sorted(other.split("&"))
