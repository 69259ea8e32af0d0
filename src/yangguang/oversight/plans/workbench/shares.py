"""分解任务的工作台：各单位看自己欠着什么、报送进展和完成；监督员核实、退回、改派、结项。"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.naming import public_path

from ..following import (
    others_on,
    owed_soon,
    reports_of,
    returned_shares,
    to_confirm,
    units_seen,
)
from ..models import ActionPlan, DeliverableAssignment, ProgressReport, Role
from ..reporting_forms import CompletionForm, ContactForm, ReassignForm, ReportForm
from ..rules import STANDINGS, days_left
from ..services import (
    close_share,
    confirm,
    name_contact,
    reassign,
    reopen_share,
    report,
    send_back,
)

WHOSE = (("own", "本单位承担的"), ("led", "本单位牵头、别的单位承担的"), ("all", "看得到的全部"))
DUE = (
    ("late", "期限已过"),
    ("7", "7 天内到期"),
    ("30", "30 天内到期"),
    ("none", "没有期限"),
)
SOON = 30
"""多少天内到期的列进待办。"""


class ShareTable(tables.Table):
    """分解任务列表。"""

    task = tables.Column("任务", accessor="deliverable__task__position")
    organisation = tables.Column("单位", accessor="organisation__short_name")
    role = tables.Column("身份")
    due = tables.Column("期限", accessor="deliverable__due_on", default="没有期限")
    standing_code = tables.Column("状况")

    class Meta:
        model = DeliverableAssignment
        fields = ("task", "organisation", "role", "due", "standing_code")

    def render_task(self, record: DeliverableAssignment) -> str:
        """任务的编号标题，下面是要求。"""
        task = record.deliverable.task
        return format_html(
            '<a href="{}">第{}项 {}</a><span class="why">{}</span>',
            reverse("workbench:shares-record", args=[record.pk]),
            task.number,
            task.title,
            record.deliverable,
        )

    def render_role(self, record: DeliverableAssignment) -> str:
        """牵头或实施。"""
        return record.get_role_display()

    def render_due(self, value: date, record: DeliverableAssignment) -> str:
        """期限；还没有报送完成的，连同还剩几天。"""
        if record.state != "in_progress":
            return value.isoformat()
        left = days_left(value, reading_day()) or 0
        told = "今天到期" if not left else f"还有 {left} 天" if left > 0 else f"已过 {-left} 天"
        return format_html('{}<span class="why">{}</span>', value.isoformat(), told)

    def render_standing_code(self, value: str, record: DeliverableAssignment) -> str:
        """状况的中文；报送了没有核实的另说。"""
        return record.state_label if record.state == "reported" else STANDINGS[value]


class ShareFilters(django_filters.FilterSet):
    """分解任务列表的筛选。"""

    whose = django_filters.ChoiceFilter(
        label="哪些", choices=WHOSE, method="narrow_whose", empty_label=None
    )
    standing = django_filters.ChoiceFilter(
        label="今天的状况",
        choices=[*STANDINGS.items(), ("reported", "已报送，待核实")],
        method="narrow_standing",
        empty_label="全部",
    )
    due = django_filters.ChoiceFilter(
        label="期限", choices=DUE, method="narrow_due", empty_label="全部"
    )
    role = django_filters.ChoiceFilter(label="身份", choices=Role.choices, empty_label="全部")
    plan = django_filters.ModelChoiceFilter(
        label="方案",
        queryset=lambda request: ActionPlan.policy.visible(_acting(request)),
        field_name="deliverable__task__plan",
        empty_label="全部",
    )
    organisation = django_filters.ModelChoiceFilter(
        label="单位",
        queryset=lambda request: _units(request),
        to_field_name="code",
        empty_label="全部",
    )

    class Meta:
        model = DeliverableAssignment
        fields = ("whose", "standing", "due", "role", "plan", "organisation")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        actor: Actor = kwargs["request"].acting
        if actor.role != "supervisor" and data is not None and "whose" not in data:
            data = data.copy()
            data["whose"] = "own"
        super().__init__(data, *args, **kwargs)
        if actor.role == "supervisor":
            del self.filters["whose"]
        elif self.data.get("whose") == "own":
            del self.filters["organisation"]

    def narrow_whose(self, rows: Any, name: str, value: str) -> Any:
        """自己的，牵头的，全部的。"""
        own = Q(organisation_id=self.request.acting.organisation_id)
        if value == "own":
            return rows.filter(own)
        return rows.exclude(own) if value == "led" else rows

    def narrow_standing(self, rows: Any, name: str, value: str) -> Any:
        """截至今天的状况。"""
        if value == "reported":
            return rows.filter(state="reported")
        return rows.filter(standing_code=value)

    def narrow_due(self, rows: Any, name: str, value: str) -> Any:
        """期限在哪一段。过了期限的只算还没有报送完成的。"""
        today = reading_day()
        if value == "late":
            return rows.filter(deliverable__due_on__lt=today, state="in_progress")
        if value == "none":
            return rows.filter(deliverable__due_on__isnull=True)
        until = today + timedelta(days=int(value))
        return rows.filter(deliverable__due_on__range=(today, until))


class ShareViewSet(RecordViewSet[DeliverableAssignment]):
    """分解任务：一个单位的一份。"""

    slug = "shares"
    section = "办"
    label = "任务落实"
    model = DeliverableAssignment
    table = ShareTable
    filters = ShareFilters
    search = ("deliverable__task__title", "deliverable__text", "organisation__short_name")
    everything = "?whose=all"
    edit_form = ContactForm
    edit_label = "负责同志和联系电话"
    record_template = "plans/share.html"
    action_forms = {"progress": ReportForm, "report": CompletionForm, "reassign": ReassignForm}
    action_templates = {"progress": "plans/report.html", "report": "plans/report.html"}
    empty_text = "没有符合条件的分解任务。"

    def may_open(self, actor: Actor) -> bool:
        """承担任务的单位的经办人，和监督员。"""
        policy = DeliverableAssignment.policy
        return actor.role in policy.write_roles or actor.role == "supervisor"

    def queryset(self, actor: Actor) -> QuerySet[DeliverableAssignment]:
        """看得见的、分解项没有停用的，期限早的在前。"""
        visible: Any = DeliverableAssignment.policy.visible(actor)
        found: QuerySet[DeliverableAssignment] = (
            visible.current()
            .select_related("organisation", "deliverable__task__plan__organisation")
            .with_standing(reading_day())
            .order_by(F("deliverable__due_on").asc(nulls_last=True), "deliverable_id", "pk")
        )
        return found

    def facts(self, record: DeliverableAssignment, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        deliverable = record.deliverable
        written = (
            f"（方案写作“{record.phrase}”）" if record.phrase != str(record.organisation) else ""
        )
        yield "承担单位", f"{record.organisation}，{record.get_role_display()}{written}"
        yield "期限", _due_sentence(record)
        yield "方案", deliverable.task.plan
        yield "负责同志职务", record.leader_post
        yield "联系电话", record.contact
        yield "报送完成", record.reported_on and record.reported_on.isoformat()
        yield "核实", record.confirmed_on and record.confirmed_on.isoformat()
        yield "结项理由", record.closing_reason

    def record_context(self, record: DeliverableAssignment, actor: Actor) -> dict[str, Any]:
        """任务原文、别的单位、历次报送和佐证。"""
        return {
            "standing": STANDINGS[record.standing(reading_day())],
            "plan_href": reverse("workbench:plans-record", args=[record.deliverable.task.plan_id]),
            "task": record.deliverable.task,
            "others": others_on(record, as_of=reading_day()),
            "visible_shares": set(
                DeliverableAssignment.policy.visible(actor)
                .filter(deliverable=record.deliverable_id)
                .values_list("pk", flat=True)
            ),
            "reports": [_report(each) for each in reports_of(record)],
            "only_an_approver": record.organisation_id == actor.organisation_id
            and actor.role in ("drafter", "reviewer"),
        }

    def may_edit(self, record: DeliverableAssignment, actor: Actor) -> bool:
        """只填报本单位的。"""
        own = record.organisation_id == actor.organisation_id
        return own and super().may_edit(record, actor)

    def edit_refusal(self, record: DeliverableAssignment, actor: Actor) -> str:
        """为什么不能填。"""
        return "只能填报本单位的负责同志和联系电话。"

    def initial(self, record: DeliverableAssignment) -> dict[str, Any]:
        """现在的值。"""
        return {"leader_post": record.leader_post, "contact": record.contact}

    def edit(self, record: DeliverableAssignment, form: Any, actor: Actor) -> None:
        """填报负责同志职务和联系电话。"""
        values = form.cleaned_data
        name_contact(
            record, actor=actor, leader_post=values["leader_post"], contact=values["contact"]
        )

    def action_form(self, actor: Actor, record: DeliverableAssignment, transition: Any) -> Any:
        """改派的表单要知道哪些单位已有一份。"""
        blank = super().action_form(actor, record, transition)
        if transition.event != "reassign":
            return blank

        def with_record(**given: Any) -> Any:
            return blank(**given, record=record)

        return with_record

    def act(self, record: DeliverableAssignment, event: str, form: Any, actor: Actor) -> None:
        """报送、核实、退回、改派、结项、重新办理。"""
        key, values = form.idempotency_key, form.cleaned_data
        if event in ("progress", "report"):
            report(
                record,
                actor=actor,
                key=key,
                text=values["text"],
                is_completion=event == "report",
                evidence=form.chosen(),
                no_evidence=values.get("no_evidence", ""),
            )
            return
        message = values["message"]
        if event == "confirm":
            confirm(record, actor=actor, key=key, message=message)
        elif event == "return":
            send_back(record, actor=actor, key=key, message=message)
        elif event == "reassign":
            reassign(record, values["organisation"], actor=actor, key=key, message=message)
        elif event == "close":
            close_share(record, actor=actor, key=key, reason=message)
        else:
            reopen_share(record, actor=actor, key=key, message=message)

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """单位：退回的、已到期和临近的；监督员：等核实的。"""
        if actor.role == "supervisor":
            yield from self._to_confirm(actor)
        elif actor.role in ("approver", "drafter"):
            yield from self._owed(actor, today)

    def _to_confirm(self, actor: Actor) -> Iterable[Todo]:
        for share in to_confirm(actor):
            yield Todo(
                f"{share}：报送完成",
                self.record_href(share.pk),
                share.state_label,
                "核实",
                f"{share.reported_on} 报送。{share.deliverable}",
            )

    def _owed(self, actor: Actor, today: date) -> Iterable[Todo]:
        shares = list(owed_soon(actor, as_of=today, within=SOON))
        sent_back = returned_shares(shares)
        signs = actor.role == "approver"
        # 报送由本单位签发人签出（转换表如此）；信息员看得到同样的单子，先把材料备好
        whose = "" if signs else "由本单位签发人报送，请先备好情况和佐证。"
        for share in shares:
            back = sent_back.get(share.pk)
            task = share.deliverable.task
            why = f"“{back.message}”" if back else f"{share.deliverable}。{_basis(share)}"
            yield Todo(
                f"第{task.number}项 {task.title}",
                self.record_href(share.pk),
                "退回" if back else STANDINGS[share.standing(today)],
                ("重新报送" if back else "报送") if signs else "备材料",
                f"{why}{whose}",
                share.deliverable.due_on,
                is_returned=back is not None,
            )


def _report(written: ProgressReport) -> dict[str, Any]:
    """一次报送，佐证带上公开页面的地址。"""
    evidence = [
        {"publication": link.publication, "path": public_path(link.publication)}
        for link in written.evidence.all()
    ]
    return {"report": written, "evidence": evidence}


def _acting(request: HttpRequest | None) -> Actor | None:
    return getattr(request, "acting", None)


def _units(request: HttpRequest | None) -> QuerySet[Organisation]:
    actor = _acting(request)
    return units_seen(actor) if actor else Organisation.objects.none()


def _basis(share: DeliverableAssignment) -> str:
    """期限从哪里来，一句话。"""
    deliverable = share.deliverable
    if not deliverable.due_on:
        return ""
    if deliverable.due_basis == "supervisor":
        return "期限由监督员核定。"
    written = f"方案写“{deliverable.phrase}”" if deliverable.phrase else "方案所写"
    how = {"sentence": "，承接同一句的期限", "task": "，管整项任务"}.get(deliverable.due_basis, "")
    return f"{written}{how}。"


def _due_sentence(share: DeliverableAssignment) -> str:
    deliverable = share.deliverable
    if not deliverable.due_on:
        return "没有期限"
    past = "方案印发时期限已过。" if deliverable.precedes_plan else ""
    return f"{deliverable.due_on.isoformat()}（{_basis(share).rstrip('。')}）{past}"
