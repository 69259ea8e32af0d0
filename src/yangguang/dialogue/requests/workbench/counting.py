"""年度报告的表三：一年的、截至某一天的，点开一格看各件，封存。"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..counting import FORM, Period, cases, findings, sealed_table, table3
from ..forms import YearForm
from ..models import DisclosureRequest
from ..procedures import seal_year
from ..states import OFFICER
from ..table3 import COLUMNS, row_label, rows_of
from .requests import RequestTable

SHOWN = 200
"""一格里最多列这么多件，再多的到登记簿里看。"""


class CountingViewSet(RecordViewSet[DisclosureRequest]):
    """表三。"""

    slug = "request-table"
    section = "查"
    label = "依申请公开统计"
    model = DisclosureRequest
    table = RequestTable
    is_exported = False

    def routes(self) -> list[URLPattern]:
        """表，一格里的各件，封存。"""
        return [
            self.route("", self.table_view, ""),
            self.route("cases/<slug:row>/<slug:column>/", self.cases_view, "cases"),
            self.route("seal/", require_POST(self.seal_view), "seal"),
        ]

    def table_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """一年的表三。"""
        period, form = _asked(request)
        records = DisclosureRequest.policy.visible(actor)
        cells = table3(records, period)
        own = not actor.includes_subtree
        sealed = sealed_table(actor.organisation_id, period.year) if own else None
        previous = sealed_table(actor.organisation_id, period.year - 1) if own else None
        rows = [
            (
                row,
                row_label(row),
                [(column, name, cells[row][column]) for column, name in COLUMNS.items()],
            )
            for row in rows_of(FORM)
        ]
        context = {
            "viewset": self, "form": form, "period": period, "columns": COLUMNS.values(),
            "rows": rows, "sealed": sealed,
            "differs": sealed is not None and period.is_whole and sealed.cells != cells,
            "findings": findings(cells, previous.cells if previous else None),
            "query": _query(period),
            "may_seal": own and actor.role in OFFICER and sealed is None and period.is_whole
            and reading_day() > period.until,
        }  # fmt: skip
        return render(request, "requests/table3.html", context)

    def cases_view(self, request: HttpRequest, actor: Actor, row: str, column: str) -> HttpResponse:
        """一格里的各件。"""
        period, _ = _asked(request)
        try:
            found = cases(DisclosureRequest.policy.visible(actor), row, column, period)
        except KeyError:
            raise Http404 from None
        listed = list(found.order_by("-received_on", "-pk")[: SHOWN + 1])
        context = {
            "viewset": self, "row": row_label(row), "column": COLUMNS[column], "period": period,
            "listed": listed[:SHOWN], "is_more": len(listed) > SHOWN,
            "back": f"{self.list_href()}?{_query(period)}",
        }  # fmt: skip
        return render(request, "requests/cases.html", context)

    def seal_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """封存一年的。"""
        form = YearForm(request.POST)
        if actor.role not in OFFICER:
            raise Http404
        if form.is_valid():
            organisation = Organisation.objects.get(pk=actor.organisation_id)
            try:
                seal_year(organisation, form.cleaned_data["year"], actor=actor)
            except Refused as refused:
                for reason in refused.reasons:
                    messages.error(request, reason)
            else:
                messages.success(request, "已封存。年度报告照它写，以后再有改动也不变。")
        return redirect(f"{reverse('workbench:request-table')}?{urlencode(_year_of(form))}")


def _query(period: Period) -> str:
    """地址里看哪一段。"""
    return urlencode([("year", str(period.year)), ("until", period.until.isoformat())])


def _year_of(form: Any) -> dict[str, int]:
    return {"year": form.cleaned_data["year"]} if form.is_valid() else {}


def _asked(request: HttpRequest) -> tuple[Period, YearForm]:
    """看哪一段：没有说的是今年、截至今天。"""
    today = reading_day()
    form = YearForm(request.GET or {"year": today.year})
    if not form.is_valid():
        return Period.of(today.year, today), form
    year: int = form.cleaned_data["year"]
    until: date | None = form.cleaned_data["until"]
    return (Period(year, until) if until else Period.of(year, today)), form
