"""查错统计：各月、各单位、各关查出几处，改好几处。"""

from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import URLPattern

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..kinds import GATES
from ..models import CaughtError
from ..selectors import caught_by_month


class CaughtTable(tables.Table):
    """查错统计。"""

    month = tables.DateColumn(verbose_name="月份", format="Y-m", attrs=TIGHT)
    organisation = tables.Column("单位", accessor="organisation__short_name")
    gate = tables.Column("关", attrs=TIGHT)
    total = tables.Column("查出", attrs=TIGHT)
    blocked = tables.Column("其中拦下", attrs=TIGHT)
    mended = tables.Column("改好", attrs=TIGHT)
    overruled = tables.Column("放行", attrs=TIGHT)

    def render_gate(self, value: str) -> str:
        """关的名称。"""
        return GATES[value]


def _date(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label, field_name="caught_on", lookup_expr=lookup, widget=date_input()
    )


class CaughtFilters(django_filters.FilterSet):
    """起止日期、哪一关。"""

    since = _date("自", "gte")
    until = _date("至", "lte")
    gate = django_filters.ChoiceFilter(label="关", choices=list(GATES.items()), empty_label="全部")

    class Meta:
        model = CaughtError
        fields = ("since", "until", "gate")


class CaughtViewSet(RecordViewSet[Any]):
    """查错统计。只有列表。"""

    slug = "caught"
    section = "查"
    label = "查错统计"
    model = CaughtError
    table = CaughtTable
    filters = CaughtFilters
    search = ("organisation__name", "organisation__short_name")
    empty_text = "还没有查出过差错。"

    def queryset(self, actor: Actor) -> Any:
        """此人范围内的，新的月份在前。"""
        return caught_by_month(actor)

    def may_open(self, actor: Actor) -> bool:
        """监督员。"""
        return actor.role == "supervisor"

    def routes(self) -> list[URLPattern]:
        """列表。"""
        return [self.route("", self.list_view, "")]
