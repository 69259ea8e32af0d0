"""接口密钥的工作台：系统管理员发、撤销，三种管理员都看得到。"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .forms import KeyForm
from .models import ApiKey
from .rules import KEY_LIFE
from .scopes import scope
from .services import Issued, issue

SOON = timedelta(days=14)
"""到期之前这么久，列入待办。"""


class KeyTable(tables.Table):
    """密钥列表。"""

    name = tables.Column(
        "系统", linkify=lambda record: reverse("workbench:api-keys-record", args=[record.pk])
    )
    prefix = tables.Column("密钥的开头", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    scopes = tables.Column("权限", orderable=False)
    valid_until = tables.DateColumn(verbose_name="有效期到", format="Y-m-d", attrs=TIGHT)
    last_used = tables.DateTimeColumn(
        verbose_name="上次使用", accessor="use__last_used_at", format="Y-m-d H:i", attrs=TIGHT,
        default="没有用过",
    )  # fmt: skip
    state = tables.Column("状态", attrs=TIGHT)

    class Meta:
        model = ApiKey
        fields = ("name", "prefix", "organisation", "scopes", "valid_until", "last_used", "state")

    def render_prefix(self, value: str) -> str:
        """认得出是哪一把。"""
        return f"yg_{value}"

    def render_scopes(self, record: ApiKey) -> str:
        """权限的名称。"""
        return _told(record)

    def render_state(self, record: ApiKey) -> str:
        """状态的中文；过了期的说过期。"""
        return _standing(record)


class KeyFilters(django_filters.FilterSet):
    """密钥列表的筛选。"""

    state = by_state(KEY_LIFE)

    class Meta:
        model = ApiKey
        fields = ("state",)


class KeyViewSet(RecordViewSet[ApiKey]):
    """接口密钥。"""

    slug = "api-keys"
    section = "管"
    label = "接口密钥"
    model = ApiKey
    table = KeyTable
    filters = KeyFilters
    search = ("name", "prefix")
    create_form = KeyForm
    create_label = "发密钥"
    create_submit = "发出"
    empty_text = "还没有发过密钥。"

    def queryset(self, actor: Actor) -> QuerySet[ApiKey]:
        """新发的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """发出之后当场显示全文：只这一次，不存、不进会话，刷新就没有了。"""
        if request.method != "POST" or not self.may_create(actor):
            return super().create_view(request, actor)

        def blank(**given: Any) -> KeyForm:
            return KeyForm(**given, actor=actor)

        def attempt(form: Any) -> HttpResponse:
            names = ("name", "organisation", "scopes", "networks", "valid_from", "valid_until")
            given = {name: form.cleaned_data[name] for name in (*names, "per_minute")}
            issued = issue(**given, actor=actor, key=form.idempotency_key)
            return self._shown_once(request, actor, issued)

        context = {"heading": self.create_label, "submit_label": self.create_submit, "record": None}
        return self.fill(request, actor, blank, attempt, self.create_template, context)

    def _shown_once(self, request: HttpRequest, actor: Actor, issued: Issued) -> HttpResponse:
        if issued.token is None:
            messages.warning(
                request, "这把密钥已经发出，全文只显示一次。没有记下的，请撤销后另发一把。"
            )
            return redirect(self.record_href(issued.key.pk))
        context = self._context(actor) | {
            "record": issued.key,
            "record_href": self.record_href(issued.key.pk),
            "token": str(issued.token),
            "scopes": _told(issued.key),
        }
        return render(request, "api/issued.html", context)

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """快到期的密钥：到了止日，那个系统就连不上。一次查询。"""
        if not ApiKey.policy.may_create(actor):
            return
        for key in self.queryset(actor).filter(
            state=KEY_LIFE.initial, valid_until__gte=today, valid_until__lte=today + SOON
        ):
            yield Todo(
                title=str(key),
                href=self.record_href(key.pk),
                step=key.state_label,
                verb="看看",
                why="密钥快到期。还要用的请另发一把，换好之后撤销这一把。",
                due_on=key.valid_until,
            )

    def facts(self, record: ApiKey, actor: Actor) -> Iterable[tuple[str, Any]]:
        """密钥的字段。"""
        used = record.use.last_used_at
        yield "密钥的开头", f"yg_{record.prefix}"
        yield "机构", record.organisation
        yield "权限", _told(record)
        yield "限定来源地址", "、".join(record.networks) or "不限"
        yield "有效期", f"{record.valid_from.isoformat()} 至 {record.valid_until.isoformat()}"
        yield "现在", _standing(record)
        yield "限速", f"每分钟 {record.per_minute} 次"
        yield "用过", f"{record.use.count} 次"
        yield "上次使用", f"{timezone.localtime(used):%Y-%m-%d %H:%M}" if used else "没有用过"
        if record.assignment is not None:
            yield (
                "以什么身份行事",
                f"{record.assignment.user}，{record.assignment.get_role_display()}",
            )


def _told(key: ApiKey) -> str:
    labels = [found.label if (found := scope(code)) else code for code in key.scopes]
    return "、".join(labels) or "只读公开的信息"


def _standing(key: ApiKey) -> str:
    if key.state != KEY_LIFE.initial:
        return key.state_label
    today = timezone.localdate()
    if today > key.valid_until:
        return "已过期"
    return key.state_label if today >= key.valid_from else "还没有到起日"


register(KeyViewSet())
