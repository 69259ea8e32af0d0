"""约稿：写要求，定期限，选单位，发出。"""

from collections.abc import Iterable
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..forms import CallForm
from ..models import Call
from ..policy import ARRIVED
from ..rules import CALLING
from ..services import edit_call, open_call


class CallTable(tables.Table):
    """约稿列表。"""

    title = tables.Column(
        "约什么", linkify=lambda record: reverse("workbench:calls-record", args=[record.pk])
    )
    organisation = tables.Column("约稿机构", accessor="organisation__short_name", attrs=TIGHT)
    due_on = tables.DateColumn(verbose_name="报送期限", format="Y-m-d", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = Call
        fields = ("title", "organisation", "due_on", "state")


class CallFilters(django_filters.FilterSet):
    """状态。"""

    state = by_state(CALLING)

    class Meta:
        model = Call
        fields = ("state",)


class CallViewSet(RecordViewSet[Call]):
    """约稿。"""

    slug = "calls"
    section = "办"
    label = "约稿"
    model = Call
    table = CallTable
    filters = CallFilters
    search = ("title",)
    create_form = CallForm
    create_label = "约稿"
    edit_form = CallForm
    record_template = "contributions/call.html"
    print_template = "contributions/call_print.html"
    empty_text = "还没有约稿。"

    def queryset(self, actor: Actor) -> QuerySet[Call]:
        """新的在前。"""
        return super().queryset(actor).order_by("-pk")

    def hidden_columns(self, actor: Actor) -> tuple[str, ...]:
        """各列都有意思。"""
        return ()

    def create(self, form: Any, actor: Actor) -> Call:
        """起草。"""
        return open_call(
            form.changes(),
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            units=list(form.cleaned_data["units"]),
            actor=actor,
            key=form.idempotency_key,
        )

    def initial(self, record: Call) -> dict[str, Any]:
        """现在的值。"""
        return {
            "title": record.title,
            "requirements": record.requirements,
            "due_on": record.due_on,
            "units": record.units.all(),
        }

    def edit(self, record: Call, form: Any, actor: Actor) -> None:
        """改约稿。"""
        edit_call(record, form.changes(), units=list(form.cleaned_data["units"]), actor=actor)

    def facts(self, record: Call, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "约稿机构", record.organisation
        yield "报送期限", record.due_on.isoformat()

    def record_context(self, record: Call, actor: Actor) -> dict[str, Any]:
        """发约稿的看得到谁报了、谁没报；被约的看得到怎样应约。"""
        is_own = record.organisation_id == actor.organisation_id
        answered = {
            each.organisation_id: each
            for each in record.answers.filter(state__in=ARRIVED).order_by("-pk")
        }
        return {
            "units": [(unit, answered.get(unit.pk)) for unit in record.units.order_by("path")]
            if is_own
            else [],
            "answer_href": (
                f"{reverse('workbench:contributions-new')}?call={record.pk}"
                if not is_own and actor.role == "drafter" and record.state == "issued"
                else ""
            ),
        }
