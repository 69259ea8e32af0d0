"""资金公开的界面：登记资金和各笔分配，核对各级的数，审核、签发、发布、更新。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import keeper_of, returned
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.sheets import FORMATS
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.screening.selectors import examined_once

from .circulation import CIRCULATION
from .fields import typed
from .forms import AskForm, FundForm
from .models import Fund
from .money import plain_yuan, yuan
from .receipts import ReceiptViewSet
from .reporting import ask_units, take_reports
from .rules import KINDS, LEVELS, faults, level_totals
from .selectors import (
    account_of,
    allocations_of,
    content_of,
    newest,
    published_path,
    standings,
    waiting_for,
    with_news,
)
from .services import edit_fund, open_fund
from .showing import figures_told, yuan_or_none
from .tables import written

VERBS = {
    "draft": "填好送审",
    "in_review": "审核",
    "in_approval": "签发",
    "approved": "发布",
    "revising": "更新",
}


class FundTable(tables.Table):
    """各笔资金。"""

    name = tables.Column("资金", linkify=lambda record: _href(record.pk))
    kind = tables.Column("种类", attrs=TIGHT)
    year = tables.Column("年度", attrs=TIGHT)
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    amount = tables.Column("金额（元）", attrs=TIGHT)
    state = StateColumn()
    updated_at = tables.DateTimeColumn(verbose_name="更新", format="Y-m-d H:i", attrs=TIGHT)

    class Meta:
        model = Fund
        fields = ("name", "kind", "year", "organisation", "amount", "state", "updated_at")

    def render_amount(self, value: int) -> str:
        """元。"""
        return yuan(value)

    def value_amount(self, value: int) -> str:
        """导出的也是元，两位小数。"""
        return plain_yuan(value)


class FundFilters(django_filters.FilterSet):
    """按种类、年度、状态筛选。"""

    kind = django_filters.ChoiceFilter(
        label="种类", choices=list(KINDS.items()), empty_label="全部"
    )
    year = django_filters.NumberFilter(label="年度")
    state = by_state(CIRCULATION)

    class Meta:
        model = Fund
        fields = ("kind", "year", "state")


class FundViewSet(RecordViewSet[Fund]):
    """资金公开。"""

    slug = "funds"
    section = "办"
    label = "资金公开"
    model = Fund
    table = FundTable
    filters = FundFilters
    awaiting = frozenset({"in_review", "in_approval"})
    search = ("name", "document_number")
    sorted_at_any_size = ("updated_at",)
    create_form = FundForm
    create_label = "登记资金"
    edit_form = FundForm
    record_template = "funds/record.html"
    print_template = "funds/print.html"

    def queryset(self, actor: Actor) -> QuerySet[Fund]:
        """新登记的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> Fund:
        """登记。"""
        return open_fund(
            form.values(), form.cleaned_data["flows"],
            organisation=Organisation.objects.get(pk=actor.organisation_id), actor=actor,
            key=form.idempotency_key, columns=list(form.cleaned_data["columns"]),
        )  # fmt: skip

    def initial(self, record: Fund) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name) for name in FundForm.base_fields if hasattr(record, name)
        }
        return values | {
            "columns": record.columns.all(),
            "flows": typed(allocations_of(record)),
        }

    def edit(self, record: Fund, form: Any, actor: Actor) -> None:
        """改。"""
        edit_fund(
            record, form.values(), form.cleaned_data["flows"], actor=actor,
            columns=list(form.cleaned_data["columns"]),
        )  # fmt: skip

    def facts(self, record: Fund, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "种类", record.get_kind_display()
        yield "年度", record.year
        yield "机关", record.organisation
        yield "上级文件文号", record.document_number
        yield "下达单位", record.given_by
        yield "用途", record.purpose
        yield "收到", _sum(record.amount, record.received_on)
        yield "本级直接拨付", _sum(record.paid, record.paid_on)
        yield "本级支出", _sum(record.used, record.used_on)
        yield "栏目", "、".join(column.name for column in record.columns.all())
        yield "起草", record.created_by
        keeper = keeper_of(record)
        yield "经办", keeper if keeper != record.created_by else ""

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页：守卫和三关一块只看一遍内容。"""
        with examined_once():
            return super().record_view(request, actor, pk)

    def record_context(self, record: Fund, actor: Actor) -> dict[str, Any]:
        """各级合计、各笔分配、对不上的地方、公开页面的地址。"""
        account = account_of(record)
        return {
            "levels": [
                (
                    LEVELS[level],
                    total.units,
                    [
                        yuan(each)
                        for each in (
                            total.announced, total.received, total.allocated, total.paid,
                            total.used, total.left,
                        )
                    ],
                )
                for level, total in level_totals(account).items()
            ],
            "flows": [
                (
                    flow,
                    [
                        (yuan_or_none(amount), on)
                        for amount, on in (
                            (flow.amount, flow.allocated_on),
                            (flow.received, flow.received_on),
                            (flow.spending.paid, flow.spending.paid_on),
                            (flow.spending.used, flow.spending.used_on),
                        )
                    ],
                )
                for flow in account.flows
            ],
            "faults": faults(account, timezone.localdate()),
            "formats": list(FORMATS.items()),
            "public_path": published_path(record),
        } | self._reporting(record, actor)  # fmt: skip

    def _reporting(self, record: Fund, actor: Actor) -> dict[str, Any]:
        """各单位报数：谁报了、报的是多少、谁没有报，现在能不能请、能不能采用。"""
        found = standings(record) if record.asked_at else []
        may_ask = actor.role == "drafter" and record.state != "withdrawn"
        ask = reverse("workbench:funds-ask", args=[record.pk])
        take = reverse("workbench:funds-take", args=[record.pk])
        return {
            "standings": [
                (each, figures_told(each.report) if each.report else []) for each in found
            ],
            "reported": sum(1 for each in found if each.has_reported),
            "owing": sum(1 for each in found if not each.has_reported),
            "news": sum(1 for each in found if each.is_new),
            "ask_href": ask if may_ask else "",
            "newest": newest(found),
            "take_href": take if self.may_edit(record, actor) else "",
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的各笔资金。"""
        funds = list(waiting_for(actor))
        sent_back = returned(Fund, funds)
        for fund in funds:
            back = sent_back.get(fund.pk)
            yield Todo(
                fund.name,
                self.record_href(fund.pk),
                fund.state_label,
                "修改" if back else VERBS[fund.state],
                f"“{back.message}”" if back else fund.get_kind_display(),
                is_returned=back is not None,
            )
        for fund in with_news(actor):
            yield Todo(
                f"各单位报数：{fund.name}", f"{self.record_href(fund.pk)}#reports",
                fund.state_label, "核对、采用", "有单位报了新的数",
            )  # fmt: skip

    def extra_routes(self) -> Sequence[URLPattern]:
        """下载各笔分配的表格；请各单位报数，采用报的数。"""
        return (
            self.route("<int:pk>/table/<slug:form>/", self.table_view, "table"),
            self.route("<int:pk>/ask/", self.ask_view, "ask"),
            self.route("<int:pk>/take/", require_POST(self.take_view), "take"),
        )

    def ask_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """请各接收单位报数。"""
        record = self.get(actor, pk)
        if not self.may_create(actor):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            by = form.cleaned_data["report_by"]
            ask_units(record, by, actor=actor, key=form.idempotency_key)
            messages.success(request, f"已请各单位在 {by.isoformat()} 以前报数。")
            return redirect(f"{self.record_href(pk)}#reports")

        context = {"heading": f"请各单位报数：{record}", "submit_label": "请", "record": record}
        blank = partial(AskForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def take_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """采用各单位新报的数。"""
        record = self.get(actor, pk)
        if not self.may_create(actor):
            raise Http404
        seen = request.POST.get("newest", "")
        upto = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
        try:
            taken = take_reports(record, upto, actor=actor)
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, f"已采用 {taken} 笔，各级的数随之重算。")
        return redirect(f"{self.record_href(pk)}#reports")

    def table_view(self, request: HttpRequest, actor: Actor, pk: int, form: str) -> HttpResponse:
        """各笔分配的表格，照现在的内容。"""
        record = self.get(actor, pk)
        if form not in FORMATS:
            raise Http404
        response = HttpResponse(
            written(content_of(record), form), content_type=FORMATS[form].media_type
        )
        name = str(content_disposition_header(True, f"{record.name}.{form}"))
        response["Content-Disposition"] = name
        return response


def _sum(amount: int | None, on: date | None) -> str:
    if amount is None:
        return ""
    return f"{yuan(amount)} 元" + (f"（{on.isoformat()}）" if on else "")


def _href(pk: int) -> str:
    return reverse("workbench:funds-record", args=[pk])


register(FundViewSet())
register(ReceiptViewSet())
