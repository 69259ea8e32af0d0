"""公文的解读方案在工作台上：填写，记录页上给审核人、签发人看。"""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.versions import keeping
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .circulation import IN_CIRCULATION
from .forms import InterpretationPlanForm
from .interpreting import PREPARED, Plan, interpreter, looks_like_policy, told_of
from .models import OfficialDocument
from .services import plan_interpretation

UNDER_REVIEW = frozenset({"draft", *IN_CIRCULATION})
"""还来得及声明是政策文件的各个状态。"""


class Planning(RecordViewSet[OfficialDocument]):
    """写解读方案的界面。"""

    def planning_route(self) -> URLPattern:
        """解读方案。"""
        return self.route("<int:pk>/interpretation/", self.planning_view, "interpretation")

    def planning_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """写、改解读方案。现在不能改的，回到记录页说明。"""
        record = self.get(actor, pk)
        if not self.model.policy.may_create(actor):
            raise Http404
        if not self.may_edit(record, actor):
            messages.warning(request, self.edit_refusal(record, actor))
            return redirect(self.record_href(pk))

        def blank(**given: Any) -> InterpretationPlanForm:
            # 每次都按此刻的样子：别人刚改过的要看得见
            plan = OfficialDocument.objects.get(pk=pk).plan or Plan()
            return InterpretationPlanForm(
                actor=actor,
                record=record,
                initial={
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in asdict(plan).items()
                },
                **given,
            )

        def attempt(form: Any) -> HttpResponse:
            with transaction.atomic():
                self._refuse_changed(record, form.seen_at)
                with keeping(record, actor=actor):
                    plan_interpretation(record, form.plan, actor=actor)
            messages.success(request, "解读方案已存。")
            return redirect(self.record_href(pk))

        context = {"heading": f"解读方案：{record}", "submit_label": "保存", "record": record}
        return self.fill(
            request, actor, blank, attempt, "workbench/form.html", context, is_edit=True
        )

    def planning_context(self, record: OfficialDocument, actor: Actor) -> dict[str, Any]:
        """记录页上的解读方案，写了的至多一次查询；标题像政策文件、没有声明的，提醒核对。"""
        plan = record.plan if record.needs_interpretation else None
        rows = (
            told_of(plan, by=interpreter(record.issuers, record.organisation.name)) if plan else []
        )
        if rows and record.interpretation_due:
            rows.append(("解读期限", record.interpretation_due_text))
        if rows and record.interpreted_on:
            rows.append(("解读发布的日期", record.interpreted_on.isoformat()))
        may_plan = record.needs_interpretation and self.may_edit(record, actor)
        return {
            "interpretation": rows,
            "is_plan_missing": record.needs_interpretation and plan is None,
            "was_before_plans": PREPARED["earlier"] if record.interpretation == "earlier" else "",
            "plan_href": reverse("workbench:documents-interpretation", args=[record.pk])
            if may_plan
            else "",
            "may_be_policy": record.disclosure in ("", "proactive")
            and record.state in UNDER_REVIEW
            and not record.needs_interpretation
            and looks_like_policy(record.title),
        }
