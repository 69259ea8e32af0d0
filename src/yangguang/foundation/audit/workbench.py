"""审计的工作台：审计管理员按时间、人、机构、动作查每一件事，只看不改。"""

from collections.abc import Iterable
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils import timezone

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .labels import action_label, field_label, type_label, value_text
from .models import AuditEvent

SYSTEM = "系统"


class AuditTable(tables.Table):
    """审计事件。"""

    at = tables.DateTimeColumn(
        verbose_name="时间", format="Y-m-d H:i:s", attrs=TIGHT,
        linkify=lambda record: reverse("workbench:audit-record", args=[record.pk]),
    )  # fmt: skip
    user_name = tables.Column("经办人", empty_values=())
    role = tables.Column("身份", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", default="")
    action = tables.Column("动作", attrs=TIGHT)
    target_label = tables.Column("对象")

    class Meta:
        model = AuditEvent
        fields = ("at", "user_name", "role", "organisation", "action", "target_label")

    def render_action(self, value: str) -> str:
        """动作的名称。"""
        return action_label(value)

    def render_user_name(self, value: str) -> str:
        """没有人的是系统作业。"""
        return value or SYSTEM


class AuditFilters(django_filters.FilterSet):
    """起止日期、身份、动作、对象。"""

    since = django_filters.DateFilter(
        label="自", field_name="at", lookup_expr="date__gte", widget=date_input()
    )
    until = django_filters.DateFilter(
        label="至", field_name="at", lookup_expr="date__lte", widget=date_input()
    )
    role = django_filters.ChoiceFilter(label="身份", choices=Role.choices, empty_label="全部")
    action = django_filters.CharFilter(label="动作的代号", lookup_expr="startswith", max_length=80)
    target_type = django_filters.CharFilter(label="对象种类", max_length=80)
    target_id = django_filters.CharFilter(label="对象编号", max_length=64)

    class Meta:
        model = AuditEvent
        fields = ("since", "until", "role", "action", "target_type", "target_id")


class AuditViewSet(RecordViewSet[Any]):
    """审计。只有列表和一件事。"""

    slug = "audit"
    section = "查"
    label = "审计"
    model = AuditEvent
    table = AuditTable
    filters = AuditFilters
    search = ("user_name", "target_label", "note", "action")
    sorted_at_any_size = ("at",)
    per_page = 50
    empty_text = "没有符合条件的事。"

    def queryset(self, actor: Actor) -> QuerySet[AuditEvent]:
        """任职范围内的人办的，新的在前；含下级的也看得到系统作业。"""
        mine = Q(organisation=actor.organisation_id)
        if actor.includes_subtree:
            mine = Q(organisation__path__startswith=actor.organisation_path)
            mine |= Q(organisation=None)
        return AuditEvent.objects.filter(mine).select_related("organisation").order_by("-pk")

    def may_open(self, actor: Actor) -> bool:
        """审计管理员。"""
        return actor.role == Role.AUDIT_ADMIN

    def routes(self) -> list[URLPattern]:
        """列表和一件事。"""
        return [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一件事：记下的全部。个人信息只有摘要。"""
        event = self.get(actor, pk)
        kind = event.target_type
        context = {
            "event": event,
            "heading": action_label(event.action),
            "facts": [(label, value) for label, value in self._facts(event) if value],
            "public": [
                (field_label(kind, k), value_text(kind, k, v)) for k, v in event.public.items()
            ],
            "personal": [(field_label(kind, k), v) for k, v in event.personal.items()],
        }
        return render(request, "audit/event.html", self._context(actor) | context)

    def _facts(self, event: AuditEvent) -> Iterable[tuple[str, Any]]:
        seal = getattr(event, "seal", None)
        yield "时间", timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M:%S")
        yield "经办人", event.user_name or SYSTEM
        yield "身份", event.get_role_display()
        yield "机构", event.organisation
        yield "动作的代号", event.action
        yield "对象", event.target_label
        yield "对象种类", type_label(event.target_type)
        yield "对象编号", event.target_id
        yield "改动的字段", "、".join(field_label(event.target_type, f) for f in event.fields)
        yield "说明", event.note
        yield "封印序号", seal.sequence if seal else "还没有封印"
        yield "封印的摘要", seal.digest if seal else ""


register(AuditViewSet())
