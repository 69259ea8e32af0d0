"""清理的界面：准备、逐件定结论、送签、公布。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.publications.selectors import published_path

from ..circulation import CLEANING
from ..cleaning import conclude, edit_clean_up, open_clean_up, tally_of
from ..forms import CleanUpForm, ConcludeForm
from ..models import CleanUp
from ..rules import CONCLUSIONS

PAGE = 50
VERBS = {"draft": "开始清理", "open": "逐件清理", "in_approval": "签发"}


class CleanUpTable(tables.Table):
    """清理列表。"""

    title = tables.Column("名称", linkify=lambda record: _href(record.pk))
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    takes_effect_on = tables.DateColumn(
        verbose_name="生效", format="Y-m-d", default="", attrs=TIGHT
    )
    state = StateColumn()

    class Meta:
        model = CleanUp
        fields = ("title", "organisation", "takes_effect_on", "state")


class CleanUpFilters(django_filters.FilterSet):
    """按状态筛选。"""

    state = by_state(CLEANING)

    class Meta:
        model = CleanUp
        fields = ("state",)


class CleanUpViewSet(RecordViewSet[CleanUp]):
    """清理。"""

    slug = "clean-ups"
    section = "办"
    label = "文件清理"
    model = CleanUp
    table = CleanUpTable
    filters = CleanUpFilters
    search = ("title",)
    create_form = CleanUpForm
    create_label = "准备一轮清理"
    edit_form = CleanUpForm
    record_template = "norms/clean_up.html"

    def queryset(self, actor: Actor) -> QuerySet[CleanUp]:
        """新的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> CleanUp:
        """准备。"""
        return open_clean_up(
            form.values(), organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor, key=form.idempotency_key, columns=list(form.cleaned_data["columns"]),
        )  # fmt: skip

    def initial(self, record: CleanUp) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name) for name in CleanUpForm.base_fields if hasattr(record, name)
        }
        return values | {"columns": record.columns.all()}

    def edit(self, record: CleanUp, form: Any, actor: Actor) -> None:
        """改。"""
        edit_clean_up(
            record, form.values(), actor=actor, columns=list(form.cleaned_data["columns"])
        )

    def facts(self, record: CleanUp, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "机关", record.organisation
        yield "依据和范围", record.basis
        yield "宣布结论的文号", record.document_number
        yield "结论从哪一天起", record.takes_effect_on and record.takes_effect_on.isoformat()
        yield "五公开", STAGES.get(record.stage, "")
        yield "栏目", "、".join(column.name for column in record.columns.all())

    def record_context(self, record: CleanUp, actor: Actor) -> dict[str, Any]:
        """各种结论几件，公开页面的地址。"""
        tally = tally_of(record)
        return {
            "tally": tally,
            "counts": [
                (code, label, tally.counts.get(code, 0)) for code, label in CONCLUSIONS.items()
            ],
            "public_path": published_path(record, "clean_up"),
            "may_conclude": record.state == "open" and self.may_edit(record, actor),
        }

    def queried_context(self, record: CleanUp, actor: Actor, query: QueryDict) -> dict[str, Any]:
        """各件：可以只看一种结论的、还没有结论的，一页五十件。"""
        chosen = query.get("conclusion", "")
        items = record.items.select_related("norm")
        if chosen in CONCLUSIONS:
            items = items.filter(conclusion=chosen)
        elif chosen == "none":
            items = items.filter(conclusion="")
        return {"page": Paginator(items, PAGE).get_page(query.get("page")), "chosen": chosen}

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """没有办完的清理。"""
        states = {"drafter": ["draft", "open"], "approver": ["in_approval"]}.get(actor.role, [])
        rounds = self.model.policy.visible(actor).filter(state__in=states)
        for each in rounds.order_by("pk")[:20]:
            yield Todo(each.title, self.record_href(each.pk), each.state_label, VERBS[each.state])

    def extra_routes(self) -> Sequence[URLPattern]:
        """定一件的结论。"""
        return (self.route("<int:pk>/items/<int:item>/", self.conclude_view, "conclude"),)

    def conclude_view(self, request: HttpRequest, actor: Actor, pk: int, item: int) -> HttpResponse:
        """定一件的结论；定好了去下一件没有结论的。"""
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404
        found = get_object_or_404(record.items.select_related("norm"), pk=item)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            conclude(
                record, found, values["conclusion"], actor=actor, reason=values["reason"],
                ceases_on=values["ceases_on"],
            )  # fmt: skip
            told = CONCLUSIONS[values["conclusion"]]
            messages.success(request, f"《{found.norm}》定为{told}。")
            following = record.items.filter(conclusion="").first()
            if following is None:
                return redirect(self.record_href(pk))
            return redirect(reverse("workbench:clean-ups-conclude", args=[pk, following.pk]))

        context = {"heading": f"定结论：{found.norm}", "submit_label": "定下", "record": record}
        blank = partial(ConcludeForm, actor=actor, item=found)
        return self.fill(
            request, actor, blank, attempt, "norms/conclude.html", context | {"item": found}
        )


def _href(pk: int) -> str:
    return reverse("workbench:clean-ups-record", args=[pk])
