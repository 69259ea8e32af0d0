"""清单导入的界面：上传、看对账单、导出对账单、新的入库。"""

from collections.abc import Iterable, Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, reverse
from django.utils.http import content_disposition_header

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.rules import XLSX
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.sheets import as_xlsx
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..circulation import ENTERING
from ..entering import reconciliation_of, take_in_inventory
from ..forms import InventoryForm
from ..inventory import VERDICTS, sheet_of
from ..models import Inventory

PAGE = 50


class InventoryTable(tables.Table):
    """导入过的清单。"""

    name = tables.Column("文件名", linkify=lambda record: _href(record.pk))
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    created_at = tables.DateTimeColumn(verbose_name="导入", format="Y-m-d H:i", attrs=TIGHT)
    entered = tables.Column("入库", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = Inventory
        fields = ("name", "organisation", "created_at", "entered", "state")


class InventoryFilters(django_filters.FilterSet):
    """按状态筛选。"""

    state = by_state(ENTERING)

    class Meta:
        model = Inventory
        fields = ("state",)


class InventoryViewSet(RecordViewSet[Inventory]):
    """清单导入。"""

    slug = "inventories"
    section = "办"
    label = "清单导入"
    model = Inventory
    table = InventoryTable
    filters = InventoryFilters
    search = ("name",)
    create_form = InventoryForm
    create_label = "导入原有的清单"
    create_submit = "读取、对账"
    record_template = "norms/inventory.html"

    def queryset(self, actor: Actor) -> QuerySet[Inventory]:
        """新的在前；列表不读各行。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> Inventory:
        """读取、对账。"""
        file = form.cleaned_data["file"]
        return take_in_inventory(
            file.read(), file.name, organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor, key=form.idempotency_key,
        )  # fmt: skip

    def facts(self, record: Inventory, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "机关", record.organisation
        yield "共几行", len(record.rows)
        yield "入库几件", record.entered if record.state == "entered" else ""
        yield "导入", record.created_by

    def queried_context(self, record: Inventory, actor: Actor, query: QueryDict) -> dict[str, Any]:
        """对账单：可以只看一种结果，一页五十行。"""
        found = reconciliation_of(record)
        chosen = query.get("verdict", "")
        rows = [each for each in found.rows if chosen not in VERDICTS or each.verdict == chosen]
        return {
            "counts": [(code, VERDICTS[code], count) for code, count in found.counts.items()],
            "missing": found.missing,
            "chosen": chosen,
            "page": Paginator(rows, PAGE).get_page(query.get("page")),
            "sheet_href": reverse("workbench:inventories-sheet", args=[record.pk]),
        }

    def extra_routes(self) -> Sequence[URLPattern]:
        """导出对账单。"""
        return (self.route("<int:pk>/sheet/", self.sheet_view, "sheet"),)

    def sheet_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """对账单，xlsx。"""
        record = self.get(actor, pk)
        sheet = sheet_of(reconciliation_of(record))
        content = b"".join(as_xlsx("对账单", sheet.header, sheet.lines))
        response = HttpResponse(content, content_type=XLSX)
        name = f"对账单-{record.name.rpartition('.')[0] or record.name}.xlsx"
        response["Content-Disposition"] = str(content_disposition_header(True, name))
        return response


def _href(pk: int) -> str:
    return reverse("workbench:inventories-record", args=[pk])
