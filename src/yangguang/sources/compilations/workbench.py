"""文件汇编的界面：定规则、预览选到的、人工选入和不收、看排好的、审、签、公布。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.serving import send
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.codes import subject_label
from yangguang.hub.publications.selectors import published_path

from .circulation import CIRCULATION
from .forms import CompilationForm, PickForm
from .models import Compilation
from .publications import CompilationKind
from .selectors import book_of, made_of, waiting_for
from .services import begin, edit, pick, unpick

VERBS = {"draft": "编辑", "in_review": "审核", "in_approval": "签发", "approved": "公布"}


class CompilationTable(tables.Table):
    """各部汇编。"""

    title = tables.Column(
        "名称", linkify=lambda record: reverse("workbench:compilations-record", args=[record.pk])
    )
    state = StateColumn()

    class Meta:
        model = Compilation
        fields = ("title", "state")


class CompilationFilters(django_filters.FilterSet):
    """按状态筛选。"""

    state = by_state(CIRCULATION)

    class Meta:
        model = Compilation
        fields = ("state",)


class CompilationViewSet(RecordViewSet[Compilation]):
    """文件汇编。"""

    slug = "compilations"
    section = "办"
    label = "文件汇编"
    model = Compilation
    table = CompilationTable
    filters = CompilationFilters
    search = ("title",)
    create_form = CompilationForm
    create_label = "编一部"
    edit_form = CompilationForm
    record_template = "compilations/record.html"

    def create(self, form: Any, actor: Actor) -> Compilation:
        """编一部。"""
        return begin(
            form.values(), organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor, key=form.idempotency_key, columns=list(form.cleaned_data["columns"]),
        )  # fmt: skip

    def initial(self, record: Compilation) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name)
            for name in CompilationForm.base_fields
            if hasattr(record, name)
        }
        return values | {"columns": record.columns.all()}

    def edit(self, record: Compilation, form: Any, actor: Actor) -> None:
        """改。"""
        edit(record, form.values(), actor=actor, columns=list(form.cleaned_data["columns"]))

    def facts(self, record: Compilation, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "编者", record.organisation
        yield "收哪个系统的", record.unit
        yield "年份", f"{record.since or '最早'}至{record.until or '现在'}"
        yield "主题分类", subject_label(record.subject, timezone.localdate()) or "全部"
        yield "有效性", record.get_validity_display()
        yield "目录", record.get_grouping_display()
        yield "编辑说明", record.about
        yield "栏目", "、".join(column.name for column in record.columns.all())

    def record_context(self, record: Compilation, actor: Actor) -> dict[str, Any]:
        """选到的、人工选定的、排到哪一步。"""
        book = book_of(record)
        return {
            "book": book,
            "made": made_of(record, book),
            "picks": record.picks.select_related("publication"),
            "may_pick": self.may_edit(record, actor),
            "public_path": published_path(record, "compilation"),
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """没有办完的各部。"""
        for each in waiting_for(actor):
            yield Todo(each.title, self.record_href(each.pk), each.state_label, VERBS[each.state])

    def extra_routes(self) -> Sequence[URLPattern]:
        """人工选定；看排好的。"""
        return (
            self.route("<int:pk>/made/<slug:form>/", self.made_view, "made"),
            self.route("<int:pk>/pick/", self.pick_view, "pick"),
            self.route("<int:pk>/picks/<int:held>/drop/", require_POST(self.drop_view), "unpick"),
        )

    def made_view(self, request: HttpRequest, actor: Actor, pk: int, form: str) -> HttpResponse:
        """排好的文字版、PDF。"""
        record = self.get(actor, pk)
        for file in CompilationKind().attachments(record):
            if file.name.endswith(f".{form}"):
                return send(file, request=request)  # type: ignore[return-value]
        raise Http404

    def pick_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """按文号、索引号人工选入或者不收一份。"""
        record = self._picked(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            given = form.cleaned_data
            pick(
                record, form.publication, is_in=given["way"] == "in", reason=given["reason"],
                actor=actor,
            )  # fmt: skip
            messages.success(request, f"已记下《{form.publication.title}》。")
            return redirect(f"{self.record_href(pk)}#picks")

        context = {"heading": f"人工选定：{record}", "submit_label": "记下", "record": record}
        blank = partial(PickForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def drop_view(self, request: HttpRequest, actor: Actor, pk: int, held: int) -> HttpResponse:
        """去掉一条人工选定。"""
        record = self._picked(actor, pk)
        chosen = get_object_or_404(record.picks.select_related("publication"), pk=held)
        try:
            unpick(record, chosen, actor=actor)
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, "已去掉，照规则选。")
        return redirect(f"{self.record_href(pk)}#picks")

    def _picked(self, actor: Actor, pk: int) -> Compilation:
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404
        return record


register(CompilationViewSet())
