"""代码表的工作台：看各表某一天的各项和历次的说法；添、改、停用。"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.dateparse import parse_date

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.forms import KeyedForm
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .forms import AddForm, EndForm, WordingForm
from .models import CodeEntry
from .policy import may_maintain, may_see
from .registry import table_of, tables
from .rules import CodeTable, Entry, current, in_force
from .selectors import entries_of
from .services import add_code, end_code, revise_code


class CodesViewSet(RecordViewSet[Any]):
    """代码表。"""

    slug = "codes"
    section = "管"
    label = "代码表"
    model = CodeEntry
    is_exported = False

    def may_open(self, actor: Actor) -> bool:
        """监督员、系统管理员。"""
        return may_see(actor)

    def routes(self) -> list[URLPattern]:
        """各表，一张表，添一项，改说法，停用。"""
        return [
            self.route("", self.tables_view, ""),
            self.route("<slug:slug>/", self.table_view, "table"),
            self.route("<slug:slug>/new/", self.add_view, "new"),
            self.route("<slug:slug>/<slug:code>/revise/", self.revise_view, "revise"),
            self.route("<slug:slug>/<slug:code>/end/", self.end_view, "end"),
        ]

    def tables_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """各表，今天各有几项。每张表一次查询。"""
        today = reading_day()
        found = [(table, len(in_force(entries_of(table), today))) for table in tables()]
        return render(request, "codes/tables.html", self._context(actor) | {"tables": found})

    def table_view(self, request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
        """一张表：某一天（默认今天）的各项，和历次的说法。"""
        table = _table(slug)
        try:
            day = parse_date(request.GET.get("on", "")) or reading_day()
        except ValueError:
            day = reading_day()
        entries = entries_of(table)
        context = {
            "code_table": table,
            "on": day,
            "entries": in_force(entries, day),
            "earlier": [entry for entry in entries if not entry.holds(day)],
            "maintains": may_maintain(actor),
            "open_codes": {e.code for e in entries if current(entries, e.code) == e and not e.valid_until},
        }  # fmt: skip
        return render(request, "codes/table.html", self._context(actor) | context)

    def add_view(self, request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
        """添一项。"""
        table = _maintained(slug, actor)

        def attempt(form: Any) -> HttpResponse:
            add_code(table, form.entry(form.cleaned_data["code"].strip()), actor=actor)
            return self._done(request, table, "已添上。")

        return self._form(request, actor, AddForm, attempt, f"{table.name}：添一项", "添上")

    def revise_view(self, request: HttpRequest, actor: Actor, slug: str, code: str) -> HttpResponse:
        """改说法：旧的止于前一日。"""
        table = _maintained(slug, actor)
        latest = _latest(table, code)

        def attempt(form: Any) -> HttpResponse:
            since: date = form.cleaned_data["valid_from"]
            revise_code(table, form.entry(code), since=since, actor=actor)
            return self._done(request, table, f"自 {since.isoformat()} 起改用新的说法。")

        blank = partial(
            WordingForm, initial={"label": latest.label, "legal_basis": latest.legal_basis}
        )
        heading = f"改说法：{latest.label}"
        return self._form(request, actor, blank, attempt, heading, "改")

    def end_view(self, request: HttpRequest, actor: Actor, slug: str, code: str) -> HttpResponse:
        """停用。"""
        table = _maintained(slug, actor)
        latest = _latest(table, code)

        def attempt(form: Any) -> HttpResponse:
            day: date = form.cleaned_data["last_day"]
            end_code(table, code, day, reason=form.cleaned_data["reason"], actor=actor)
            return self._done(request, table, f"用到 {day.isoformat()} 为止。")

        return self._form(request, actor, EndForm, attempt, f"停用：{latest.label}", "停用")

    def _done(self, request: HttpRequest, table: CodeTable, told: str) -> HttpResponse:
        messages.success(request, told)
        return redirect(reverse("workbench:codes-table", args=[table.slug]))

    def _form(
        self,
        request: HttpRequest,
        actor: Actor,
        blank: Callable[..., KeyedForm],
        attempt: Callable[[Any], HttpResponse],
        heading: str,
        submit: str,
    ) -> HttpResponse:
        context = {"heading": heading, "submit_label": submit, "record": None}
        return self.fill(
            request, actor, partial(blank, actor=actor), attempt, "workbench/form.html", context
        )


def _table(slug: str) -> CodeTable:
    table = table_of(slug)
    if table is None:
        raise Http404
    return table


def _maintained(slug: str, actor: Actor) -> CodeTable:
    if not may_maintain(actor):
        raise Http404
    return _table(slug)


def _latest(table: CodeTable, code: str) -> Entry:
    latest = current(entries_of(table), code)
    if latest is None:
        raise Http404
    return latest


register(CodesViewSet())
