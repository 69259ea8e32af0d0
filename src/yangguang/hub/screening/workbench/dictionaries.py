"""词典的界面：起草、增改、导入导出、样文、试、启用。"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.rules import XLSX
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..dictionaries import (
    CLOSED,
    open_version,
    put_entry,
    put_sample,
    remove_entry,
    remove_sample,
    replace_entries,
    trial_of,
)
from ..entries import DICTIONARIES, SEVERITIES
from ..forms import EntryForm, ImportForm, SampleForm, VersionForm
from ..lexicon import entries_of
from ..models import DictionaryEntry, DictionaryVersion
from ..tables import FaultyTable
from ..versions import DICTIONARY_LIFE, OPEN_STATES
from ..workbook import UnreadableWorkbook, dump, load

PAGE = 50


class DictionaryTable(tables.Table):
    """词典列表。"""

    dictionary = tables.Column("词典", linkify=lambda record: _href("record", record.pk))
    number = tables.Column("版次", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    count = tables.Column("词条", attrs=TIGHT)
    state = StateColumn()
    in_force_at = tables.DateColumn(verbose_name="启用", format="Y-m-d", default="", attrs=TIGHT)
    note = tables.Column("说明")

    class Meta:
        model = DictionaryVersion
        fields = ("dictionary", "number", "organisation", "count", "state", "in_force_at", "note")


class DictionaryFilters(django_filters.FilterSet):
    """按词典、状态筛选。"""

    dictionary = django_filters.ChoiceFilter(
        label="词典",
        choices=[(each.code, each.label) for each in DICTIONARIES.values()],
        empty_label="全部",
    )
    state = by_state(DICTIONARY_LIFE)

    class Meta:
        model = DictionaryVersion
        fields = ("dictionary", "state")


class DictionaryViewSet(RecordViewSet[DictionaryVersion]):
    """把关词典。"""

    slug = "dictionaries"
    section = "管"
    label = "把关词典"
    model = DictionaryVersion
    table = DictionaryTable
    filters = DictionaryFilters
    search = ("note",)
    create_form = VersionForm
    create_label = "起草新的一版"
    create_submit = "起草"
    record_template = "screening/dictionary.html"
    elsewhere = frozenset({"replace"})
    empty_text = "还没有自己的词典，现在用的是随产品发布的。"

    def queryset(self, actor: Actor) -> QuerySet[DictionaryVersion]:
        """新起草的在前，带上词条数。"""
        return super().queryset(actor).annotate(count=Count("entries")).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> DictionaryVersion:
        """起草：抄自使用中的一版。"""
        values = form.cleaned_data
        return open_version(
            values["dictionary"], note=values["note"], actor=actor, key=form.idempotency_key
        )

    def facts(self, record: DictionaryVersion, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "词典", record.label
        yield "说的是", DICTIONARIES[record.dictionary].about
        yield "用在", f"{record.organisation}及其下级"
        yield "说明", record.note
        yield "词条", record.entries.count()
        yield "词条的摘要", record.digest
        yield "启用", record.in_force_at and record.in_force_at.date().isoformat()
        yield "起草", record.created_by

    def record_context(self, record: DictionaryVersion, actor: Actor) -> dict[str, Any]:
        """样文，和试得怎样。"""
        edits = record.state == "draft" and self.model.policy.may_edit(actor, record)
        return {
            "fields": DICTIONARIES[record.dictionary].fields,
            "samples": list(record.samples()),
            "trial": trial_of(record) if record.state in OPEN_STATES else [],
            "is_open": record.state in OPEN_STATES,
            "edits": edits,
        }

    def queried_context(
        self, record: DictionaryVersion, actor: Actor, query: QueryDict
    ) -> dict[str, Any]:
        """词条：可以查找，一页五十条。"""
        words = query.get("q", "").replace("\x00", "").strip()[:100]
        rows = record.entries.all()
        if words:
            found = Q(text__icontains=words) | Q(right__icontains=words) | Q(note__icontains=words)
            rows = rows.filter(found)
        page = Paginator(rows, PAGE).get_page(query.get("page"))
        fields = DICTIONARIES[record.dictionary].fields
        return {
            "words": words,
            "page": page,
            "rows": [
                {"pk": row.pk, "cells": [_shown(row, f.name) for f in fields]} for row in page
            ],
        }

    def extra_routes(self) -> Sequence[URLPattern]:
        """词条的增、改、删，导入导出，样文。"""
        return (
            self.route("<int:pk>/entries/new/", self.entry_view, "entry-new"),
            self.route("<int:pk>/entries/<int:entry>/", self.entry_view, "entry"),
            self.route(
                "<int:pk>/entries/<int:entry>/remove/",
                require_POST(self.remove_view),
                "entry-remove",
            ),
            self.route("<int:pk>/import/", self.import_view, "import"),
            self.route("<int:pk>/workbook/", self.workbook_view, "workbook"),
            self.route("<int:pk>/samples/new/", self.sample_view, "sample-new"),
            self.route(
                "<int:pk>/samples/<int:sample>/remove/",
                require_POST(self.remove_sample_view),
                "sample-remove",
            ),
        )

    def entry_view(
        self, request: HttpRequest, actor: Actor, pk: int, entry: int | None = None
    ) -> HttpResponse:
        """加一条，或改一条。"""
        record = self.get(actor, pk)
        row = get_object_or_404(record.entries, pk=entry) if entry is not None else None
        names = [each.name for each in DICTIONARIES[record.dictionary].fields]
        blank = partial(
            EntryForm, actor=actor, dictionary=record.dictionary,
            initial={name: getattr(row, name) for name in names} if row else {},
        )  # fmt: skip

        def attempt(form: Any) -> HttpResponse:
            put_entry(record, form.entry, actor=actor, pk=entry)
            messages.success(request, f"已存下“{form.entry.text}”。")
            return redirect(self.record_href(pk))

        heading = f"改“{row}”" if row else "加一条"
        return self._fill(request, actor, record, blank, attempt, heading, "保存")

    def remove_view(self, request: HttpRequest, actor: Actor, pk: int, entry: int) -> HttpResponse:
        """删一条。"""
        record = self.get(actor, pk)
        try:
            remove_entry(record, entry, actor=actor)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
        else:
            messages.success(request, "已删去。")
        return redirect(self.record_href(pk))

    def import_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """导入整表：有一格不对，一条也不收，逐格说明。"""
        record = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            try:
                entries = load(record.dictionary, form.cleaned_data["file"])
            except UnreadableWorkbook as error:
                raise Refused([str(error)]) from error
            except FaultyTable as error:
                raise Refused([f"{fault}" for fault in error.faults]) from error
            count = replace_entries(record, entries, actor=actor)
            messages.success(request, f"已导入 {count} 条。")
            return redirect(self.record_href(pk))

        blank = partial(ImportForm, actor=actor)
        return self._fill(request, actor, record, blank, attempt, "导入", "导入")

    def workbook_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """导出这一版的词条。"""
        record = self.get(actor, pk)
        content = dump(record.dictionary, entries_of(record.pk, record.dictionary))
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = str(content_disposition_header(True, f"{record}.xlsx"))
        return response

    def sample_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """添一篇样文。"""
        record = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            put_sample(record, values["text"], values["expected"], actor=actor)
            messages.success(request, "已添样文。")
            return redirect(self.record_href(pk))

        blank = partial(SampleForm, actor=actor)
        return self._fill(request, actor, record, blank, attempt, "添样文", "添加")

    def remove_sample_view(
        self, request: HttpRequest, actor: Actor, pk: int, sample: int
    ) -> HttpResponse:
        """去掉一篇样文。"""
        record = self.get(actor, pk)
        remove_sample(record, sample, actor=actor)
        messages.success(request, "已去掉。")
        return redirect(self.record_href(pk))

    def _fill(
        self,
        request: HttpRequest,
        actor: Actor,
        record: DictionaryVersion,
        blank: Any,
        attempt: Any,
        heading: str,
        submit: str,
    ) -> HttpResponse:
        if not self.model.policy.may_edit(actor, record):
            raise Http404
        if record.state not in OPEN_STATES:
            messages.warning(request, CLOSED)
            return redirect(self.record_href(record.pk))
        context = {
            "heading": f"{heading}：{record}", "submit_label": submit, "record": record,
        }  # fmt: skip
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)


def _href(name: str, pk: int) -> str:
    return reverse(f"workbench:dictionaries-{name}", args=[pk])


def _shown(row: DictionaryEntry, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, list):
        return "、".join(value)
    if name == "severity":
        return SEVERITIES.get(value, "")
    return "" if value is None else str(value)
