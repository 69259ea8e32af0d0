"""上网核对：一键发起，看进度，看查出的问题，起草通报。"""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.forms import new_key
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download, one_sheet
from yangguang.sources.documents.models import OfficialDocument

from ..checking import start_check
from ..circulars import draft_circular
from ..forms import CheckForm
from ..models import LedgerCheck
from ..rules import ENTERERS, FAULTS, summed
from ..selectors import checks, entries_of, findings_of, ranked, tallies

SHOWN = 500
"""页面上最多列几个问题；再多的导出来看。"""


class CheckTable(tables.Table):
    """核对的列表。"""

    as_of = tables.DateColumn(
        verbose_name="截至", format="Y-m-d",
        linkify=lambda record: reverse("workbench:ledger-checks-record", args=[record.pk]),
    )  # fmt: skip
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    started_by = tables.Column("谁发起的", accessor="started_by__display_name", attrs=TIGHT)
    percent = tables.Column("进度", accessor="percent", orderable=False, attrs=TIGHT)
    total = tables.Column("核对几件", attrs=TIGHT)
    found = tables.Column("查出问题", attrs=TIGHT)
    circular = tables.Column("通报", default="", attrs=TIGHT)

    class Meta:
        model = LedgerCheck
        fields = ("as_of", "organisation", "started_by", "percent", "total", "found", "circular")

    def render_percent(self, record: LedgerCheck) -> str:
        """做完没有。"""
        return "做完" if record.finished_at else f"{record.percent}%"

    def render_found(self, record: LedgerCheck) -> Any:
        """没有做完的还说不出。"""
        return record.found if record.finished_at else "—"

    def render_circular(self, record: LedgerCheck) -> str:
        """起草了没有。"""
        return "已起草"


class CheckViewSet(RecordViewSet[Any]):
    """上网核对。"""

    slug = "ledger-checks"
    section = "查"
    label = "上网核对"
    model = LedgerCheck
    table = CheckTable
    list_template = "ledger/checks.html"
    empty_text = "还没有核对过。"

    def queryset(self, actor: Actor) -> QuerySet[LedgerCheck]:
        """新的在前。"""
        return checks(actor)

    def may_open(self, actor: Actor) -> bool:
        """信息员、监督员。"""
        return actor.role in ENTERERS

    def routes(self) -> list[URLPattern]:
        """列表、发起、结果、进度、导出、起草通报。"""
        return [
            self.route("", self.list_view, ""),
            self.route("start/", require_POST(self.start_view), "start"),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/progress/", self.progress_view, "progress"),
            self.route("<int:pk>/findings.xlsx", self.findings_view, "findings"),
            self.route("<int:pk>/circular/", require_POST(self.circular_view), "circular"),
        ]

    def start_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """发起。"""
        form = CheckForm(data=request.POST, actor=actor)
        if not form.is_valid():
            messages.warning(request, "页面的凭据不对，请刷新后再按。")
            return redirect(self.list_href())
        try:
            check = start_check(actor=actor, key=form.idempotency_key)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
            return redirect(self.list_href())
        messages.success(request, f"已发起，共 {check.total:,} 件，做完会告诉您。")
        return redirect(self.record_href(check.pk))

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """进度；做完的，合计、排名、查出的问题。"""
        check: LedgerCheck = self.get(actor, pk)
        context: dict[str, Any] = self._progress(check) | {"record": check}
        if check.finished_at is not None:
            found = list(findings_of(check)[: SHOWN + 1])
            context |= {
                "groups": [
                    (label, same)
                    for code, label in FAULTS.items()
                    if (same := [each for each in found[:SHOWN] if each.code == code])
                ],
                "has_more": len(found) > SHOWN,
                "whole": summed(tallies(entries_of(check), check.as_of).values()),
                "ranks": ranked(check),
                "may_draft": OfficialDocument.policy.may_create(actor),
                "circular_href": self._circular_href(check, actor),
                "findings_href": reverse("workbench:ledger-checks-findings", args=[pk]),
                "draft_href": reverse("workbench:ledger-checks-circular", args=[pk]),
            }
        return render(request, "ledger/check.html", self._context(actor) | context)

    def progress_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """只有进度的一小段：没有做完的每两秒来取一次；做完了就整页重开。"""
        check: LedgerCheck = self.get(actor, pk)
        if check.finished_at is not None:
            return HttpResponse(headers={"HX-Redirect": self.record_href(pk)})
        return render(request, "ledger/progress.html", self._progress(check))

    def findings_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """查出的问题，全部，存成 xlsx。"""
        check: LedgerCheck = self.get(actor, pk)
        if check.finished_at is None:
            raise Http404
        lines = [
            [
                each.get_code_display(), each.organisation.short_name, each.document_number,
                each.title, each.address, each.detail,
            ]
            for each in findings_of(check).iterator(chunk_size=2_000)
        ]  # fmt: skip
        columns = (
            ("问题", 24), ("单位", 20), ("发文字号", 22), ("标题", 44), ("网址", 40),
            ("怎样不对", 60),
        )  # fmt: skip
        return download(one_sheet("查出的问题", columns, lines), str(check))

    def circular_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """起草通报，转去核对、定公开属性。"""
        check: LedgerCheck = self.get(actor, pk)
        if not OfficialDocument.policy.may_create(actor):
            raise Http404
        form = CheckForm(data=request.POST, actor=actor)
        if not form.is_valid():
            messages.warning(request, "页面的凭据不对，请刷新后再按。")
            return redirect(self.record_href(pk))
        try:
            document = draft_circular(check, actor=actor, key=form.idempotency_key)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
            return redirect(self.record_href(pk))
        if not OfficialDocument.policy.visible(actor).filter(pk=document.pk).exists():
            messages.info(request, "别的机构已经由这次核对起草了通报。")
            return redirect(self.record_href(pk))
        messages.success(request, "通报已起草，请核对文字、定公开属性，再送审。")
        return redirect(reverse("workbench:documents-record", args=[document.pk]))

    def _context(self, actor: Actor) -> dict[str, Any]:
        """公共的值，连同按钮上的幂等键。"""
        return super()._context(actor) | {"key": new_key()}

    def _progress(self, check: LedgerCheck) -> dict[str, Any]:
        return {
            "check": check,
            "progress_href": reverse("workbench:ledger-checks-progress", args=[check.pk]),
        }

    def _circular_href(self, check: LedgerCheck, actor: Actor) -> str:
        """通报的地址：起草了、此人看得见的。"""
        if check.circular_id is None:
            return ""
        visible = OfficialDocument.policy.visible(actor).filter(pk=check.circular_id)
        return (
            reverse("workbench:documents-record", args=[check.circular_id])
            if visible.exists()
            else ""
        )
