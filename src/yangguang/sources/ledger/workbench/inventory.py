"""各机构合计：一个单位一行，四种状况加起来就是总数。"""

from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import URLPattern

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..models import LedgerEntry
from ..rules import Tally
from ..selectors import counted, tally_of


class InventoryTable(tables.Table):
    """合计表，末行是总计。"""

    organisation = tables.Column(
        "单位", accessor="organisation__short_name", order_by="organisation__path",
        footer="合计",
    )  # fmt: skip
    total = tables.Column("印发", attrs=TIGHT)
    not_public = tables.Column("不公开", attrs=TIGHT)
    on_time = tables.Column("按期", attrs=TIGHT)
    late = tables.Column("逾期", attrs=TIGHT)
    not_online = tables.Column("未上网", attrs=TIGHT)
    overdue = tables.Column("其中已过期限", attrs=TIGHT)
    rate = tables.Column("按期率", empty_values=(), orderable=False, attrs=TIGHT)

    def render_rate(self, record: dict[str, Any]) -> str:
        """按期的占看得出按期没有的。"""
        return tally_of(record).rate_told


class InventoryFilters(django_filters.FilterSet):
    """印发的起止。"""

    since = django_filters.DateFilter(
        label="印发自", field_name="issued_on", lookup_expr="gte", widget=date_input()
    )
    until = django_filters.DateFilter(
        label="至", field_name="issued_on", lookup_expr="lte", widget=date_input()
    )

    class Meta:
        model = LedgerEntry
        fields = ("since", "until")


class InventoryViewSet(RecordViewSet[Any]):
    """各机构合计。只有列表。"""

    slug = "ledger-inventory"
    section = "查"
    label = "发文合计"
    model = LedgerEntry
    table = InventoryTable
    filters = InventoryFilters
    search = ("organisation__name", "organisation__short_name")
    records_template = "ledger/inventory_records.html"
    empty_text = "台账里还没有文件。"

    def queryset(self, actor: Actor) -> Any:
        """此人看得见的，一个单位一行。"""
        return _grouped(LedgerEntry.policy.visible(actor).filter(state="listed"))

    def narrowed(self, request: Any, records: Any) -> Any:
        """先收窄再合计：印发的起止筛的是文件，不是合计出来的行。"""
        visible = LedgerEntry.policy.visible(request.acting).filter(state="listed")
        found, filterset, words = super().narrowed(request, visible)
        return _grouped(found), filterset, words

    def hidden_columns(self, actor: Actor) -> tuple[str, ...]:
        """各列都有意思。"""
        return ()

    def listed(self, request: Any, actor: Actor, records: Any) -> Any:
        """末行的总计从收窄了的各行加起来。"""
        found = super().listed(request, actor, records)
        rows = list(found.table.data.data)
        whole = [tally_of(row) for row in rows]
        found.table.whole = Tally(
            *(
                sum(getattr(each, name) for each in whole)
                for name in ("on_time", "late", "not_online", "not_public", "overdue")
            )
        )
        return found

    def routes(self) -> list[URLPattern]:
        """列表。"""
        return [self.route("", self.list_view, "")]


def _grouped(entries: Any) -> Any:
    rows = counted(entries.select_related(None).defer(None), reading_day())
    return rows.values(
        "organisation", "organisation__short_name", "organisation__path", "total", "not_public",
        "on_time", "late", "not_online", "overdue",
    ).order_by("organisation__path")  # fmt: skip
