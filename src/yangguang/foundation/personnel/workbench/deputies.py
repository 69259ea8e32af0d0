"""请假代理：请人代，提前结束。"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..deputies import arrange_deputy
from ..forms import DeputyForm
from ..models import Deputyship


class DeputyTable(tables.Table):
    """代理列表。"""

    deputy = tables.Column(
        "代理人",
        accessor="deputy__display_name",
        linkify=lambda record: reverse("workbench:deputies-record", args=[record.pk]),
    )
    principal = tables.Column("代谁", accessor="principal__user__display_name")
    post = tables.Column("岗位", accessor="principal", orderable=False)
    valid_from = tables.DateColumn(verbose_name="起", format="Y-m-d", attrs=TIGHT)
    valid_until = tables.DateColumn(verbose_name="止", format="Y-m-d", attrs=TIGHT)
    state = tables.Column("状态", attrs=TIGHT)

    class Meta:
        model = Deputyship
        fields = ("deputy", "principal", "post", "valid_from", "valid_until", "state")

    def render_post(self, record: Deputyship) -> str:
        """机构和角色。"""
        return f"{record.organisation.short_name} {record.principal.get_role_display()}"

    def render_state(self, record: Deputyship) -> str:
        """现在怎样。"""
        return standing(record, timezone.localdate())


class DeputyViewSet(RecordViewSet[Deputyship]):
    """请假代理。"""

    slug = "deputies"
    section = "管"
    label = "请假代理"
    model = Deputyship
    table = DeputyTable
    search = ("deputy__display_name", "principal__user__display_name", "reason")
    create_form = DeputyForm
    create_label = "请人代理"
    create_submit = "安排"
    record_template = "personnel/deputyship.html"
    empty_text = "没有安排过代理。"

    def queryset(self, actor: Actor) -> QuerySet[Deputyship]:
        """新安排的在前。"""
        return super().queryset(actor).order_by("-pk")

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """各列都要。"""
        return ()

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从人员的记录页进来的，带着是哪一个任职。"""
        asked = query.get("assignment", "")
        return {"principal": int(asked)} if asked.isdecimal() else {}

    def create(self, form: Any, actor: Actor) -> Deputyship:
        """安排。"""
        values = form.cleaned_data
        return arrange_deputy(
            values["principal"],
            values["deputy"],
            valid_from=values["valid_from"],
            valid_until=values["valid_until"],
            reason=values["reason"],
            actor=actor,
            key=form.idempotency_key,
        )

    def facts(self, record: Deputyship, actor: Actor) -> Iterable[tuple[str, Any]]:
        """代理的字段。"""
        yield "代理人", record.deputy
        yield "代谁", record.principal.user
        yield "岗位", f"{record.organisation} {record.principal.get_role_display()}"
        yield "期间", f"{record.valid_from.isoformat()} 至 {record.valid_until.isoformat()}"
        yield "事由", record.reason
        yield "现在", standing(record, timezone.localdate())

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """自己正代着别人、而现在用的不是那个身份的，提醒一声。一次查询。"""
        found = self.queryset(actor).filter(
            deputy=actor.user_id, state="arranged", acts_as__ended_at__isnull=True,
            valid_from__lte=today, valid_until__gte=today,
        ).exclude(acts_as=actor.assignment_id)  # fmt: skip
        for record in found:
            yield Todo(
                title=f"您正代{record.principal.user.display_name}任{record.organisation}"
                f"{record.principal.get_role_display()}",
                href=reverse("accounts:identity"),
                step="代理中",
                verb="换身份",
                why=f"到 {record.valid_until.isoformat()} 为止。要办他的事，先换到代理的身份。",
            )


def standing(record: Deputyship, today: date) -> str:
    """现在怎样：提前结束、失效、期满、代理中、还没有开始。"""
    if record.state != "arranged":
        return record.state_label
    if record.acts_as.ended_at is not None:
        return "已失效"
    if today > record.valid_until:
        return "已期满"
    return "代理中" if today >= record.valid_from else "还没有开始"
