"""一期的赠阅：列清单，登记印数、实发、退回、反馈，导出。"""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download, one_sheet

from ..circulation import DISTRIBUTED
from ..delivering import (
    Met,
    Seen,
    copies_of,
    count_copies,
    counted_on,
    draw_list,
    note_feedback,
    seen_now,
)
from ..distribution import KINDS, Totals, offered, totals
from ..forms import CopiesForm, FeedbackForm, RunForm
from ..models import GazetteCopies, GazetteIssue
from ..selectors import copies_listed, readers_on, scan_of

COLUMNS = (
    ("赠阅对象", 30), ("类别", 14), ("送达单位", 24), ("地址", 40), ("应发", 8), ("实发", 8),
    ("退回", 8), ("留用", 8), ("退回的缘由", 40),
)  # fmt: skip


class DistributionScreens(RecordViewSet[GazetteIssue]):
    """一期的赠阅。付印以后才有。"""

    def distribution_routes(self) -> Sequence[URLPattern]:
        """清单、列清单、登记反馈、导出。"""
        tail = "<int:pk>/distribution/"
        return (
            self.route(tail, self.distribution_view, "distribution"),
            self.route(f"{tail}draw/", require_POST(self.draw_view), "draw"),
            self.route(f"{tail}feedback/", self.feedback_view, "feedback"),
            self.route("<int:pk>/distribution.xlsx", self.workbook_view, "copies"),
        )

    def distribution_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """清单；能登记的人在这一页登记。"""
        record = self._printed_issue(actor, pk)
        may = self.model.policy.may_distribute(actor, record)
        if request.method == "POST" and not may:
            raise Http404
        rows = copies_listed(record)
        if request.method != "POST":
            forms = [(row, CopiesForm(prefix=str(row.pk), initial=_initial(row))) for row in rows]
            run = RunForm(initial={"print_run": record.print_run, "seen": _noted(record, rows)})
            return self._distribution(request, actor, record, run, forms, may=may)
        run = RunForm(data=request.POST)
        forms = [(row, CopiesForm(data=request.POST, prefix=str(row.pk))) for row in rows]
        refusals = _form_faults(run, forms)
        if not refusals:
            counts = {row.pk: form.cleaned_data for row, form in forms}
            try:
                count_copies(
                    record, run.cleaned_data["print_run"], counts, actor=actor,
                    seen=_remembered(run.cleaned_data["seen"]),
                )  # fmt: skip
            except Met as met:
                refusals = met.reasons
                record.refresh_from_db(fields=["print_run"])
                data = request.POST.copy()
                data["seen"] = _noted(record, copies_listed(record))
                run = RunForm(data=data)
            except Refused as refused:
                refusals = refused.reasons
                if not refused.keeps_input:
                    forms = [
                        (row, CopiesForm(prefix=str(row.pk), initial=_initial(row)))
                        for row in copies_listed(record)
                    ]
            else:
                messages.success(request, "已登记。")
                return redirect(self._distribution_href(pk))
        return self._distribution(request, actor, record, run, forms, refusals=refusals, may=may)

    def _distribution(
        self,
        request: HttpRequest,
        actor: Actor,
        record: GazetteIssue,
        run: RunForm,
        forms: Sequence[tuple[GazetteCopies, CopiesForm]],
        *,
        may: bool,
        refusals: Sequence[str] = (),
    ) -> HttpResponse:
        rows = copies_listed(record) if refusals else [row for row, _ in forms]
        context = self._context(actor) | {
            "record": record,
            "record_href": self.record_href(record.pk),
            "heading": f"{record}赠阅",
            "run": run,
            "forms": forms,
            "kinds": KINDS,
            "totals": _totals(record, rows),
            "feedbacks": list(record.feedbacks.select_related("reader")),
            "may_distribute": may,
            "refusals": refusals,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
        return render(request, "gazette/distribution.html", context, status=status)

    def draw_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """照在册的赠阅对象列清单。"""
        record = self._for_distribution(actor, pk)
        try:
            number = draw_list(record, actor=actor)
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, f"清单上新列了 {number} 个赠阅对象。")
        return redirect(self._distribution_href(pk))

    def feedback_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """登记一条反馈。"""
        record = self._for_distribution(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            given = form.cleaned_data
            note_feedback(record, given["reader"], given, actor=actor, key=form.idempotency_key)
            messages.success(request, f"已登记{given['reader']}的反馈。")
            return redirect(self._distribution_href(pk))

        context = {"heading": f"登记反馈：{record}", "submit_label": "登记", "record": record}
        blank = partial(FeedbackForm, actor=actor, readers=readers_on(record))
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def workbook_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """清单和合计，存成 xlsx。"""
        record = self._printed_issue(actor, pk)
        rows = copies_listed(record)
        content = one_sheet("赠阅清单", COLUMNS, [*map(_line, rows), *_sums(record, rows)])
        return download(content, f"{record}赠阅清单")

    def _printed_issue(self, actor: Actor, pk: int) -> GazetteIssue:
        record = self.get(actor, pk)
        if record.state not in DISTRIBUTED or scan_of(record) is not None:
            raise Http404
        return record

    def _for_distribution(self, actor: Actor, pk: int) -> GazetteIssue:
        record = self._printed_issue(actor, pk)
        if not self.model.policy.may_distribute(actor, record):
            raise Http404
        return record

    def _distribution_href(self, pk: int) -> str:
        return reverse("workbench:gazette-distribution", args=[pk])


def _initial(row: GazetteCopies) -> dict[str, Any]:
    """还没有登记的，先照应发的填。"""
    sent, returned, reason = offered(counted_on(row), row.planned)
    return {"sent": sent, "returned": returned, "reason": reason}


def _noted(record: GazetteIssue, rows: Iterable[GazetteCopies]) -> str:
    """现在登记着的，写成随页面发出的文字。"""
    seen = seen_now(record, rows)
    return json.dumps([seen.print_run, list(seen.rows.items())], ensure_ascii=False)


def _remembered(written: str) -> Seen | None:
    """页面带回来的；没有带、认不出的为空。"""
    try:
        print_run, rows = json.loads(written)
        return Seen(print_run, {pk: (sent, back, reason) for pk, (sent, back, reason) in rows})
    except (TypeError, ValueError):
        return None


def _form_faults(run: RunForm, forms: Sequence[tuple[GazetteCopies, CopiesForm]]) -> list[str]:
    """哪一行哪一格填得不对，每处一句。"""
    named = [("", run), *((f"{row.reader.name}的", form) for row, form in forms)]
    return [
        f"{whose}{form.fields[name].label}：{fault}"
        for whose, form in named
        for name, faults in form.errors.items()
        for fault in faults
    ]


def _totals(record: GazetteIssue, rows: Sequence[GazetteCopies]) -> Totals:
    return totals([copies_of(row) for row in rows], record.print_run)


def _line(row: GazetteCopies) -> list[Any]:
    reader = row.reader
    return [
        reader.name, KINDS[reader.kind], reader.unit, reader.address, row.planned, row.sent,
        row.returned, row.sent - row.returned, row.reason,
    ]  # fmt: skip


def _sums(record: GazetteIssue, rows: Sequence[GazetteCopies]) -> list[list[Any]]:
    found = _totals(record, rows)
    lines: list[list[Any]] = [
        [f"{each.label}（{each.readers} 个）", "", "", "", each.planned, each.sent, each.returned,
         each.kept, ""]
        for each in (*found.kinds, found.whole)
    ]  # fmt: skip
    if record.print_run is not None:
        lines += [["印数", "", "", "", record.print_run], ["结存", "", "", "", found.in_hand]]
    return lines
