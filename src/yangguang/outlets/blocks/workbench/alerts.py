"""紧急提示的工作台：发、改、撤下。"""

from collections.abc import Iterable, Sequence
from typing import Any

import django_tables2 as tables
from django import forms
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import RecordForm
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.columns.models import Site
from yangguang.hub.columns.policy import sites_edited_by

from ..alerts import EDITABLE, edit_alert, show_alert
from ..models import Alert
from ..rules import LEVELS


class AlertForm(RecordForm):
    """一条紧急提示。"""

    site = forms.ModelChoiceField(Site.objects.none(), label="站点", empty_label=None)
    level = forms.ChoiceField(
        label="级别", choices=list(LEVELS.items()), widget=forms.RadioSelect, initial="notice"
    )
    text = forms.CharField(
        label="提示",
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一两句话说清：什么事，到什么时候，要做什么。",
    )
    href = forms.CharField(
        label="详情的地址",
        max_length=300,
        required=False,
        help_text="站内的以 / 开头，站外的写全。",
    )
    valid_until = forms.DateField(
        label="有效到", widget=date_input(), help_text="这一天之后自己消失。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            del self.fields["site"]
            return
        sites = sites_edited_by(self.actor)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["site"].initial = sites.first()
        if sites.count() == 1:
            self.fields["site"].widget = forms.HiddenInput()


class AlertTable(tables.Table):
    """紧急提示列表。"""

    text = tables.Column("提示", linkify=lambda record: _href(record.pk))
    level = tables.Column("级别")
    site = tables.Column("站点", accessor="site__short_name")
    valid_until = tables.DateColumn(verbose_name="有效到", format="Y-m-d")
    state = tables.Column("状态", orderable=False)

    class Meta:
        model = Alert
        fields = ("text", "level", "site", "valid_until", "state")
        order_by = ("-valid_until",)

    def render_state(self, record: Alert) -> str:
        """过了有效日期的，说明已经不显示。"""
        is_past = record.state == "shown" and record.valid_until < reading_day()
        return "已过期，不再显示" if is_past else record.state_label


class AlertViewSet(RecordViewSet[Alert]):
    """紧急提示。"""

    slug = "alerts"
    section = "管"
    label = "紧急提示"
    model = Alert
    table = AlertTable
    create_form = AlertForm
    create_label = "发一条"
    create_submit = "发出"
    edit_form = AlertForm
    empty_text = "没有发过紧急提示。"

    def may_open(self, actor: Actor) -> bool:
        """管着站点的才有这一项。一次查询。"""
        return self.model.policy.may_create(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """只管一个站点的，不必列出站点。"""
        return () if actor.includes_subtree else ("site",)

    def create(self, form: Any, actor: Actor) -> Alert:
        """发出，随即显示。"""
        values = {name: form.cleaned_data[name] for name in EDITABLE}
        site, key = form.cleaned_data["site"], form.idempotency_key
        return show_alert(site, values, actor=actor, key=key, today=reading_day())

    def initial(self, record: Alert) -> dict[str, Any]:
        """现在的值。"""
        return {name: getattr(record, name) for name in EDITABLE}

    def may_edit(self, record: Alert, actor: Actor) -> bool:
        """显示中的才能改。"""
        return record.state == "shown" and super().may_edit(record, actor)

    def edit(self, record: Alert, form: Any, actor: Actor) -> None:
        """改。"""
        values = {name: form.cleaned_data[name] for name in EDITABLE}
        edit_alert(record, values, actor=actor, today=reading_day())

    def facts(self, record: Alert, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "站点", record.site
        yield "级别", record.get_level_display()
        yield "详情", record.href
        yield "有效到", record.valid_until.isoformat()


def _href(pk: int) -> str:
    return reverse("workbench:alerts-record", args=[pk])
