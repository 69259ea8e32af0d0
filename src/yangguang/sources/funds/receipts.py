"""“本单位收到的资金”：别的机构登记、请本单位报数的各笔分配，填报自己收到、拨付、支出的数。"""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .circulation import DRAFTER
from .forms import ReceiptForm
from .models import Allocation
from .money import plain_yuan, yuan
from .reporting import report
from .rules import FIGURES
from .selectors import REPORTERS, received_by, unreported
from .showing import figures_told


class ReceiptTable(tables.Table):
    """本单位收到的各笔。"""

    fund = tables.Column(
        "资金", accessor="fund__name",
        linkify=lambda record: reverse("workbench:receipts-record", args=[record.pk]),
    )  # fmt: skip
    giver = tables.Column("分配单位", accessor="giver__name")
    project = tables.Column("项目", default="")
    amount = tables.Column("分配（元）", attrs=TIGHT)
    report_by = tables.DateColumn(
        verbose_name="报数期限", accessor="fund__report_by", format="Y-m-d", attrs=TIGHT
    )
    reported_at = tables.DateTimeColumn(
        verbose_name="最近一次报数", format="Y-m-d H:i", default="还没有报", attrs=TIGHT
    )

    class Meta:
        model = Allocation
        fields = ("fund", "giver", "project", "amount", "report_by", "reported_at")

    def render_amount(self, value: int) -> str:
        """元。"""
        return yuan(value)

    def value_amount(self, value: int) -> str:
        """导出的也是元，两位小数。"""
        return plain_yuan(value)


class ReceiptViewSet(RecordViewSet[Any]):
    """本单位收到的资金。"""

    slug = "receipts"
    section = "办"
    label = "本单位收到的资金"
    model = Allocation
    table = ReceiptTable
    search = ("fund__name", "project")
    empty_text = "没有别的机构请本单位报数的资金。"

    def queryset(self, actor: Actor) -> QuerySet[Allocation]:
        """本单位收到、请本单位报数了的。"""
        return received_by(actor)

    def may_open(self, actor: Actor) -> bool:
        """信息员填报，审核人、签发人看得到。"""
        return actor.role in REPORTERS

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """请本单位报、还没有报的。"""
        for each in unreported(actor):
            yield Todo(
                each.fund.name,
                self.record_href(each.pk),
                "等报数",
                "报数",
                f"{each.fund.organisation.name}请报本单位收到、拨付、支出的数",
                each.fund.report_by,
                is_asked=True,
            )

    def routes(self) -> list[URLPattern]:
        """列表；一笔和它的填报。"""
        return [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/report/", self.report_view, "report"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一笔：分配了多少，本单位历次报的数。"""
        record = self.get(actor, pk)
        context = self._context(actor) | {
            "record": record,
            "facts": allotted(record),
            "reports": [
                (each, figures_told(each)) for each in record.reports.select_related("by__user")
            ],
            "is_owing": record.reported_at is None or record.reported_at < record.fund.asked_at,
            "report_href": reverse("workbench:receipts-report", args=[pk])
            if actor.role in DRAFTER
            else "",
        }
        return render(request, "funds/receipt.html", context)

    def report_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """填报；接着上一次报的改。"""
        record = self.get(actor, pk)
        if actor.role not in DRAFTER:
            raise Http404
        known = record.reports.first() or record

        def attempt(form: Any) -> HttpResponse:
            report(record, form.values(), actor=actor, key=form.idempotency_key)
            messages.success(request, f"已报给{record.fund.organisation.name}。")
            return redirect(self.record_href(pk))

        context = {
            "heading": f"报数：{record.fund.name}", "submit_label": "报出", "record": record,
            "facts": allotted(record),
        }  # fmt: skip
        initial = {name: getattr(known, name) for name in FIGURES}
        blank = partial(ReceiptForm, actor=actor, initial=initial)
        return self.fill(request, actor, blank, attempt, "funds/report.html", context)


def allotted(record: Allocation) -> list[tuple[str, Any]]:
    """分配了多少、凭什么文件、哪天以前报：名称与值，空的不列。"""
    day = record.allocated_on
    found = (
        ("登记机构", record.fund.organisation.name),
        ("分配单位", record.giver.name),
        ("分配给本单位", f"{yuan(record.amount)} 元" + (f"（{day.isoformat()}）" if day else "")),
        ("项目", record.project),
        ("分配文件文号", record.document_number),
        ("报数期限", record.fund.report_by and record.fund.report_by.isoformat()),
    )
    return [(label, value) for label, value in found if value]
