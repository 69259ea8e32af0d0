"""文件汇编的界面：定规则、预览选到的、人工选入和不收、看排好的、审、签、公布。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.serving import send
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state, organisations_of
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.codes import subject_label
from yangguang.hub.publications.selectors import published_path
from yangguang.hub.screening.selectors import examined_once

from .circulation import CIRCULATION
from .forms import CompilationForm, PickForm
from .models import Compilation
from .publications import CompilationKind
from .rules import first_of
from .selectors import contents_of, made_of, waiting_for
from .services import begin, edit, pick, unpick

VERBS = {"draft": "编辑", "in_review": "审核", "in_approval": "签发", "approved": "公布"}
MOST_LISTED = 200
"""记录页上最多列多少份选到的。"""


class CompilationTable(tables.Table):
    """各部汇编。"""

    title = tables.Column(
        "名称", linkify=lambda record: reverse("workbench:compilations-record", args=[record.pk])
    )
    organisation = tables.Column("编者", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()
    updated_at = tables.DateTimeColumn(verbose_name="更新", format="Y-m-d H:i", attrs=TIGHT)

    class Meta:
        model = Compilation
        fields = ("title", "organisation", "state", "updated_at")


class CompilationFilters(django_filters.FilterSet):
    """按状态、编者筛选。"""

    state = by_state(CIRCULATION)
    organisation = django_filters.ModelChoiceFilter(
        label="编者", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = Compilation
        fields = ("state", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.acting.includes_subtree:
            del self.filters["organisation"]


class CompilationViewSet(RecordViewSet[Compilation]):
    """文件汇编。"""

    slug = "compilations"
    section = "办"
    label = "文件汇编"
    model = Compilation
    table = CompilationTable
    filters = CompilationFilters
    awaiting = frozenset({"in_review", "in_approval"})
    search = ("title",)
    sorted_at_any_size = ("updated_at",)
    create_form = CompilationForm
    create_label = "编一部"
    edit_form = CompilationForm
    record_template = "compilations/record.html"

    def queryset(self, actor: Actor) -> QuerySet[Compilation]:
        """新编的在前。"""
        return super().queryset(actor).order_by("-pk")

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
        yield "收哪几种", record.get_collected_display()
        yield "有效性", record.get_validity_display()
        yield "目录", record.get_grouping_display()
        yield "编辑说明", record.about
        yield "栏目", "、".join(column.name for column in record.columns.all())

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页：守卫和把关一块只看一遍内容。"""
        with examined_once():
            return super().record_view(request, actor, pk)

    def record_context(self, record: Compilation, actor: Actor) -> dict[str, Any]:
        """选到的（只列前 ``MOST_LISTED`` 份）、人工选定的、排到哪一步。"""
        contents = contents_of(record)
        return {
            "total": contents.total,
            "groups": first_of(contents.groups, MOST_LISTED),
            "most": MOST_LISTED if contents.total > MOST_LISTED else 0,
            "made": made_of(record, contents),
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
        suggested = {name: request.GET.get(name, "") for name in ("number", "way")}
        blank = partial(PickForm, actor=actor, initial=suggested)
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


def _organisations(request: HttpRequest | None) -> QuerySet[Organisation]:
    """筛选里可选的编者：此人看得见的汇编的。"""
    return organisations_of(Compilation.policy.visible(getattr(request, "acting", None)))


register(CompilationViewSet())
