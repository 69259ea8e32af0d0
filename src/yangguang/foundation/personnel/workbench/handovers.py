"""工作交接：列清单，两个人签字，事情随签收移过去。"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .. import holdings
from ..forms import HandoverForm
from ..handing_over import HANDOVER
from ..handovers import draw_up
from ..models import Handover, StaffMember


class HandoverTable(tables.Table):
    """交接单列表。"""

    leaver = tables.Column(
        "移交人",
        accessor="leaver__display_name",
        linkify=lambda record: reverse("workbench:handovers-record", args=[record.pk]),
    )
    receiver = tables.Column("接收人", accessor="receiver__display_name")
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    created_at = tables.DateTimeColumn(verbose_name="列清单", format="Y-m-d", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = Handover
        fields = ("leaver", "receiver", "organisation", "created_at", "state")


class HandoverFilters(django_filters.FilterSet):
    """交接单列表的筛选。"""

    state = by_state(HANDOVER)

    class Meta:
        model = Handover
        fields = ("state",)


class HandoverViewSet(RecordViewSet[Handover]):
    """工作交接。"""

    slug = "handovers"
    section = "管"
    label = "工作交接"
    model = Handover
    table = HandoverTable
    filters = HandoverFilters
    search = ("leaver__display_name", "receiver__display_name")
    create_form = HandoverForm
    create_label = "列交接清单"
    create_submit = "列清单"
    create_template = "personnel/handover_form.html"
    record_template = "personnel/handover.html"
    empty_text = "没有交接单。"

    def queryset(self, actor: Actor) -> QuerySet[Handover]:
        """新列的在前。"""
        return super().queryset(actor).order_by("-pk")

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从人员的记录页进来的，带着是谁。"""
        asked = query.get("member", "")
        return {"leaver": int(asked)} if asked.isdecimal() else {}

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """列清单总是从某个人的记录页来的；没有说是谁的先去选，看不见的人没有这一页。"""
        asked = request.POST.get("leaver") or request.GET.get("member") or ""
        if self.may_create(actor) and not asked.isdecimal():
            messages.info(request, "先打开要移交的那个人，在他的记录页上列清单。")
            return redirect("workbench:people")
        visible = StaffMember.policy.visible(actor)
        if asked.isdecimal() and not visible.filter(pk=int(asked)).exists():
            raise Http404
        return super().create_view(request, actor)

    def action_view(self, request: HttpRequest, actor: Actor, pk: int, event: str) -> HttpResponse:
        """签字是指名的：不是本人的，没有这一页。"""
        record = self.get(actor, pk)
        signatory = {"hand": record.leaver_id, "receive": record.receiver_id}.get(event)
        if signatory not in (None, actor.user_id):
            raise Http404
        return super().action_view(request, actor, pk, event)

    def create(self, form: Any, actor: Actor) -> Handover:
        """列清单。"""
        values = form.cleaned_data
        return draw_up(
            values["leaver"], values["receiver"], values["kinds"], actor=actor,
            key=form.idempotency_key,
        )  # fmt: skip

    def facts(self, record: Handover, actor: Actor) -> Iterable[tuple[str, Any]]:
        """交接单的字段。"""
        yield "单号", f"第 {record.pk} 号"
        yield "移交人", f"{record.leaver.display_name}（{record.leaver.username}）"
        yield "接收人", f"{record.receiver.display_name}（{record.receiver.username}）"
        yield "单位", record.organisation
        yield "清单的摘要", record.digest[:16]

    def record_context(self, record: Handover, actor: Actor) -> dict[str, Any]:
        """清单。"""
        labels = {each.code: each.label for each in holdings.all_holdings()}
        lines = list(record.lines.all())
        return {"lines": [(line, labels.get(line.kind, line.kind)) for line in lines]}

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等自己签的。一次查询。"""
        to_hand = Q(state="drawn", leaver=actor.user_id)
        to_receive = Q(state="handed", receiver=actor.user_id)
        for record in self.queryset(actor).filter(to_hand | to_receive):
            yield Todo(
                title=str(record),
                href=self.record_href(record.pk),
                step=record.state_label,
                verb="签字" if record.state == "drawn" else "签收",
                why=f"交接单第 {record.pk} 号",
            )
