"""方案的工作台：收方案、看落实、公开台账、结项；监督员校正分解项、指明单位。"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.dateparse import parse_date

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.naming import NotFound, named_publication, public_path

from ..board import board
from ..following import late_units, supervised_plans, waiting_counts
from ..forms import CloseForm, PlanIntakeForm, fingerprint
from ..intake import look_over
from ..measuring import measured
from ..models import ActionPlan, DeliverableAssignment, Task
from ..parsing import ParsedPlan
from ..rules import PLAN_LIFE
from ..services import close_plan, publish_ledger, read_plan, reopen_plan, take_in_plan
from ..workbook import ledger
from .deliverables import DeliverableRoutes, supervises


class PlanTable(tables.Table):
    """方案列表。"""

    title = tables.Column("方案", linkify=lambda record: _href(record.pk))
    document_number = tables.Column("文号", default="")
    issued_on = tables.DateColumn(verbose_name="成文日期", format="Y-m-d", default="")
    organisation = tables.Column("监督机构", accessor="organisation__short_name")
    task_count = tables.Column("任务", orderable=False)
    state = StateColumn()

    class Meta:
        model = ActionPlan
        fields = ("title", "document_number", "issued_on", "organisation", "task_count", "state")

    def render_task_count(self, value: int) -> str:
        """任务有几项。"""
        return f"{value} 项"


class PlanFilters(django_filters.FilterSet):
    """方案列表的筛选。"""

    state = by_state(PLAN_LIFE)

    class Meta:
        model = ActionPlan
        fields = ("state",)


class PlanViewSet(DeliverableRoutes, RecordViewSet[ActionPlan]):
    """工作方案。"""

    slug = "plans"
    section = "查"
    label = "工作方案"
    model = ActionPlan
    table = PlanTable
    filters = PlanFilters
    search = ("title", "document_number")
    create_form = PlanIntakeForm
    create_label = "收方案"
    create_template = "plans/intake.html"
    record_template = "plans/plan.html"
    action_forms = {"close": CloseForm}
    action_templates = {"close": "plans/close.html"}
    elsewhere = frozenset({"settle_group", "split", "merge", "redate", "add_units"})
    empty_text = "没有看得到的工作方案。"

    def queryset(self, actor: Actor) -> QuerySet[ActionPlan]:
        """看得见的方案，连同任务数。"""
        tasks = Task.objects.filter(plan=OuterRef("pk")).order_by().values("plan")
        return (
            ActionPlan.policy.visible(actor)
            .select_related("organisation", "source__current_version")
            .annotate(task_count=Coalesce(Subquery(tasks.values(count=Count("pk"))), 0))
        )

    # ---- 收方案 ----

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """收方案分两步：先读出来给人核对，核对无误再收下。文字改过的重新核对。"""
        if request.method != "POST":
            return super().create_view(request, actor)
        if not self.may_create(actor):
            return super().create_view(request, actor)

        def blank(**given: Any) -> PlanIntakeForm:
            return PlanIntakeForm(**given, actor=actor)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            parsed = read_plan(values["text"], unread=values["unread"])
            if not form.is_looked_over:
                return self._look_over(request, actor, form, parsed)
            record = self._take_in(form, parsed, actor)
            return self.after_create(request, record)

        context = {"heading": self.create_label, "submit_label": "读出来核对", "record": None}
        return self.fill(request, actor, blank, attempt, self.create_template, context)

    def _look_over(
        self, request: HttpRequest, actor: Actor, form: PlanIntakeForm, parsed: ParsedPlan
    ) -> HttpResponse:
        values = form.cleaned_data
        number = values["document_number"] or parsed.document_number or ""
        shown = PlanIntakeForm(
            actor=actor,
            initial={
                "key": form.idempotency_key,
                "text": values["text"],
                "title": values["title"] or parsed.title,
                "document_number": number,
                "issued_on": values["issued_on"] or parsed.issued_on,
                "organisation": values["organisation"],
                "source": form.data.get("source") or _source_of(number),
                "read": fingerprint(values["text"]),
            },
        )
        reading = look_over(values["text"], parsed, values["organisation"], values["issued_on"])
        context = (
            self._context(actor)
            | self.drafting(request, actor, shown)
            | {
                "form": shown,
                "reading": reading,
                "record": None,
                "heading": "核对读出的任务",
                "submit_label": "改好后重新读" if reading.problems else "核对无误，收下",
            }
        )
        return render(request, self.create_template, context)

    def _take_in(self, form: PlanIntakeForm, parsed: ParsedPlan, actor: Actor) -> ActionPlan:
        values = form.cleaned_data
        return take_in_plan(
            parsed,
            organisation=values["organisation"],
            actor=actor,
            key=form.idempotency_key,
            source=values["source"],
            title=values["title"],
            document_number=values["document_number"],
            issued_on=values["issued_on"],
        )

    def after_create(self, request: HttpRequest, record: ActionPlan) -> HttpResponse:
        """收下之后看方案，先指明单位。"""
        waiting = waiting_counts([record.pk]).get(record.pk, 0)
        told = f"还有 {waiting} 处单位要您指明。" if waiting else ""
        messages.success(request, f"已收下，共 {record.tasks.count()} 项任务。{told}")
        return redirect(self.record_href(record.pk))

    # ---- 看方案 ----

    def facts(self, record: ActionPlan, actor: Actor) -> Iterable[tuple[str, Any]]:
        """方案的字段。"""
        yield "文号", record.document_number
        yield "成文日期", record.issued_on and record.issued_on.isoformat()
        yield "监督机构", record.organisation
        yield "结项日期", record.closed_on and record.closed_on.isoformat()

    def record_context(self, record: ActionPlan, actor: Actor) -> dict[str, Any]:
        """原文、台账的公开地址，能不能校正。"""
        public = record.ledger()
        return {
            "ledger_path": public_path(public),
            "source_path": public_path(record.source),
            "may_correct": self.may_correct(record, actor),
            "own_code": "" if actor.role == "supervisor" else _code_of(actor),
        }

    def queried_context(self, record: ActionPlan, actor: Actor, query: QueryDict) -> dict[str, Any]:
        """截至哪一天、只看哪个单位。"""
        today = reading_day()
        asked = query.get("as_of", "").strip()
        as_of = _day(asked) or today
        visible = DeliverableAssignment.policy.visible(actor)
        unit = query.get("unit", "")
        found = board(
            record, visible, as_of=as_of, unit=unit, is_partial=not supervises(record, actor)
        )
        names = dict(found["units"])
        indicators = measured(record, actor, unit)
        for part in found["parts"]:
            for task in part["tasks"]:
                task["indicators"] = indicators.get(task["number"], [])
        return found | {
            "as_of": as_of,
            "is_today": as_of == today,
            "as_of_fault": (
                f"“{asked}”不是日期，请写成 2020-10-31 的样子；下面是截至今天的。"
                if asked and not _day(asked)
                else ""
            ),
            "unit": unit,
            "unit_name": names.get(unit, ""),
            "indicator_scope": names.get(unit, "")
            or ("本机构及下级合计" if actor.includes_subtree else "本机构"),
        }

    def workbook_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """任务台账的 xlsx，截至 ``as_of``。只含此人看得见的。"""
        record = self.get(actor, pk)
        as_of = _day(request.GET.get("as_of", "")) or reading_day()
        among = DeliverableAssignment.policy.visible(actor)
        content = ledger(record, as_of=as_of, among=among)
        return download(content, f"{record.title}任务台账（截至{as_of}）")

    # ---- 动作 ----

    def act(self, record: ActionPlan, event: str, form: Any, actor: Actor) -> None:
        """公开台账、结项、重新启动。"""
        key, message = form.idempotency_key, form.cleaned_data["message"]
        if event == "publish_ledger":
            publish_ledger(record, actor=actor, key=key)
        elif event == "close":
            close_plan(
                record,
                actor=actor,
                key=key,
                message=message,
                reasons=form.reasons(),
                group_reasons=form.group_reasons(),
            )
        else:
            reopen_plan(record, actor=actor, key=key, message=message)

    def action_form(self, actor: Actor, record: ActionPlan, transition: Any) -> Any:
        """结项的表单要逐条列出没有收口的。"""
        blank = super().action_form(actor, record, transition)
        if transition.event != "close":
            return blank

        def with_record(**given: Any) -> Any:
            return blank(**given, record=record)

        return with_record

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """监督员：没有指明的单位，欠着的单位。三次查询，与方案多少无关。"""
        plans = list(supervised_plans(actor))
        if not plans:
            return
        waiting = waiting_counts([plan.pk for plan in plans])
        late = late_units([plan.pk for plan in plans], as_of=today)
        for plan in plans:
            href = self.record_href(plan.pk)
            if count := waiting.get(plan.pk):
                yield Todo(
                    f"{plan}：{count} 处单位没有指明",
                    f"{href}#groups",
                    "待指明",
                    "指明",
                    "方案只写了“有关单位”一类，或名录里认不出；指明之后这些单位才各得一份。",
                )
            if units := late.get(plan.pk):
                shares = sum(count for _, count in units)
                worst = "、".join(f"{name} {count} 份" for name, count in units[:3])
                yield Todo(
                    f"{plan}：{len(units)} 个单位 {shares} 份任务已到期",
                    f"{href}#late",
                    "已到期",
                    "督办",
                    f"期限已过还没有报送完成，多的是：{worst}。",
                )

    def extra_routes(self) -> Sequence[URLPattern]:
        """导出，以及监督员校正分解项的各页。"""
        return (
            self.route("<int:pk>/workbook/", self.workbook_view, "workbook"),
            *self.deliverable_routes(),
        )


def _href(pk: int) -> str:
    return reverse("workbench:plans-record", args=[pk])


def _code_of(actor: Actor) -> str:
    codes = Organisation.objects.values_list("code", flat=True)
    return str(codes.get(pk=actor.organisation_id))


def _day(text: str) -> date | None:
    """年月日；不是日期的为空。"""
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def _source_of(number: str) -> str:
    """文号对得上的已发布公文的索引号；没有或不止一条的为空。"""
    if not number:
        return ""
    among = Publication.objects.filter(state=Publication.State.PUBLISHED, document_number=number)
    try:
        return named_publication(number, among.select_related("organisation")).index_number
    except NotFound:
        return ""
