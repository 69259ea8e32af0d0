"""申请：登记簿，一件申请的记录页，和办理的各步。"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.lifecycle.selectors import keeper_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.forms import ActionForm
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state, organisations_of
from yangguang.foundation.workbench.rules import time_left
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..applicants import DELIVERY_FORMS, DELIVERY_WAYS, KINDS
from ..clocks import reply_deadline
from ..forms import IntakeForm
from ..models import OPINIONS, PARTS, DisclosureRequest
from ..outcomes import BY_OUTCOME
from ..panels import panels_of
from ..procedures import charge
from ..rules import HANDLING
from ..selectors import (
    alike_requests,
    decided,
    of_same_applicant,
    office_of,
    ordinal_in_month,
    track_of,
    waiting_for,
)
from ..services import assign, split, take_in
from ..states import CHANNELS, HANDLED, OFFICER, OPEN, RECEPTION
from ..step_forms import (
    AskCorrectionForm,
    AskReasonForm,
    AssignForm,
    ChargeForm,
    ConfirmForm,
    ConsultForm,
    CorrectForm,
    DelayForm,
    DeliverForm,
    ExtendForm,
    GiveReasonForm,
    PayForm,
    ReplyForm,
    SplitForm,
)
from ..table3 import BY_CODE, row_label
from .handling import HandlingScreens

VERBS = {
    "submitted": "与申请人确认",
    "received": "登记分办",
    "under_review": "办理",
    "awaiting_correction": "看补正",
    "consulting": "看意见",
    "awaiting_reason": "看理由",
    "awaiting_fee": "看缴费",
    "replied": "记送达",
    "delivered": "存档",
    "withdrawn": "存档",
    "abandoned": "存档",
    "unpaid": "存档",
}
DUE = {"overdue": "已过期", "today": "今天到期", "soon": "三个工作日内", "open": "没有办结的"}


class RequestTable(tables.Table):
    """登记簿。"""

    number = tables.Column("申请编号", linkify=lambda record: _href(record.pk), attrs=TIGHT)
    subject = tables.Column("所需信息")
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    applicant_label = tables.Column("申请人", attrs=TIGHT)
    channel = tables.Column("提出方式", attrs=TIGHT)
    state = StateColumn()
    received_on = tables.DateColumn(verbose_name="收到", format="Y-m-d", attrs=TIGHT)
    reply_due = tables.DateColumn(verbose_name="答复期限", format="Y-m-d", attrs=TIGHT)
    result = tables.Column("办理结果", default="")
    finished_on = tables.DateColumn(verbose_name="办结", format="Y-m-d", attrs=TIGHT)

    class Meta:
        model = DisclosureRequest
        fields = (
            "number", "subject", "organisation", "applicant_label", "channel", "state",
            "received_on", "reply_due", "result", "finished_on",
        )  # fmt: skip

    def render_result(self, value: str) -> str:
        """表三的行。"""
        return row_label(value)

    def render_applicant_label(self, record: DisclosureRequest) -> str:
        """自然人只留姓，写明类别。"""
        return f"{record.applicant_label}（{KINDS[record.applicant_kind]}）"


class RequestFilters(django_filters.FilterSet):
    """状态、期限、方式、申请人、结果、机构。"""

    state = by_state(HANDLING)
    due = django_filters.ChoiceFilter(
        label="期限", choices=list(DUE.items()), empty_label="全部", method="by_due"
    )
    channel = django_filters.ChoiceFilter(
        label="方式", choices=list(CHANNELS.items()), empty_label="全部"
    )
    applicant_kind = django_filters.ChoiceFilter(
        label="申请人", choices=list(KINDS.items()), empty_label="全部"
    )
    result = django_filters.ChoiceFilter(
        label="结果", choices=[(code, row_label(code)) for code in BY_CODE], empty_label="全部"
    )
    is_public_health = django_filters.ChoiceFilter(
        label="公共卫生类",
        choices=[("true", "只看公共卫生类")],
        empty_label="全部",
        method="by_health",
    )
    organisation = django_filters.ModelChoiceFilter(
        label="机构", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = DisclosureRequest
        fields = ("state", "channel", "applicant_kind", "result", "organisation")

    def by_due(self, records: Any, name: str, value: str) -> Any:
        """按还剩多久。停着的没有届满日，不在“过期”里。"""
        today, unfinished = reading_day(), Q(finished_on__isnull=True, state__in=OPEN)
        if value == "open":
            return records.filter(unfinished)
        if value == "overdue":
            return records.filter(unfinished, reply_due__lt=today)
        if value == "today":
            return records.filter(unfinished, reply_due__range=(today, today))
        calendar = Calendars().of(Organisation.objects.order_by("path")[0])
        return records.filter(unfinished, reply_due__range=(today, calendar.nth(today, 3)))

    def by_health(self, records: Any, name: str, value: str) -> Any:
        """只看公共卫生类。"""
        return records.filter(is_public_health=True)


class RequestViewSet(HandlingScreens, RecordViewSet[DisclosureRequest]):
    """申请。"""

    slug = "requests"
    section = "办"
    label = "依申请公开"
    model = DisclosureRequest
    table = RequestTable
    filters = RequestFilters
    search = ("number", "subject", "document_number")
    optional_columns = ("channel", "finished_on")
    create_form = IntakeForm
    create_label = "登记申请"
    create_submit = "登记"
    is_versioned = False
    list_template = "requests/list.html"
    record_template = "requests/record.html"
    print_template = "requests/print.html"
    create_template = "requests/intake.html"
    gathered = (*PARTS, *OPINIONS, "files__file", "searches__by", "attempts__by")
    empty_text = "没有符合条件的申请。"
    action_forms = {
        "confirm": ConfirmForm,
        "assign": AssignForm,
        "split": SplitForm,
        "ask_correction": AskCorrectionForm,
        "correct": CorrectForm,
        "consult": ConsultForm,
        "ask_reason": AskReasonForm,
        "give_reason": GiveReasonForm,
        "delay": DelayForm,
        "extend": ExtendForm,
        "charge": ChargeForm,
        "pay": PayForm,
        "reply": ReplyForm,
        "deliver": DeliverForm,
        "archive": ActionForm,
    }
    elsewhere = frozenset({"hear", "receive", "move_in"})

    def queryset(self, actor: Actor) -> QuerySet[DisclosureRequest]:
        """公共卫生类在前，新来的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> DisclosureRequest:
        """登记一件。"""
        values = form.cleaned_data
        receipt = take_in(
            form.asked, form.applicant(values), channel=values["channel"],
            came_on=values["came_on"],
            organisation=Organisation.objects.get(pk=actor.organisation_id), actor=actor,
            key=form.idempotency_key, query_code=values["query_code"], is_oral=values["is_oral"],
        )  # fmt: skip
        self.query_code = receipt.query_code
        return receipt.request

    def after_create(self, request: HttpRequest, record: DisclosureRequest) -> HttpResponse:
        """告诉查询码：只在这时给得出，要写在回执上交给申请人。"""
        messages.success(
            request,
            f"已登记，申请编号 {record.number}，查询码 {request.POST.get('query_code', '')}。"
            "请把两样写在回执上交给申请人，查询码以后看不到了。",
        )
        return redirect(self.record_href(record.pk))

    def act(self, record: DisclosureRequest, event: str, form: Any, actor: Actor) -> None:
        """办一步。"""
        values, key = form.cleaned_data, form.idempotency_key
        if event == "assign":
            assign(record, actor=actor, key=key, message=values["message"], **form.inputs)
        elif event == "split":
            split(record, values["parts"], actor=actor, key=key, message=values["message"])
        elif event == "charge":
            charge(
                record, values["method"], values["quantity"], notified_on=values["notified_on"],
                delivered_on=values["delivered_on"], actor=actor, key=key,
            )  # fmt: skip
        elif event == "reply":
            found = decided(record).outcome
            self.perform(record, event, form, actor, outcome=found.code if found else "",
                         replied_on=values["replied_on"])  # fmt: skip
        else:
            super().act(record, event, form, actor)

    def facts(self, record: DisclosureRequest, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "申请编号", record.number
        yield "原编号", record.legacy_number
        yield "机构", record.organisation if actor.includes_subtree else ""
        yield "申请人", f"{record.applicant_label}（{KINDS[record.applicant_kind]}）"
        yield "所需信息的名称", record.subject
        yield "文号", record.document_number
        yield "特征性描述", record.description
        yield "获取信息的形式", DELIVERY_FORMS[record.delivery_form]
        yield "获取信息的途径", DELIVERY_WAYS[record.delivery_way]
        yield (
            "提出方式",
            record.channel_label + ("，口头提出由工作人员代为填写" if record.is_oral else ""),
        )
        yield "到达", record.came_on.isoformat()
        yield "收到申请之日", record.received_on and record.received_on.isoformat()
        yield "怎样确认的", record.evidence if record.policy.may_show(actor, record) else ""
        yield "公共卫生类", "是，优先办理" if record.is_public_health else ""
        yield "建议主动公开", "申请人建议" if record.wants_publication else ""
        yield "承办科室", record.inner_office
        yield "经办", keeper_of(record) or ""
        yield "拆自", record.split_from
        yield "重作自", record.reopened_from
        yield "答复", BY_OUTCOME[record.outcome].label if record.outcome else ""
        yield "办理结果", row_label(record.result) if record.result else ""

    def record_context(self, record: DisclosureRequest, actor: Actor) -> dict[str, Any]:
        """期限和缘由，九个环节，判断，相像的申请，申请人近来的申请，别的应用的各栏。"""
        calendar, course = Calendars().of(record.organisation), record.course()
        today = reading_day()
        office = office_of(record.organisation)
        own = record.organisation_id == actor.organisation_id
        found = decided(record)
        may_show = record.policy.may_show(actor, record)
        return {
            "deadline": reply_deadline(calendar, course),
            "left": time_left(record.reply_due, today, calendar)
            if record.reply_due and not record.finished_on
            else None,
            "standstill": course.standstill if not record.finished_on else "",
            "track": track_of(record, found, shows_evidence=may_show),
            "decided": found,
            "office": office,
            "alike": alike_requests(record) if own else [],
            "same": list(of_same_applicant(record)[:5]) if own else [],
            "ordinal": ordinal_in_month(record),
            "may_handle": own and actor.role in OFFICER and record.state in HANDLED,
            "may_receive": own and actor.role in RECEPTION,
            "may_show": may_show,
            "panels": panels_of(record, actor),
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的申请，公共卫生类的写明。"""
        for record in waiting_for(actor):
            yield Todo(
                record.subject, self.record_href(record.pk), record.state_label,
                VERBS[record.state],
                "公共卫生类，优先办理" if record.is_public_health else f"{record.channel_label}　{record.number}",
                record.came_on if record.state == "submitted" else record.reply_due,
            )  # fmt: skip

    def extra_routes(self) -> Sequence[URLPattern]:
        """办理的各页。"""
        return self.handling_routes()


def _href(pk: int) -> str:
    return reverse("workbench:requests-record", args=[pk])


def _organisations(request: Any) -> QuerySet[Organisation]:
    actor: Actor | None = getattr(request, "acting", None)
    if actor is None:
        return Organisation.objects.none()
    return organisations_of(DisclosureRequest.policy.visible(actor))
