"""上位依据的界面：登记，登记它改了、废止了。"""

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

from ..circulation import UPPER_LIFE
from ..forms import UpperChangeForm, UpperForm
from ..models import Norm, UpperText
from ..rules import UPPER_KINDS
from ..uppers import edit_upper, enter_upper


class UpperTable(tables.Table):
    """上位依据列表。"""

    title = tables.Column("名称", linkify=lambda record: _href(record.pk))
    kind = tables.Column("类别", attrs=TIGHT)
    document_number = tables.Column("文号", default="", attrs=TIGHT)
    effective_on = tables.DateColumn(verbose_name="施行", format="Y-m-d", default="", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = UpperText
        fields = ("title", "kind", "document_number", "effective_on", "state")


class UpperFilters(django_filters.FilterSet):
    """按类别、状态筛选。"""

    kind = django_filters.ChoiceFilter(
        label="类别", choices=list(UPPER_KINDS.items()), empty_label="全部"
    )
    state = by_state(UPPER_LIFE)

    class Meta:
        model = UpperText
        fields = ("kind", "state")


class UpperViewSet(RecordViewSet[UpperText]):
    """上位依据。"""

    slug = "upper-texts"
    section = "办"
    label = "上位依据"
    model = UpperText
    table = UpperTable
    filters = UpperFilters
    search = ("title", "document_number")
    create_form = UpperForm
    create_label = "登记上位依据"
    edit_form = UpperForm
    action_forms = {"change": UpperChangeForm, "abolish": UpperChangeForm}
    record_template = "norms/upper.html"

    def queryset(self, actor: Actor) -> QuerySet[UpperText]:
        """按名称。"""
        return super().queryset(actor).order_by("title")

    def create(self, form: Any, actor: Actor) -> UpperText:
        """登记。"""
        return enter_upper(
            form.values(), organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor, key=form.idempotency_key,
        )  # fmt: skip

    def initial(self, record: UpperText) -> dict[str, Any]:
        """现在的值。"""
        return {
            name: getattr(record, name) for name in UpperForm.base_fields if hasattr(record, name)
        }

    def edit(self, record: UpperText, form: Any, actor: Actor) -> None:
        """改名称、文号。"""
        edit_upper(record, form.values(), actor=actor)

    def facts(self, record: UpperText, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "类别", record.get_kind_display()
        yield "文号", record.document_number
        yield "施行日期", record.effective_on and record.effective_on.isoformat()
        yield "登记的机构", record.organisation

    def record_context(self, record: UpperText, actor: Actor) -> dict[str, Any]:
        """历次变动，此人看得见的、依据它的文件。"""
        return {
            "changes": list(record.changes.all()),
            "dependents": list(
                Norm.policy.visible(actor).filter(relations__upper=record).distinct().order_by("pk")
            ),
        }


def _href(pk: int) -> str:
    return reverse("workbench:upper-texts-record", args=[pk])
