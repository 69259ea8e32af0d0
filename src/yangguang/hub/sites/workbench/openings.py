"""开设站点的工作台：起草、报批、批准开通。"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..models import SiteOpening
from ..opening_forms import OWN, OpenForm, OpeningForm
from ..opening_rules import LIFE
from ..packaged import site_templates
from ..services import edit_opening, propose_site
from ..site_forms import MARKS


class OpeningTable(tables.Table):
    """开设站点的列表。"""

    name = tables.Column(
        "站点", linkify=lambda record: reverse("workbench:site-openings-record", args=[record.pk])
    )
    organisation = tables.Column("主办单位", accessor="organisation__short_name", attrs=TIGHT)
    address = tables.Column("网址", orderable=False)
    created_at = tables.DateColumn(verbose_name="起草", format="Y-m-d", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = SiteOpening
        fields = ("name", "organisation", "address", "created_at", "state")


class OpeningFilters(django_filters.FilterSet):
    """按状态筛选。"""

    state = by_state(LIFE)

    class Meta:
        model = SiteOpening
        fields = ("state",)


class OpeningViewSet(RecordViewSet[SiteOpening]):
    """开设站点。"""

    slug = "site-openings"
    section = "管"
    label = "开设站点"
    model = SiteOpening
    table = OpeningTable
    filters = OpeningFilters
    search = ("name", "short_name", "domain", "identification_code")
    create_form = OpeningForm
    create_label = "开设站点"
    create_submit = "存下申请"
    edit_form = OpeningForm
    action_forms = {"open": OpenForm}  # noqa: RUF012
    empty_text = "没有开设站点的申请。"

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """各列都有意思。"""
        return ()

    def create(self, form: Any, actor: Actor) -> SiteOpening:
        """起草。"""
        return propose_site(form.values, actor=actor, key=form.idempotency_key)

    def initial(self, record: SiteOpening) -> dict[str, Any]:
        """现在的值。"""
        return {name: getattr(record, name) for name in (*OWN, *MARKS)}

    def edit(self, record: SiteOpening, form: Any, actor: Actor) -> None:
        """修改。"""
        edit_opening(record, form.values, actor=actor)

    def facts(self, record: SiteOpening, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        template = site_templates().get(record.template)
        yield "主办单位", record.organisation.name
        yield "为什么开设", record.reason
        yield "原则上不开设的，依据", record.exception
        yield "模板", template and f"{template.name}，{template.count} 个栏目"
        yield "网址", f"{record.address}/"
        yield "网站标识码", record.identification_code
        yield "承办单位", record.undertaken_by
        yield "联系方式", record.contact
        yield "备案号", "、".join(filter(None, (record.icp_number, record.police_number)))
        yield "主色", record.accent
        yield "批准文件", record.approval
        yield "报送系统备案", record.filing
        yield "安全检测", record.security_test

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等批准的；退回来、还没有报批的。"""
        for opening in self.queryset(actor).filter(state__in=("draft", "asked")):
            mine = opening.created_by_id in actor.persons
            if mine != (opening.state == "draft"):
                continue
            verb = "报批" if mine else "批准开通"
            yield Todo(
                opening.name, self.record_href(opening.pk), opening.state_label, verb,
                opening.organisation.short_name,
            )  # fmt: skip


register(OpeningViewSet())
