"""机构的工作台：系统管理员看名录和沿革，导出导入，更名、合并。"""

from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.http import content_disposition_header

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.rules import XLSX
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.viewsets import RecordViewSet

from . import selectors, workbook
from .forms import ImportForm, MergeForm, RenameForm
from .models import Kind, Level, Organisation
from .services import NotPossible, import_tables, merge, rename
from .tables import FaultyTables


class OrganisationTable(tables.Table):
    """机构名录。"""

    name = tables.Column(
        "全称", linkify=lambda record: reverse("workbench:organisations-record", args=[record.pk])
    )
    short_name = tables.Column("简称", attrs=TIGHT)
    level = tables.Column("层级", attrs=TIGHT)
    kind = tables.Column("性质", attrs=TIGHT)
    valid_until = tables.DateColumn(verbose_name="撤销", format="Y-m-d", default="", attrs=TIGHT)
    certainty = tables.Column("可靠程度", attrs=TIGHT)

    class Meta:
        model = Organisation
        fields = ("name", "short_name", "level", "kind", "valid_until", "certainty")


class OrganisationFilters(django_filters.FilterSet):
    """按层级、性质、可靠程度筛选。"""

    level = django_filters.ChoiceFilter(label="层级", choices=Level.choices, empty_label="全部")
    kind = django_filters.ChoiceFilter(label="性质", choices=Kind.choices, empty_label="全部")

    class Meta:
        model = Organisation
        fields = ("level", "kind", "certainty")


class OrganisationViewSet(RecordViewSet[Any]):
    """机构。"""

    slug = "organisations"
    section = "管"
    label = "机构"
    model = Organisation
    table = OrganisationTable
    filters = OrganisationFilters
    search = ("name", "short_name", "code", "names__name")
    list_template = "organisations/list.html"

    def queryset(self, actor: Actor) -> QuerySet[Organisation]:
        """任职范围内的，按树的次序。"""
        if actor.includes_subtree:
            found = Organisation.objects.filter(path__startswith=actor.organisation_path)
        else:
            found = Organisation.objects.filter(pk=actor.organisation_id)
        return found.order_by("path").distinct()

    def may_open(self, actor: Actor) -> bool:
        """系统管理员。"""
        return actor.role == Role.SYSTEM_ADMIN

    def routes(self) -> list[URLPattern]:
        """列表、导出、导入、一个机构、更名、合并。"""
        return [
            self.route("", self.list_view, ""),
            self.route("workbook/", self.workbook_view, "workbook"),
            self.route("import/", self.import_view, "import"),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/rename/", self.rename_view, "rename"),
            self.route("<int:pk>/merge/", self.merge_view, "merge"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一个机构：历任名称，承接了谁、由谁承接。"""
        unit = self.get(actor, pk)
        context = {
            "unit": unit,
            "facts": [(label, value) for label, value in self._facts(unit) if value],
            "names": unit.names.order_by("kind", "valid_from"),
            "before": unit.predecessions.select_related("predecessor"),
            "after": unit.successions.select_related("successor"),
        }
        return render(request, "organisations/unit.html", self._context(actor) | context)

    def workbook_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """导出全部机构资料。"""
        self._refuse_unless_whole(actor)
        response = HttpResponse(workbook.dump(selectors.tables()), content_type=XLSX)
        name = f"机构资料（{reading_day().isoformat()}）.xlsx"
        response["Content-Disposition"] = str(content_disposition_header(True, name))
        return response

    def import_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """导入机构资料：有一格不对，一行也不写。"""
        self._refuse_unless_whole(actor)

        def attempt(form: Any) -> HttpResponse:
            content = BytesIO(form.cleaned_data["file"].read())
            try:
                written = import_tables(workbook.parse(content), actor=actor)
            except workbook.UnreadableWorkbook as error:
                raise Refused([str(error)]) from error
            except FaultyTables as error:
                raise Refused([str(fault) for fault in error.faults]) from error
            messages.success(request, f"新增 {written.created} 行，改动 {written.changed} 行。")
            return redirect(self.list_href())

        return self._form(request, actor, ImportForm, attempt, "导入机构资料", "导入")

    def rename_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """更名：旧名止于前一日，仍可按日期认出。"""
        unit = self.get(actor, pk)

        def attempt(form: Any) -> HttpResponse:
            values = {k: v for k, v in form.cleaned_data.items() if k != "key"}
            try:
                rename(unit, **values, actor=actor)
            except NotPossible as error:
                raise Refused(error.reasons) from error
            messages.success(request, f"自 {values['on'].isoformat()} 起改称“{unit.name}”。")
            return redirect(self.record_href(pk))

        return self._form(request, actor, RenameForm, attempt, f"更名：{unit}", "更名")

    def merge_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """由这个机构承接别的机构。"""
        unit = self.get(actor, pk)
        among = self.queryset(actor).filter(valid_until=None).exclude(pk=pk)

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            try:
                merge(
                    list(values["predecessors"]), unit, values["on"], note=values["note"],
                    actor=actor,
                )  # fmt: skip
            except NotPossible as error:
                raise Refused(error.reasons) from error
            messages.success(request, "已合并，历史和旧文件的归属不变。")
            return redirect(self.record_href(pk))

        blank = partial(MergeForm, among=among)
        return self._form(request, actor, blank, attempt, f"合并到：{unit}", "合并")

    def _facts(self, unit: Organisation) -> Iterable[tuple[str, Any]]:
        yield "全称", unit.name
        yield "简称", unit.short_name
        yield "代码", unit.code
        yield "层级", unit.get_level_display()
        yield "性质", unit.get_kind_display()
        yield "上级", Organisation.objects.get_parent(unit)
        yield "信用代码", unit.uscc + ("（演示代码）" if unit.uscc_is_demonstration else "")
        yield "行政区划代码", unit.division_code
        yield "政府信息公开工作主管部门", unit.disclosure_authority
        yield "上级业务主管机关", unit.line_superior
        yield "设立", unit.valid_from and unit.valid_from.isoformat()
        yield "撤销", unit.valid_until and unit.valid_until.isoformat()
        yield "可靠程度", unit.get_certainty_display()
        yield "资料来源", unit.source

    def _refuse_unless_whole(self, actor: Actor) -> None:
        """整张名录只由最上级机构的系统管理员进出。"""
        if not Organisation.objects.filter(pk=actor.organisation_id, depth=1).exists():
            raise Http404

    def _form(
        self,
        request: HttpRequest,
        actor: Actor,
        blank: Callable[..., Any],
        attempt: Callable[[Any], HttpResponse],
        heading: str,
        submit: str,
    ) -> HttpResponse:
        context = {"heading": heading, "submit_label": submit, "record": None}
        return self.fill(
            request, actor, partial(blank, actor=actor), attempt, "workbench/form.html", context
        )


register(OrganisationViewSet())
