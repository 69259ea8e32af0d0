"""把关：哪些记录还有查出的差错；一条记录的三关，逐处标在文字里，放行、签关、一键遮盖。"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.kinds import kind as kind_named

from ..entries import SEVERITIES
from ..forms import OverruleForm, SignForm
from ..kinds import GATES, KINDS
from ..marking import pieces
from ..models import CaughtError
from ..panel import panel_context, record_href, title_of
from ..selectors import Examination, examine_record, open_errors
from ..services import SIGNERS, mask_personal, overrule, sign

READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
FORM = "screening/form.html"


class OpenErrorTable(tables.Table):
    """还没有改好的差错。"""

    record = tables.Column("记录", accessor="object_id", orderable=False)
    place = tables.Column("在哪里")
    kind = tables.Column("种类", attrs=TIGHT)
    gate = tables.Column("关", attrs=TIGHT)
    severity = tables.Column("处理", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    caught_on = tables.DateColumn(verbose_name="查出", format="Y-m-d", attrs=TIGHT)

    class Meta:
        model = CaughtError
        fields = ("record", "place", "kind", "gate", "severity", "organisation", "caught_on")

    def render_record(self, record: CaughtError) -> str:
        """记录的标题，点开看三关。"""
        subject = record.record
        if subject is None:
            return "（记录已不在）"
        return format_html('<a href="{}">{}</a>', record_href(subject), title_of(subject))


class OpenErrorFilters(django_filters.FilterSet):
    """按关、种类、处理筛选。"""

    gate = django_filters.ChoiceFilter(label="关", choices=list(GATES.items()), empty_label="全部")
    kind = django_filters.ChoiceFilter(
        label="种类", choices=list(KINDS.items()), empty_label="全部"
    )
    severity = django_filters.ChoiceFilter(
        label="处理", choices=list(SEVERITIES.items()), empty_label="全部"
    )

    class Meta:
        model = CaughtError
        fields = ("gate", "kind", "severity")


class GateViewSet(RecordViewSet[Any]):
    """三关。"""

    slug = "gates"
    section = "办"
    label = "把关"
    model = CaughtError
    table = OpenErrorTable
    filters = OpenErrorFilters
    search = ("place",)
    empty_text = "没有查出而没有改好的差错。"

    def queryset(self, actor: Actor) -> QuerySet[CaughtError]:
        """此人范围内还没有改好、没有放行的。"""
        return open_errors(actor)

    def may_open(self, actor: Actor) -> bool:
        """写稿、审核、签发的人和监督员。"""
        return actor.role in READERS

    def routes(self) -> list[URLPattern]:
        """列表；一条记录的三关、签关、放行、遮盖。"""
        at = "<slug:kind>/<int:pk>/"
        return [
            self.route("", self.list_view, ""),
            self.route(at, self.gates_view, "record"),
            self.route(f"{at}sign/<slug:gate>/", self.sign_view, "sign"),
            self.route(f"{at}overrule/<slug:spot>/", self.overrule_view, "overrule"),
            self.route(f"{at}mask/", require_POST(self.mask_view), "mask"),
        ]

    def gates_view(self, request: HttpRequest, actor: Actor, **at: Any) -> HttpResponse:
        """一条记录的三关，发现逐处标在文字里。"""
        record = _record(actor, **at)
        examination = examine_record(record)
        context = self._context(actor) | panel_context(record, actor, examination)
        return render(
            request, "screening/record.html", context | {"passages": _marked(examination)}
        )

    def sign_view(self, request: HttpRequest, actor: Actor, gate: str, **at: Any) -> HttpResponse:
        """签一关：通过或者不通过。"""
        record = self._signed_by(actor, **at)
        if gate not in GATES:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            sign(record, [gate], actor=actor, verdict=values["verdict"], note=values["note"])
            messages.success(request, f"{GATES[gate]}已签。")
            return redirect(record_href(record))

        context = self._filling(record, f"{GATES[gate]}：{title_of(record)}", "签")
        blank = partial(SignForm, actor=actor, initial={"verdict": "passed"})
        return self.fill(request, actor, blank, attempt, FORM, context)

    def overrule_view(
        self, request: HttpRequest, actor: Actor, spot: str, **at: Any
    ) -> HttpResponse:
        """放行一处。"""
        record = self._signed_by(actor, **at)
        found = next((f for f in examine_record(record).found if f.fingerprint == spot), None)
        if found is None:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            overrule(record, spot, reason=form.cleaned_data["reason"], actor=actor)
            messages.success(request, "已放行，您的姓名和理由留在记录上。")
            return redirect(record_href(record))

        context = self._filling(record, f"放行：{found.sentence}", "放行")
        blank = partial(OverruleForm, actor=actor)
        return self.fill(request, actor, blank, attempt, FORM, context)

    def mask_view(self, request: HttpRequest, actor: Actor, **at: Any) -> HttpResponse:
        """一键遮盖正文里的个人信息。"""
        record = _record(actor, **at)
        if not record.policy.may_edit(actor, record):
            raise Http404
        try:
            done = mask_personal(record, actor=actor)
        except Refused as refused:
            messages.warning(request, "".join(refused.reasons))
        else:
            told = [f"正文 {done.texts} 处"] * bool(done.texts)
            told += [f"附件 {done.files} 个"] * bool(done.files)
            if told:
                messages.success(request, f"已遮盖{'、'.join(told)}，请核对一遍。")
            for reason in done.left:
                messages.warning(request, reason)
        return redirect(record_href(record))

    def _signed_by(self, actor: Actor, **at: Any) -> Any:
        if actor.role not in SIGNERS:
            raise Http404
        return _record(actor, **at)

    def _filling(self, record: Model, heading: str, submit: str) -> dict[str, Any]:
        return {
            "heading": heading,
            "submit_label": submit,
            "record": None,
            "record_href": record_href(record),
        }


def _record(actor: Actor, kind: str, pk: int) -> Any:
    """此人看得见的一条来源记录；种类不认识、看不见的 404。"""
    try:
        chosen = kind_named(kind)
    except KeyError:
        raise Http404 from None
    model: Any = chosen.model
    return get_object_or_404(model.policy.visible(actor), pk=pk)


def _marked(examination: Examination) -> Sequence[dict[str, Any]]:
    """逐处文字切成段，标出发现。"""
    spots: dict[int, list[Any]] = {}
    for found in examination.found:
        if not found.file:
            spots.setdefault(found.passage, []).append(found)
    return [
        {"place": passage.place, "pieces": pieces(passage.text, spots.get(number, ()))}
        for number, passage in enumerate(examination.passages)
    ]
