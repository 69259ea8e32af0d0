"""办理的各页：联系申请人、显示身份、检索、判断、记意见、认定理由、材料。"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import store
from yangguang.foundation.files.serving import send
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.workbooks import download, one_sheet

from ..applicants import KINDS
from ..forms import DecideForm, MaterialForm, MoveInForm, ShowForm
from ..models import AgencyConsultation, DisclosureRequest, ThirdPartyConsultation
from ..moving_in import HEADINGS
from ..procedures import (
    hear,
    judge_reason,
    note_delivered,
    note_fee_delivered,
    note_search,
    save_decision,
    show_applicant,
)
from ..selectors import decided
from ..services import attach, note_attempt
from ..states import OFFICER, RECEPTION
from ..step_forms import AttemptForm, FeeDeliveredForm, HearForm, JudgeForm, SearchForm
from ..transfers import move_in

SHOWN = 100
"""不对的行最多列几行。"""
SOUGHT = {"third-party": ThirdPartyConsultation, "agency": AgencyConsultation}


class HandlingScreens:
    """申请记录页之外、办理要用的各页。与 ``RecordViewSet`` 合用。"""

    get: Callable[[Actor, int], DisclosureRequest]
    fill: Callable[..., HttpResponse]
    route: Callable[..., URLPattern]
    record_href: Callable[[int], str]
    _context: Callable[[Actor], dict[str, Any]]

    def handling_routes(self) -> Sequence[URLPattern]:
        """各页的地址。"""
        one = "<int:pk>"
        return (
            self.route("move-in/", self.move_in_view, "move-in"),
            self.route("move-in/blank.xlsx", self.blank_view, "move-in-blank"),
            self.route(f"{one}/contact/", self.attempt_view, "contact"),
            self.route(f"{one}/applicant/", self.applicant_view, "applicant"),
            self.route(f"{one}/search/", self.search_view, "search"),
            self.route(f"{one}/decide/", self.decide_view, "decide"),
            self.route(f"{one}/opinions/<slug:kind>/<int:sought>/", self.hear_view, "hear"),
            self.route(f"{one}/judge/", self.judge_view, "judge"),
            self.route(f"{one}/fee-delivered/", self.fee_delivered_view, "fee-delivered"),
            self.route(f"{one}/material/", self.material_view, "material"),
            self.route(f"{one}/files/<int:file>/", self.file_view, "file"),
        )

    def perform(
        self, record: DisclosureRequest, event: str, form: Any, actor: Actor, **inputs: Any
    ) -> None:
        """走一步，``inputs`` 另给。"""
        perform(
            record, event, actor=actor, key=form.idempotency_key,
            message=form.cleaned_data["message"], inputs=inputs,
        )  # fmt: skip

    def _page(
        self,
        request: HttpRequest,
        actor: Actor,
        pk: int,
        roles: frozenset[str],
        made: Callable[..., Any],
        heading: str,
        done: Callable[[DisclosureRequest, Any], str],
        template: str = "workbench/form.html",
        **context: Any,
    ) -> HttpResponse:
        """填一张表，办一件事，回到记录页。此人不是 ``roles`` 里的，没有这一页。"""
        record = self._own(actor, pk, roles)

        def attempt(form: Any) -> HttpResponse:
            messages.success(request, done(record, form))
            return redirect(self.record_href(pk))

        given = {"heading": f"{heading}：{record}", "submit_label": "保存", "record": record}
        blank = partial(made, actor=actor)
        return self.fill(request, actor, blank, attempt, template, given | context)

    def _own(self, actor: Actor, pk: int, roles: frozenset[str]) -> DisclosureRequest:
        record = self.get(actor, pk)
        if actor.role not in roles or record.organisation_id != actor.organisation_id:
            raise Http404
        return record

    def move_in_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """转入旧案：先试一遍对账，对上了再转入。"""
        if actor.role not in OFFICER:
            raise Http404
        organisation = Organisation.objects.get(pk=actor.organisation_id)
        form = MoveInForm(request.POST or None, request.FILES or None, actor=actor)
        context = self._context(actor) | {"form": form, "heading": "转入旧案"}
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                reading = form.cleaned_data["file"]
                context |= {"reading": reading, "bad": reading.bad[:SHOWN]}
                if form.cleaned_data["mode"] == "write" and not reading.bad:
                    moved = move_in(reading, organisation=organisation, actor=actor)
                    messages.success(
                        request,
                        f"已转入 {moved.made} 件，从前转过的 {moved.had} 件略过。请到统计里核对各年的表三。",
                    )
                    return redirect("workbench:request-table")
                status = 200
        return render(request, "requests/move_in.html", context, status=status)

    def blank_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """供填的空白表。"""
        if actor.role not in OFFICER:
            raise Http404
        return download(one_sheet("旧案", HEADINGS, ()), "依申请公开旧案转入表")

    def attempt_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记下联系申请人的一次尝试。"""

        def done(record: DisclosureRequest, form: Any) -> str:
            values = form.cleaned_data
            note_attempt(
                record, values["on"], values["note"], actor=actor, key=form.idempotency_key
            )
            return "已记下这一次联系。"

        return self._page(request, actor, pk, RECEPTION, AttemptForm, "联系申请人", done)

    def search_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记下一次检索。"""

        def done(record: DisclosureRequest, form: Any) -> str:
            note_search(record, form.values, actor=actor, key=form.idempotency_key)
            return "已记下这次检索。"

        return self._page(request, actor, pk, OFFICER, SearchForm, "检索", done)

    def judge_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """认定申请人说明的理由。"""

        def done(record: DisclosureRequest, form: Any) -> str:
            values = form.cleaned_data
            judge_reason(record, values["verdict"], values["grounds"], actor=actor)
            return "已记下认定。"

        return self._page(request, actor, pk, OFFICER, JudgeForm, "认定理由", done)

    def fee_delivered_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记下申请人收到收费通知之日。"""

        def done(record: DisclosureRequest, form: Any) -> str:
            note_fee_delivered(record, form.cleaned_data["on"], actor=actor)
            return "已记下，缴费的期限由此起算。"

        return self._page(
            request, actor, pk, RECEPTION, FeeDeliveredForm, "申请人收到收费通知", done
        )

    def hear_view(
        self, request: HttpRequest, actor: Actor, pk: int, kind: str, sought: int
    ) -> HttpResponse:
        """记下一方收到征求意见书之日，和它的意见。"""
        model: Any = SOUGHT.get(kind)
        if model is None:
            raise Http404
        self._own(actor, pk, OFFICER)
        asked: Any = get_object_or_404(model, pk=sought, request=pk)

        @transaction.atomic
        def done(record: DisclosureRequest, form: Any) -> str:
            values = form.cleaned_data
            if values["delivered_on"]:
                note_delivered(asked, values["delivered_on"], actor=actor)
            if values["answer"]:
                hear(
                    asked, values["answer"], settled_on=values["settled_on"] or values["delivered_on"]
                    or asked.sent_on, opinion=values["opinion"], actor=actor,
                    key=form.idempotency_key,
                )  # fmt: skip
            return "已记下。"

        made = partial(
            HearForm, answers=model.ANSWERS, initial={"delivered_on": asked.delivered_on}
        )
        return self._page(request, actor, pk, OFFICER, made, str(asked), done)

    def decide_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """七步判断。随时可以存下，没有走到头的记录页上说还缺什么。"""
        record = self._own(actor, pk, OFFICER)
        decision = getattr(record, "decision", None)

        def done(record: DisclosureRequest, form: Any) -> str:
            save_decision(record, form.answers, actor=actor)
            record.refresh_from_db()
            found = decided(record)
            if found.outcome is None:
                return "已存下，还没有走到一种答复。"
            return f"已存下：{found.outcome.label}。"

        made = partial(DecideForm, initial=decision.answers if decision else {})
        return self._page(
            request, actor, pk, OFFICER, made, "怎样答复", done, "requests/decide.html",
            decided=decided(record),
        )  # fmt: skip

    def material_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """添一份材料。"""

        def done(record: DisclosureRequest, form: Any) -> str:
            upload = form.cleaned_data["file"]
            stored = store(upload, upload.name, actor=actor, organisation=record.organisation)
            attach(record, stored, form.cleaned_data["kind"], actor=actor)
            return "已添上这份材料。"

        return self._page(request, actor, pk, RECEPTION, MaterialForm, "添材料", done)

    def file_view(self, request: HttpRequest, actor: Actor, pk: int, file: int) -> HttpResponse:
        """一份材料。看得见申请身份的人才看得到：身份证明、委托书里都是个人信息。"""
        record = self.get(actor, pk)
        if not record.policy.may_show(actor, record):
            raise Http404
        found = get_object_or_404(record.files.select_related("file"), pk=file)
        return send(found.file, request=request)  # type: ignore[return-value]

    def applicant_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """显示申请人的身份：写明用途，入审计，只在这一页上显示。"""
        record = self.get(actor, pk)
        if not record.policy.may_show(actor, record):
            raise Http404
        form = ShowForm(data=request.POST or None, actor=actor)
        context = self._context(actor) | {"record": record, "form": form, "kinds": KINDS}
        if request.method == "POST" and form.is_valid():
            try:
                context["applicant"] = show_applicant(
                    record, form.cleaned_data["purpose"], actor=actor
                )
            except Refused as refused:
                context["refusals"] = refused.reasons
        context |= {"heading": f"申请人：{record}", "submit_label": "显示"}
        status = 422 if request.method == "POST" and "applicant" not in context else 200
        return render(request, "requests/applicant.html", context, status=status)
