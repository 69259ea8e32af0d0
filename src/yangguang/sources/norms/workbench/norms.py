"""规章和规范性文件的界面：登记、审核、编号、公布、报备，关系，某一天有效的。"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import keeper_of, returned
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.rules import STAGES, VALIDITIES
from yangguang.hub.screening.selectors import examined_once
from yangguang.sources.documents.retyping import typed

from ..circulation import CIRCULATION
from ..cleaning import to_amend
from ..forms import ExtendForm, FileForm, NormForm, RelationForm
from ..models import Norm
from ..rules import CHANGING, KINDS, latest_text, text_on
from ..selectors import (
    SHOWN,
    changes_to,
    flagged,
    in_force_on,
    open_flags,
    periods_of,
    published_path,
    relations_of,
    texts_of,
    to_review,
    unfiled,
    units_of,
    waiting_for,
)
from ..services import draft, edit, relate, unrelate
from ..terms import terms

VERBS = {
    "draft": "填好送审", "in_review": "审核", "in_registration": "编号", "registered": "公布",
    "revising": "修订",
}  # fmt: skip


class NormTable(tables.Table):
    """规范性文件列表。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    register_number = tables.Column("统一登记号", default="", attrs=TIGHT)
    document_number = tables.Column("发文字号", default="", attrs=TIGHT)
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    validity = tables.Column("有效性", attrs=TIGHT)
    state = StateColumn()
    effective_on = tables.DateColumn(verbose_name="施行", format="Y-m-d", attrs=TIGHT)
    ceases_on = tables.DateColumn(verbose_name="失效", format="Y-m-d", attrs=TIGHT)
    kind = tables.Column("类别", attrs=TIGHT)
    promulgated_on = tables.DateColumn(verbose_name="公布", format="Y-m-d", attrs=TIGHT)
    filed_on = tables.DateColumn(verbose_name="报备", format="Y-m-d", attrs=TIGHT)
    created_by = tables.Column("登记", accessor="created_by__display_name", attrs=TIGHT)

    class Meta:
        model = Norm
        fields = (
            "title", "register_number", "document_number", "organisation", "validity", "state",
            "effective_on", "ceases_on", "kind", "promulgated_on", "filed_on", "created_by",
        )  # fmt: skip

    def render_validity(self, record: Norm) -> str:
        """今天的有效性；还没有公布的不说。"""
        if record.state not in ("published", "revising"):
            return "—"
        return VALIDITIES[record.verdict(timezone.localdate()).validity]


