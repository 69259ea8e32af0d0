"""公开属性补定的界面：传表、看各件、送审、退回几件、审查通过。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download, one_sheet
from yangguang.sources.documents.codes import reasons
from yangguang.sources.documents.disclosure import ground_label, offered

from .circulation import CIRCULATION, DRAFTER, REVIEWER
from .forms import SheetForm, StrikeForm
from .models import DisclosureBatch, DisclosureLine
from .rules import FIELDS, HEADINGS, MOST_LINES, WRONG
from .selectors import ONLY, effects_of, lines_of, unexplained, waiting_for
from .services import begin, drop_line, reinstate, strike, supplement

PAGE = 50
SHOWN_FAULTS = 50
"""页面上最多列几行没有收的；全部的在表里。"""
VERBS = {"draft": "拟定", "in_review": "审查"}


class BatchTable(tables.Table):
    """各批。"""

    name = tables.Column(
        "表格", linkify=lambda record: reverse("workbench:disclosures-record", args=[record.pk])
    )
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    created_at = tables.DateTimeColumn(verbose_name="建立", format="Y-m-d H:i", attrs=TIGHT)
    settled = tables.Column("补定", attrs=TIGHT)
    faulty = tables.Column("没有收", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = DisclosureBatch
        fields = ("name", "organisation", "created_at", "settled", "faulty", "state")


class BatchFilters(django_filters.FilterSet):
    """按状态筛选。"""

    state = by_state(CIRCULATION)

    class Meta:
        model = DisclosureBatch
        fields = ("state",)


class BatchViewSet(RecordViewSet[DisclosureBatch]):
    """公开属性补定。"""

    slug = "disclosures"
    section = "办"
    label = "公开属性补定"
    model = DisclosureBatch
    table = BatchTable
    filters = BatchFilters
    search = ("name",)
    create_form = SheetForm
    create_label = "补定一批"
    create_submit = "读取"
    create_template = "disclosures/form.html"
    list_template = "disclosures/list.html"
    record_template = "disclosures/record.html"
    empty_text = "还没有补定过。"

    def queryset(self, actor: Actor) -> Any:
        """新的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> DisclosureBatch:
        """收一张表。"""
        if form.reading is None:
            raise Classified
        return begin(
            form.reading, name=form.cleaned_data["file"].name, actor=actor,
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            key=form.idempotency_key,
        )  # fmt: skip

    def facts(self, record: DisclosureBatch, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "单位", record.organisation
        yield "拟定", record.created_by
        yield "补定", f"{record.settled:,} 件" if record.state == "settled" else ""

    def queried_context(
        self, record: DisclosureBatch, actor: Actor, query: QueryDict
    ) -> dict[str, Any]:
        """写进台账会怎样；各件，一页五十件，可以只看一种；没有收的行。"""
        only = query.get("only", "")
        page = Paginator(lines_of(record, only), PAGE).get_page(query.get("page"))
        named = reasons()
        is_reviewer = actor.role in REVIEWER and record.state == "in_review"
        return {
            "effects": effects_of(record, reading_day()),
            "page": page,
            "rows": [
                (each, ground_label(each.disclosure_ground, each.issued_on, named)) for each in page
            ],
            "only": only if only in ONLY else "",
            "choices": ONLY.items(),
            "struck": record.lines.exclude(struck="").count(),
            "faults": record.faults[:SHOWN_FAULTS],
            "may_strike": is_reviewer,
            "may_mend": actor.role in DRAFTER and record.state == "draft",
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """没有办完的各批。"""
        for each in waiting_for(actor):
            yield Todo(each.name, self.record_href(each.pk), each.state_label, VERBS[each.state])

    def extra_routes(self) -> Sequence[URLPattern]:
        """供填的表，再传，没有收的、退回的存成表，退回几件，去掉一件。"""
        return (
            self.route("blank.xlsx", self.blank_view, "blank"),
            self.route("<int:pk>/supplement/", self.supplement_view, "supplement"),
            self.route("<int:pk>/faults.xlsx", self.faults_view, "faults"),
            self.route("<int:pk>/struck.xlsx", self.struck_view, "struck"),
            self.route("<int:pk>/strike/", self.strike_view, "strike"),
            self.route(
                "<int:pk>/lines/<int:line>/reinstate/", require_POST(self.reinstate_view),
                "reinstate",
            ),
            self.route(
                "<int:pk>/lines/<int:line>/drop/", require_POST(self.drop_view), "drop-line"
            ),
        )  # fmt: skip

    def _context(self, actor: Actor) -> dict[str, Any]:
        """公共的值，连同能选的理由类别、台账里还差几件；用到的页面才查。"""
        own = unexplained(actor.organisation_id)
        return super()._context(actor) | {
            "grounds": lambda: offered(reading_day(), reasons=reasons()),
            "fields": [(names[0], names[1:]) for names in FIELDS.values()],
            "owing": own.count,
            "listed": own[:MOST_LINES].count,
            "blank_href": reverse("workbench:disclosures-blank"),
        }

    def blank_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """供填的表：台账里没有写理由的各件已经列好。"""
        if not self.may_create(actor):
            raise Http404
        listed = unexplained(actor.organisation_id)[:MOST_LINES]
        lines = [
            [
                each.document_number, each.title, each.written_on, each.issued_on,
                each.get_disclosure_display(), "", "", "", each.online_on, each.address,
            ]
            for each in listed
        ]  # fmt: skip
        return download(one_sheet("补定公开属性", HEADINGS, lines), "补定公开属性")

    def supplement_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """改好的再传。"""
        record = self.get(actor, pk)
        if actor.role not in DRAFTER or record.state != "draft":
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            if form.reading is None:
                raise Classified
            supplement(record, form.reading, actor=actor)
            messages.success(request, "已收下。")
            return redirect(self.record_href(pk))

        context = {"heading": f"再传：{record}", "submit_label": "读取", "record": record}
        blank = partial(SheetForm, actor=actor)
        return self.fill(request, actor, blank, attempt, self.create_template, context)

    def faults_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """没有收的行，照原来的各格，末栏写明怎样不对。"""
        record = self.get(actor, pk)
        if not record.faults:
            raise Http404
        wide = max(len(each["cells"]) for each in record.faults)
        names = [*record.headings, *[""] * wide][:wide]
        columns = [*((name, 20) for name in names), WRONG]
        lines = [
            [*each["cells"], *[""] * (wide - len(each["cells"])), "".join(each["reasons"])]
            for each in record.faults
        ]
        return download(one_sheet("没有收的行", columns, lines), f"{_stem(record)} 没有收的行")

    def struck_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """审查退回的各件，末栏写明缘由。"""
        record = self.get(actor, pk)
        named = reasons()
        lines = [
            [
                each.document_number, each.title, each.written_on, each.issued_on,
                each.get_disclosure_display(),
                ground_label(each.disclosure_ground, each.issued_on, named),
                each.disclosure_reason, "是" if each.is_norm else "", each.online_on, each.address,
                each.struck,
            ]
            for each in lines_of(record, "struck")
        ]  # fmt: skip
        if not lines:
            raise Http404
        content = one_sheet("退回的", (*HEADINGS, WRONG), lines)
        return download(content, f"{_stem(record)} 退回的")

    def strike_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """审查时退回选中的几件。"""
        record = self.get(actor, pk)
        if actor.role not in REVIEWER or record.state != "in_review":
            raise Http404
        given = request.POST.getlist("lines") or request.GET.getlist("line")
        chosen = [
            int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 19
        ]
        if not chosen:
            messages.warning(request, "请先选中要退回的。")
            return redirect(self.record_href(pk))

        def attempt(form: Any) -> HttpResponse:
            found = form.cleaned_data
            strike(record, list(found["lines"]), found["reason"], actor=actor)
            messages.success(request, f"退回了 {len(found['lines'])} 件。")
            return redirect(self.record_href(pk))

        context = {"heading": f"退回几件：{record}", "submit_label": "退回", "record": record}
        blank = partial(StrikeForm, actor=actor, batch=record, chosen=chosen)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def reinstate_view(
        self, request: HttpRequest, actor: Actor, pk: int, line: int
    ) -> HttpResponse:
        """退回的一件不退了。"""
        return self._on_line(request, actor, pk, line, REVIEWER, reinstate, "不退了")

    def drop_view(self, request: HttpRequest, actor: Actor, pk: int, line: int) -> HttpResponse:
        """去掉一件。"""
        return self._on_line(request, actor, pk, line, DRAFTER, drop_line, "已去掉")

    def _on_line(
        self,
        request: HttpRequest,
        actor: Actor,
        pk: int,
        line: int,
        roles: frozenset[str],
        act: Any,
        told: str,
    ) -> HttpResponse:
        record = self.get(actor, pk)
        if actor.role not in roles:
            raise Http404
        found = get_object_or_404(DisclosureLine, pk=line, batch=record)
        try:
            act(record, found, actor=actor)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
        else:
            messages.success(request, f"{told}：{found}。")
        return redirect(self.record_href(pk))


def _stem(record: DisclosureBatch) -> str:
    return record.name.rpartition(".")[0] or record.name


register(BatchViewSet())
