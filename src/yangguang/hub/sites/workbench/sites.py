"""站点的工作台：看各站点，改名称和标识；申请、批准临时下线和关停，迁移，注销。"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.workbench.forms import ActionForm
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import edits_a_site
from yangguang.hub.columns.site_life import AUTHORITY, LIFE

from ..services import edit_site
from ..site_forms import (
    MARKS,
    ApprovalForm,
    AskClosingForm,
    AskOfflineForm,
    MigrateForm,
    SiteForm,
)

ABOUT_SITE = frozenset({"ask_closing", "migrate"})
"""表单里的选项要看是哪个站点的动作。"""
WAITING = {
    "offline_asked": ("批准", "申请临时下线"),
    "closing_asked": ("批准", "申请关停"),
    "announced": ("迁移内容", "公告期满"),
    "moving": ("完成关停", "内容迁移"),
}


class SiteTable(tables.Table):
    """站点列表。"""

    name = tables.Column(
        "站点", linkify=lambda record: reverse("workbench:sites-record", args=[record.pk])
    )
    organisation = tables.Column("主办单位", accessor="organisation__short_name", attrs=TIGHT)
    address = tables.Column("网址", orderable=False)
    identification_code = tables.Column("网站标识码", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = Site
        fields = ("name", "organisation", "address", "identification_code", "state")


class SiteFilters(django_filters.FilterSet):
    """按状态筛选。"""

    state = by_state(LIFE)

    class Meta:
        model = Site
        fields = ("state",)


class SiteViewSet(RecordViewSet[Site]):
    """站点。"""

    slug = "sites"
    section = "管"
    label = "站点"
    model = Site
    table = SiteTable
    filters = SiteFilters
    search = ("name", "short_name", "domain", "identification_code")
    edit_form = SiteForm
    edit_label = "改名称和标识"
    action_forms = {  # noqa: RUF012
        "ask_offline": AskOfflineForm,
        "approve_offline": ApprovalForm,
        "ask_closing": AskClosingForm,
        "announce": ApprovalForm,
        "migrate": MigrateForm,
    }
    record_template = "sites/site.html"
    empty_text = "没有您管得到的站点。"

    def may_open(self, actor: Actor) -> bool:
        """范围里有站点的才有这一项。一次查询。"""
        return edits_a_site(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """各列都有意思。"""
        return ()

    def edit_refusal(self, record: Site, actor: Actor) -> str:
        """关停了的不能改。"""
        return "站点已经关停，不能再改。"

    def initial(self, record: Site) -> dict[str, Any]:
        """现在的值。"""
        return {name: getattr(record, name) for name in MARKS}

    def edit(self, record: Site, form: Any, actor: Actor) -> None:
        """改名称和标识。"""
        edit_site(record, form.marks, actor=actor)

    def action_form(
        self, actor: Actor, record: Site, transition: Transition
    ) -> Callable[..., ActionForm]:
        """选接收的站点、栏目的，要看是哪个站点。"""
        made = super().action_form(actor, record, transition)
        return partial(made, site=record) if transition.event in ABOUT_SITE else made

    def facts(self, record: Site, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "网址", f"{record.address}/"
        yield "主办单位", record.organisation.name
        yield "承办单位", record.undertaken_by
        yield "网站标识码", record.identification_code
        yield "备案号", "、".join(filter(None, (record.icp_number, record.police_number)))
        yield "联系方式", record.contact
        yield "理由", record.reason
        yield "预计恢复", record.offline_until and record.offline_until.isoformat()
        yield "内容迁到", record.successor and record.successor.name
        yield "批准文件", record.approval
        yield "报送系统备案", record.filing
        if record.since and record.notice_until:
            yield "公告期", f"{record.since.isoformat()} 至 {record.notice_until.isoformat()}"
        yield "关停日期", record.closed_on and record.closed_on.isoformat()

    def record_context(self, record: Site, actor: Actor) -> dict[str, Any]:
        """公告的原文，还剩几条没有迁走，公开页面的地址。"""
        moving = record.state == "moving"
        return {
            "notice": record.notice,
            "left": record.guard_facts()["left"] if moving else None,
            "public_path": f"{record.base}/",
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等主管单位批的，公告期满该迁移的，临时下线快到期、过期没有恢复的。"""
        for site in self.queryset(actor).exclude(state__in=("running", "closed")):
            if todo := self._todo(site, actor, today):
                yield todo

    def _todo(self, site: Site, actor: Actor, today: date) -> Todo | None:
        href = self.record_href(site.pk)
        if site.state == "offline":
            why = f"{site.reason}，应在 {site.offline_until} 以前恢复"
            return Todo(site.name, href, site.state_label, "恢复运行", why, site.offline_until)
        if actor.role not in AUTHORITY or site.asked_by_id in actor.persons:
            return None
        if site.state == "announced" and site.notice_until and site.notice_until >= today:
            return None
        verb, why = WAITING[site.state]
        return Todo(site.name, href, site.state_label, verb, why)


register(SiteViewSet())
