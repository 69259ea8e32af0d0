"""栏目的工作台：看栏目树，开设、修改、调整次序、关闭、重新启用。"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.forms import KeyedForm, new_key
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.policy import edits_a_site, sites_edited_by
from yangguang.hub.publications.models import Publication

from ..column_forms import CloseColumnForm, ColumnForm, OpenColumnForm, ReorderForm
from ..columns import (
    EDITED,
    close_column,
    edit_column,
    open_column,
    reopen_column,
    reorder_column,
)
from ..selectors import happened

Blank = Callable[..., KeyedForm]


class ColumnTable(tables.Table):
    """栏目树。"""

    name = tables.Column("栏目", orderable=False, linkify=lambda record: _href(record))
    site = tables.Column("站点", accessor="site__short_name", orderable=False, attrs=TIGHT)
    column_type = tables.Column("类别", orderable=False, attrs=TIGHT)
    statutory_content = tables.Column("法定内容", orderable=False, attrs=TIGHT, default="")
    shown = tables.Column("公开着", orderable=False, attrs=TIGHT)
    closed_on = tables.DateColumn(
        verbose_name="关闭", format="Y-m-d", orderable=False, default="", attrs=TIGHT
    )

    class Meta:
        model = Column
        fields = ("name", "site", "column_type", "statutory_content", "shown", "closed_on")

    def render_name(self, value: str, record: Column) -> str:
        """下级退后一格。"""
        return "　" * (record.depth - 1) + value

    def render_statutory_content(self, value: str, record: Column) -> str:
        """条例第二十条第几项。"""
        return f"第{record.statutory_content[3:]}项" if record.statutory_content else ""

    def render_shown(self, value: int) -> str:
        """几条。"""
        return f"{value:,} 条"


class ColumnFilters(django_filters.FilterSet):
    """按站点、开着没有筛选。"""

    site = django_filters.ModelChoiceFilter(
        label="站点", queryset=lambda request: sites_edited_by(getattr(request, "acting", None)),
        to_field_name="code", empty_label="全部",
    )  # fmt: skip
    closed = django_filters.ChoiceFilter(
        label="状态", method="narrow", empty_label="全部",
        choices=[("no", "开着"), ("yes", "已关闭")],
    )  # fmt: skip

    class Meta:
        model = Column
        fields = ("site", "closed")

    def narrow(self, found: QuerySet[Column], name: str, chosen: str) -> QuerySet[Column]:
        """开着的，或关闭了的。"""
        return found.filter(closed_on__isnull=chosen == "no")


class ColumnViewSet(RecordViewSet[Any]):
    """栏目。"""

    slug = "site-columns"
    section = "管"
    label = "栏目"
    model = Column
    table = ColumnTable
    filters = ColumnFilters
    search = ("name", "code", "description")
    list_template = "sites/columns.html"
    per_page = 100
    empty_text = "没有符合条件的栏目。"

    def queryset(self, actor: Actor) -> QuerySet[Column]:
        """此人能编的站点的栏目，按树的次序，连同公开着几条。"""
        found: QuerySet[Column] = (
            Column.objects.filter(site__in=sites_edited_by(actor))
            .select_related("site__organisation", "merged_into")
            .annotate(
                shown=Count(
                    "placements",
                    filter=Q(placements__publication__state=Publication.State.PUBLISHED),
                )
            )
            .order_by("site", "path")
        )
        return found

    def may_open(self, actor: Actor) -> bool:
        """管着站点的才有这一项。一次查询。"""
        return edits_a_site(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """只管一个站点的，不必列出站点。"""
        return () if actor.includes_subtree else ("site",)

    def routes(self) -> list[URLPattern]:
        """列表、一个栏目、开设、修改、调整次序、关闭、重新启用。"""
        return [
            self.route("", self.list_view, ""),
            self.route("new/", self.new_view, "new"),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/edit/", self.change_view, "edit"),
            self.route("<int:pk>/reorder/", self.reorder_view, "reorder"),
            self.route("<int:pk>/close/", self.close_view, "close"),
            self.route("<int:pk>/reopen/", self.reopen_view, "reopen"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一个栏目：是什么、收了几条、下级有哪些、改过什么。"""
        column = self.get(actor, pk)
        context = {
            "column": column,
            "facts": [(label, value) for label, value in self._facts(column) if value],
            "children": list(Column.objects.get_children(column)),
            "public_path": f"{column.site.base}/columns/{column.code}/",
            "happened": happened(column),
            "key": new_key(),
        }
        return render(request, "sites/column.html", self._context(actor) | context)

    def new_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """开设一个栏目。"""
        under = request.GET.get("under", "")
        initial = {"place": f"column:{under}"} if under else {}

        def attempt(form: Any) -> HttpResponse:
            site, parent = form.chosen
            made = open_column(
                site, form.values, code=form.cleaned_data["code"], parent=parent, actor=actor
            )
            messages.success(request, f"已开设“{made}”，网站随即更新。")
            return redirect(self.record_href(made.pk))

        blank = partial(OpenColumnForm, initial=initial)
        return self._form(request, actor, blank, attempt, "开设栏目", "开设")

    def change_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """改名称、类别、说明。"""
        column = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            edit_column(column, form.values, actor=actor)
            messages.success(request, "已保存，网站随即更新。")
            return redirect(self.record_href(pk))

        blank = partial(ColumnForm, initial={name: getattr(column, name) for name in EDITED})
        return self._form(request, actor, blank, attempt, f"修改：{column}", "保存")

    def reorder_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """调整在同一级里的次序。"""
        column = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            reorder_column(column, form.chosen, actor=actor)
            messages.success(request, "次序已调整，网站随即更新。")
            return redirect(self.list_href())

        blank = partial(ReorderForm, column=column)
        return self._form(request, actor, blank, attempt, f"调整次序：{column}", "调整")

    def close_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """关闭：问清信息去哪里。"""
        column = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            heir = form.chosen
            close_column(column, heir, reason=form.cleaned_data["reason"], actor=actor)
            told = f"，里面的信息正在移到“{heir}”" if heir else ""
            messages.success(request, f"已关闭“{column}”{told}。")
            return redirect(self.record_href(pk))

        blank = partial(CloseColumnForm, column=column)
        return self._form(request, actor, blank, attempt, f"关闭栏目：{column}", "关闭")

    def reopen_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """重新启用。"""
        column = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            reopen_column(column, actor=actor)
            messages.success(request, f"已重新启用“{column}”。")
            return redirect(self.record_href(pk))

        return self._form(request, actor, KeyedForm, attempt, f"重新启用：{column}", "重新启用")

    def _facts(self, column: Any) -> Iterable[tuple[str, Any]]:
        heir = column.merged_into
        yield "站点", column.site
        yield "上级", Column.objects.get_parent(column)
        yield "类别", column.column_type
        yield "设置目的和主要内容", column.description
        yield "关键词", column.keywords
        yield "法定主动公开内容", column.get_statutory_content_display()
        yield "公开着的信息", f"{column.shown:,} 条"
        yield "关闭", column.closed_on and column.closed_on.isoformat()
        yield "信息移到", heir.name if heir else ""

    def _form(
        self,
        request: HttpRequest,
        actor: Actor,
        blank: Blank,
        attempt: Callable[[Any], HttpResponse],
        heading: str,
        submit: str,
    ) -> HttpResponse:
        context = {"heading": heading, "submit_label": submit, "record": None}
        return self.fill(
            request, actor, partial(blank, actor=actor), attempt, "workbench/form.html", context
        )


def _href(column: Column) -> str:
    return reverse("workbench:site-columns-record", args=[column.pk])


register(ColumnViewSet())
