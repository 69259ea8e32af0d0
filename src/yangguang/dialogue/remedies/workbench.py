"""复议、诉讼的工作台：列表和表四，一件，从申请登记，责令重作的另开一件。"""

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

from yangguang.dialogue.requests.counting import Period
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.outcomes import BY_OUTCOME
from yangguang.dialogue.requests.panels import register as register_panel
from yangguang.dialogue.requests.states import OFFICER
from yangguang.dialogue.requests.table3 import GROUPS, OUTCOMES
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .counting import table4
from .forms import AnswerForm, DecideForm, EnterForm, RedoForm
from .models import Remedy
from .proceedings import PROCEEDINGS, oddity
from .services import enter, redo


class RemedyTable(tables.Table):
    """复议、诉讼的列表。"""

    request = tables.Column(
        "申请", accessor="request__subject", linkify=lambda record: _href(record.pk)
    )
    kind = tables.Column("哪一种")
    body = tables.Column("复议机关、法院")
    state = StateColumn()
    received_on = tables.DateColumn(verbose_name="收到通知", format="Y-m-d", attrs=TIGHT)
    answer_due = tables.DateColumn(verbose_name="答复、答辩期限", format="Y-m-d", attrs=TIGHT)
    result = tables.Column("结果", default="", attrs=TIGHT)

    class Meta:
        model = Remedy
        fields = ("request", "kind", "body", "state", "received_on", "answer_due", "result")


class RemedyFilters(django_filters.FilterSet):
    """状态、哪一种。"""

    state = by_state(PROCEEDINGS)
    kind = django_filters.ChoiceFilter(
        label="哪一种", choices=list(GROUPS.items()), empty_label="全部"
    )

    class Meta:
        model = Remedy
        fields = ("state", "kind")


class RemedyViewSet(RecordViewSet[Remedy]):
    """复议、诉讼。"""

    slug = "remedies"
    section = "办"
    label = "复议诉讼"
    model = Remedy
    table = RemedyTable
    filters = RemedyFilters
    search = ("request__number", "request__subject", "case_number")
    list_template = "remedies/list.html"
    record_template = "remedies/record.html"
    action_forms = {"answer": AnswerForm, "decide": DecideForm}
    empty_text = "没有复议、诉讼。从一件申请的记录页登记。"

    def queryset(self, actor: Actor) -> QuerySet[Remedy]:
        """新来的在前。"""
        records = super().queryset(actor).select_related("organisation", "request", "redone")
        return records.order_by("-pk")

    def _context(self, actor: Actor) -> dict[str, Any]:
        """列表上方的表四：今年到今天。"""
        today = reading_day()
        cells = table4(Remedy.policy.visible(actor), Period.of(today.year, today))
        return super()._context(actor) | {
            "year": today.year,
            "columns": list(OUTCOMES.values()),
            "rows": [(GROUPS[group], list(line.values())) for group, line in cells.items()],
        }

    def facts(self, record: Remedy, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "申请", record.request
        yield "哪一种", record.get_kind_display()
        yield "复议机关、法院", record.body
        yield "案号", record.case_number
        yield "程序", "简易程序" if record.is_simplified else ""
        yield "收到通知", record.received_on.isoformat()
        yield "答复、答辩期限", record.answer_due and record.answer_due.isoformat()
        yield "提交答复、答辩", record.answered_on and record.answered_on.isoformat()
        yield "审结", record.decided_on and record.decided_on.isoformat()
        yield "结果", record.get_result_display()
        yield "文号", record.decision_number
        yield "责令重作", "是" if record.orders_redo else ""

    def record_context(self, record: Remedy, actor: Actor) -> dict[str, Any]:
        """与复议前置不合的提醒，重作的申请，能不能另开。"""
        outcome = BY_OUTCOME.get(record.request.outcome)
        refuses = outcome is not None and outcome.is_refusal
        replied = record.request.replied_on
        may_redo = record.orders_redo and record.redone is None and actor.role in OFFICER
        return {
            "oddity": oddity(record.kind, replied, refuses) if replied else "",
            "is_unanswered": record.request.finished_on is None,
            "request_href": _request_href(record.request_id),
            "redone_href": _request_href(record.redone_id) if record.redone_id else "",
            "redo_href": reverse("workbench:remedies-redo", args=[record.pk]) if may_redo else "",
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """没有提交答复、答辩的；责令重作还没有另开的。"""
        if actor.role not in OFFICER:
            return
        own = self.queryset(actor).filter(organisation=actor.organisation_id)
        for remedy in own.filter(state="open"):
            yield Todo(
                str(remedy), self.record_href(remedy.pk), remedy.state_label, "提交答复、答辩",
                remedy.body, remedy.answer_due,
            )  # fmt: skip
        for remedy in own.filter(orders_redo=True, redone__isnull=True):
            yield Todo(
                str(remedy), self.record_href(remedy.pk), remedy.state_label, "重新办理",
                "责令重新答复", is_returned=True,
            )  # fmt: skip

    def extra_routes(self) -> Sequence[URLPattern]:
        """登记，另开一件重作。"""
        return (
            self.route("for/<int:request_pk>/", self.enter_view, "enter"),
            self.route("<int:pk>/redo/", self.redo_view, "redo"),
        )

    def enter_view(self, request: HttpRequest, actor: Actor, request_pk: int) -> HttpResponse:
        """从一件申请登记。"""
        visible = DisclosureRequest.policy.visible(actor).filter(organisation=actor.organisation_id)
        found: DisclosureRequest = get_object_or_404(visible, pk=request_pk)
        if actor.role not in OFFICER:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            values = {k: v for k, v in form.cleaned_data.items() if k not in ("key", "kind")}
            remedy = enter(
                found, form.cleaned_data["kind"], actor=actor, key=form.idempotency_key, **values
            )
            messages.success(request, "已登记。")
            return redirect(self.record_href(remedy.pk))

        context = {
            "heading": f"登记复议、诉讼：{found}", "submit_label": "登记", "record": None,
            "list_href": _request_href(request_pk),
        }  # fmt: skip
        blank = partial(EnterForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def redo_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """责令重作的另开一件。"""
        record = self.get(actor, pk)
        if actor.role not in OFFICER or record.organisation_id != actor.organisation_id:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            made = redo(record, form.cleaned_data["since"], actor=actor, key=form.idempotency_key)
            messages.success(request, f"已另开一件，编号 {made.number}，期限重新计算。")
            return redirect(_request_href(made.pk))

        context = {"heading": f"重新办理：{record}", "submit_label": "另开一件", "record": record}
        blank = partial(RedoForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)


def _href(pk: int) -> str:
    return reverse("workbench:remedies-record", args=[pk])


def _request_href(pk: int) -> str:
    return reverse("workbench:requests-record", args=[pk])


def panel(request: DisclosureRequest, actor: Actor) -> dict[str, Any] | None:
    """申请记录页上的一栏：它的复议、诉讼。没有的、还不能登记的没有这一栏。"""
    if not Remedy.policy.may_read(actor):
        return None
    found = list(Remedy.objects.filter(request=request).order_by("pk"))
    own = request.organisation_id == actor.organisation_id
    may_enter = own and actor.role in OFFICER and request.received_on is not None
    if not found and not may_enter:
        return None
    return {
        "template": "remedies/panel.html",
        "remedies": found,
        "enter_href": reverse("workbench:remedies-enter", args=[request.pk]) if may_enter else "",
    }


register(RemedyViewSet())
register_panel(panel)
