"""监督员校正方案的各页：指明单位、拆分、合并、核定期限、补充单位。"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern

from yangguang.foundation.accounts.rules import Actor

from ..forms import GroupForm, MergeForm, RedateForm, SplitForm, UnitsForm
from ..models import ActionPlan, Deliverable, Task, UnitGroup
from ..services import (
    add_units,
    fill_group,
    merge_deliverables,
    redate_deliverable,
    split_deliverable,
)


class DeliverableRoutes:
    """方案界面里校正分解项的地址和页面。不是这个方案的监督员，这些页面不存在。"""

    def deliverable_routes(self: Any) -> Sequence[URLPattern]:
        """各页的地址。"""
        one = "<int:pk>/deliverables/<int:deliverable>"
        return (
            self.route("<int:pk>/groups/<int:group>/", self.group_view, "group"),
            self.route(f"{one}/split/", self.split_view, "split"),
            self.route(f"{one}/date/", self.redate_view, "redate"),
            self.route(f"{one}/units/", self.units_view, "units"),
            self.route("<int:pk>/tasks/<int:task>/merge/", self.merge_view, "merge"),
        )

    def may_correct(self, record: ActionPlan, actor: Actor) -> bool:
        """现在能不能校正：方案在执行，此人是它的监督员。"""
        return record.state == "active" and supervises(record, actor)

    def group_view(
        self: Any, request: HttpRequest, actor: Actor, pk: int, group: int
    ) -> HttpResponse:
        """指明单位。已经指明过的，回到方案说明。"""
        record = self._supervised(actor, pk)
        found = get_object_or_404(
            UnitGroup.objects.select_related("deliverable__task__plan"),
            pk=group,
            deliverable__task__plan=record,
        )

        def blank(**given: Any) -> GroupForm:
            return GroupForm(**given, actor=actor, group=found, plan=record)

        def work(form: Any) -> str:
            made = fill_group(
                found,
                form.chosen(),
                actor=actor,
                key=form.idempotency_key,
                throughout=form.cleaned_data["throughout"],
                reason=form.cleaned_data["reason"],
            )
            return f"“{found.phrase}”已指明，{len(made)} 份任务分下去了。"

        return self._work(
            request, actor, record, blank, work,
            heading=f"指明单位：“{found.phrase}”",
            submit_label="指明",
            lead=f"第{found.deliverable.task.number}项 {found.deliverable.task.title}",
            quoted=[found.deliverable.text],
        )  # fmt: skip

    def split_view(
        self: Any, request: HttpRequest, actor: Actor, pk: int, deliverable: int
    ) -> HttpResponse:
        """拆分。"""
        record = self._supervised(actor, pk)
        found = _deliverable(record, deliverable)

        def blank(**given: Any) -> SplitForm:
            return SplitForm(**given, actor=actor, deliverable=found)

        def work(form: Any) -> str:
            split_deliverable(
                found,
                form.pieces(),
                actor=actor,
                key=form.idempotency_key,
                reason=form.cleaned_data["reason"],
            )
            return "已拆分。"

        return self._work(
            request, actor, record, blank, work, heading="拆分分解项", submit_label="拆分",
            lead=_lead(found), quoted=[found.text],
        )  # fmt: skip

    def redate_view(
        self: Any, request: HttpRequest, actor: Actor, pk: int, deliverable: int
    ) -> HttpResponse:
        """核定期限。"""
        record = self._supervised(actor, pk)
        found = _deliverable(record, deliverable)

        def blank(**given: Any) -> RedateForm:
            return RedateForm(**given, actor=actor, initial={"due_on": found.due_on})

        def work(form: Any) -> str:
            redate_deliverable(
                found,
                form.cleaned_data["due_on"],
                actor=actor,
                key=form.idempotency_key,
                reason=form.cleaned_data["reason"],
            )
            return "期限已核定。"

        return self._work(
            request, actor, record, blank, work, heading="核定期限", submit_label="核定",
            lead=_lead(found), quoted=[found.text],
        )  # fmt: skip

    def units_view(
        self: Any, request: HttpRequest, actor: Actor, pk: int, deliverable: int
    ) -> HttpResponse:
        """补充单位。"""
        record = self._supervised(actor, pk)
        found = _deliverable(record, deliverable)

        def blank(**given: Any) -> UnitsForm:
            return UnitsForm(**given, actor=actor, deliverable=found, plan=record)

        def work(form: Any) -> str:
            made = add_units(
                found,
                list(form.cleaned_data["units"]),
                role=form.cleaned_data["role"],
                actor=actor,
                key=form.idempotency_key,
                reason=form.cleaned_data["reason"],
            )
            return f"已补充 {len(made)} 个单位。"

        return self._work(
            request, actor, record, blank, work, heading="补充单位", submit_label="补充",
            lead=_lead(found), quoted=[found.text],
        )  # fmt: skip

    def merge_view(
        self: Any, request: HttpRequest, actor: Actor, pk: int, task: int
    ) -> HttpResponse:
        """合并。"""
        record = self._supervised(actor, pk)
        found = get_object_or_404(Task, pk=task, plan=record)
        current = list(found.deliverables.filter(retired_at__isnull=True))

        def blank(**given: Any) -> MergeForm:
            return MergeForm(**given, actor=actor, task=found)

        def work(form: Any) -> str:
            merge_deliverables(
                list(form.cleaned_data["deliverables"]),
                form.piece(),
                actor=actor,
                key=form.idempotency_key,
                reason=form.cleaned_data["reason"],
            )
            return "已合并。"

        return self._work(
            request, actor, record, blank, work, heading="合并分解项", submit_label="合并",
            lead=f"第{found.number}项 {found.title}", quoted=[d.text for d in current],
        )  # fmt: skip

    def _supervised(self: Any, actor: Actor, pk: int) -> ActionPlan:
        record: ActionPlan = self.get(actor, pk)
        if not supervises(record, actor):
            raise Http404
        return record

    def _work(
        self: Any,
        request: HttpRequest,
        actor: Actor,
        record: ActionPlan,
        blank: Callable[..., Any],
        work: Callable[[Any], str],
        **context: Any,
    ) -> HttpResponse:
        def attempt(form: Any) -> HttpResponse:
            messages.success(request, work(form))
            return redirect(self.record_href(record.pk))

        response: HttpResponse = self.fill(
            request, actor, blank, attempt, "plans/correct.html", {"record": record, **context}
        )
        return response


def supervises(record: ActionPlan, actor: Actor) -> bool:
    """此人是不是这个方案的监督员。"""
    return actor.role == "supervisor" and actor.covers(
        record.organisation_id, record.organisation.path
    )


def _deliverable(plan: ActionPlan, pk: int) -> Deliverable:
    found: Deliverable = get_object_or_404(
        Deliverable.objects.select_related("task__plan"), pk=pk, task__plan=plan
    )
    return found


def _lead(deliverable: Deliverable) -> str:
    return f"第{deliverable.task.number}项 {deliverable.task.title}"