class NormFilters(django_filters.FilterSet):
    """列表的筛选：状态、有效性、类别、机关，某一天有效的。"""

    state = by_state(CIRCULATION)
    validity = django_filters.ChoiceFilter(
        label="有效性", choices=list(VALIDITIES.items()), empty_label="全部"
    )
    kind = django_filters.ChoiceFilter(
        label="类别", choices=list(KINDS.items()), empty_label="全部"
    )
    in_force = django_filters.DateFilter(
        label="哪一天有效", method="filter_in_force", widget=date_input()
    )
    organisation = django_filters.ModelChoiceFilter(
        label="机关", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = Norm
        fields = ("state", "validity", "kind", "in_force", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.acting.includes_subtree:
            del self.filters["organisation"]

    def filter_in_force(self, rows: QuerySet[Norm], name: str, value: date) -> QuerySet[Norm]:
        """那一天有效的。"""
        return in_force_on(rows, value)


class NormViewSet(RecordViewSet[Norm]):
    """规章和规范性文件。"""

    slug = "norms"
    section = "办"
    label = "规范性文件"
    model = Norm
    table = NormTable
    filters = NormFilters
    search = ("title", "register_number", "document_number")
    optional_columns = ("kind", "promulgated_on", "filed_on", "created_by")
    create_form = NormForm
    create_label = "登记"
    create_template = "norms/edit.html"
    edit_form = NormForm
    edit_template = "norms/edit.html"
    action_forms = {"file": FileForm, "extend": ExtendForm}
    record_template = "norms/record.html"
    print_template = "norms/print.html"

    def queryset(self, actor: Actor) -> QuerySet[Norm]:
        """新登记的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> Norm:
        """登记。"""
        return draft(
            form.changes(),
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor,
            key=form.idempotency_key,
            columns=list(form.cleaned_data["columns"]),
        )

    def initial(self, record: Norm) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name) for name in NormForm.base_fields if hasattr(record, name)
        }
        return values | {"columns": record.columns.all(), "body": typed(record.body)}

    def edit(self, record: Norm, form: Any, actor: Actor) -> None:
        """改。"""
        edit(record, form.changes(), actor=actor, columns=list(form.cleaned_data["columns"]))

    def also_kept(self, record: Norm) -> Iterable[tuple[str, str]]:
        """各条关系，一行一条。"""
        yield "关系", "\n".join(str(each) for each in relations_of(record))

    def layout(self, record: Norm) -> dict[str, Any]:
        """正文的块：居中、靠右、标题、表格。"""
        return {"body": record.body}

    def facts(self, record: Norm, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "类别", record.get_kind_display()
        yield "统一登记号", record.register_number
        yield "发文字号", record.document_number
        yield "制定机关", "、".join(record.issuers)
        yield "机关", record.organisation
        yield "公布日期", _iso(record.promulgated_on)
        yield "施行日期", _iso(record.effective_on)
        yield "失效日期", _iso(record.ceases_on)
        yield "有效期的说明", record.term_reason
        if record.ended_on:
            yield "终止", f"{record.ended_on.isoformat()} 起{record.get_ended_how_display()}"
            yield "终止的依据", record.ended_basis
        yield "备案", _filing(record)
        yield "五公开", STAGES.get(record.stage, "")
        yield "主题分类", record.subject_label
        yield "栏目", "、".join(column.name for column in record.columns.all())
        yield "登记", record.created_by
        keeper = keeper_of(record)
        yield "经办", keeper if keeper != record.created_by else ""

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页：守卫和三关一块只看一遍内容。"""
        with examined_once():
            return super().record_view(request, actor, pk)

    def record_context(self, record: Norm, actor: Actor) -> dict[str, Any]:
        """有效性、各条关系、历次文本、要核对的。"""
        today = timezone.localdate()
        return {
            "verdict": record.verdict(today),
            "validity": VALIDITIES[record.verdict(today).validity],
            "relations": relations_of(record),
            "changed_by": [
                each for kind in sorted(CHANGING) for each in changes_to([record], kind)
            ],
            "periods": periods_of(record),
            "flags": open_flags(record),
            "public_path": published_path(record),
        }

    def queried_context(self, record: Norm, actor: Actor, query: QueryDict) -> dict[str, Any]:
        """正文：今天的；问了哪一天，就是那一天的。"""
        asked = query.get("on", "")
        try:
            day = parse_date(asked) or timezone.localdate()
        except ValueError:
            day = timezone.localdate()
        texts = texts_of(record)
        text = text_on(record.life, texts, day)
        last = latest_text(texts, day)
        verdict = record.verdict(day)
        return {
            "on": day,
            "is_asked": bool(asked),
            "has_text": text is not None,
            "shown": {"body": last.body if last else record.body},
            "verdict_on": verdict,
            "validity_on": VALIDITIES[verdict.validity],
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的，快到期要评估的，没有报备案的，上位依据变了的。"""
        norms = list(waiting_for(actor))
        sent_back = returned(Norm, norms)
        for norm in norms:
            back = sent_back.get(norm.pk)
            yield Todo(
                norm.title, self.record_href(norm.pk), norm.state_label,
                "修改" if back else VERBS[norm.state],
                f"“{back.message}”" if back else norm.document_number,
                is_returned=back is not None,
            )  # fmt: skip
        for norm in to_review(actor, today):
            assert norm.ceases_on is not None  # noqa: S101  查的就是定了失效日期的
            why = f"{norm.ceases_on.isoformat()} 起失效：到期前评估，延长、修改，或者由它失效"
            yield Todo(
                norm.title, self.record_href(norm.pk), "快到期", "评估", why,
                norm.ceases_on - timedelta(days=1),
            )  # fmt: skip
        for norm in unfiled(actor):
            yield Todo(
                norm.title, self.record_href(norm.pk), "待备案", "报备",
                f"{_iso(norm.promulgated_on)} 公布，{_filing_days(norm)} 日内报送备案",
                filing_due(norm),
            )  # fmt: skip
        for norm, flags in flagged(actor):
            why = "；".join(f"《{flag.change.upper}》{flag.change.what}" for flag in flags)
            yield Todo(norm.title, self.record_href(norm.pk), "上位依据变了", "核对", why)
        if actor.role == "drafter":
            for item in to_amend(Norm.policy.scope(actor))[:SHOWN]:
                why = f"《{item.clean_up}》列为修订：{item.reason}"
                yield Todo(
                    item.norm.title, self.record_href(item.norm_id), "清理列为修订", "修改", why
                )

    # ---- 关系 ----

    def extra_routes(self) -> Sequence[URLPattern]:
        """写明关系、去掉关系。"""
        return (
            self.route("<int:pk>/relations/", self.relate_view, "relate"),
            self.route(
                "<int:pk>/relations/<int:relation>/remove/",
                require_POST(self.unrelate_view),
                "unrelate",
            ),
        )

    def relate_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """写明一条关系。"""
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            made = relate(record, actor=actor, **form.given)
            messages.success(request, f"已写明：{made}。")
            return redirect(self.record_href(pk))

        context = {"heading": f"写明关系：{record}", "submit_label": "写明", "record": record}
        blank = partial(RelationForm, actor=actor, norm=record)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def unrelate_view(
        self, request: HttpRequest, actor: Actor, pk: int, relation: int
    ) -> HttpResponse:
        """去掉一条关系。"""
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404
        found = get_object_or_404(record.relations.select_related("target", "upper"), pk=relation)
        try:
            unrelate(record, found, actor=actor)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
        else:
            messages.success(request, f"已去掉：{found}。")
        return redirect(self.record_href(pk))


def filing_due(norm: Norm) -> date | None:
    """最晚哪一天报送备案：公布之日起若干日内。"""
    if norm.promulgated_on is None:
        return None
    return norm.promulgated_on + timedelta(days=_filing_days(norm))


def _filing_days(norm: Norm) -> int:
    return terms(norm.promulgated_on or timezone.localdate()).filing_days[norm.kind]


def _filing(record: Norm) -> str:
    if record.filed_on:
        number = f"，{record.filing_number}" if record.filing_number else ""
        return f"{record.filed_on.isoformat()} 报送{record.filed_with}{number}"
    due = filing_due(record)
    if record.state != "published" or due is None:
        return ""
    return f"还没有报送，最晚 {due.isoformat()}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _href(pk: int) -> str:
    return reverse("workbench:norms-record", args=[pk])


def _organisations(request: HttpRequest | None) -> QuerySet[Organisation]:
    """筛选里可选的机关：此人看得见的文件涉及的。"""
    return units_of(Norm.policy.visible(getattr(request, "acting", None)))
