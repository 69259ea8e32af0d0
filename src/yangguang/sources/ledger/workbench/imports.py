"""清单导入：传一份清单，看收了几行、哪些行不对。"""

from functools import partial
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Classified
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download, one_sheet

from ..forms import ImportForm
from ..lists import FIELDS, LABELS, REQUIRED
from ..models import ListImport
from ..rules import ENTERERS
from ..selectors import imports
from ..services import take_list


class ImportTable(tables.Table):
    """导入的列表。"""

    name = tables.Column(
        "清单", linkify=lambda record: reverse("workbench:ledger-imports-record", args=[record.pk])
    )
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    started_at = tables.DateTimeColumn(verbose_name="导入", format="Y-m-d H:i", attrs=TIGHT)
    started_by = tables.Column("谁导入的", accessor="started_by__display_name", attrs=TIGHT)
    total = tables.Column("行数", attrs=TIGHT)
    created = tables.Column("新增", attrs=TIGHT)
    updated = tables.Column("更新", attrs=TIGHT)
    unchanged = tables.Column("没有变", attrs=TIGHT)
    faulty = tables.Column("没有收", attrs=TIGHT)

    class Meta:
        model = ListImport
        fields = (
            "name", "organisation", "started_at", "started_by", "total", "created", "updated",
            "unchanged", "faulty",
        )  # fmt: skip


class ImportViewSet(RecordViewSet[Any]):
    """清单导入。"""

    slug = "ledger-imports"
    section = "查"
    label = "台账清单导入"
    model = ListImport
    table = ImportTable
    search = ("name",)
    create_label = "导入清单"
    empty_text = "还没有导入过清单。"

    def queryset(self, actor: Actor) -> QuerySet[ListImport]:
        """新的在前。"""
        return imports(actor)

    def may_open(self, actor: Actor) -> bool:
        """信息员、监督员。"""
        return actor.role in ENTERERS

    def may_create(self, actor: Actor) -> bool:
        """进得来的都能导入。"""
        return self.may_open(actor)

    def routes(self) -> list[URLPattern]:
        """列表、导入、结果、不对的行。"""
        return [
            self.route("", self.list_view, ""),
            self.route("new/", self.create_view, "new"),
            self.route("<int:pk>/", self.record_view, "record"),
            self.route("<int:pk>/faults.xlsx", self.faults_view, "faults"),
        ]

    def create_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """传一份清单。"""

        def attempt(form: Any) -> HttpResponse:
            if form.reading is None:
                raise Classified
            made = take_list(
                form.reading, name=form.cleaned_data["file"].name, source="import", actor=actor,
                key=form.idempotency_key,
            )  # fmt: skip
            told = f"收下 {made.total - made.faulty} 行" + (
                f"，{made.faulty} 行没有收，逐行说明在下面。" if made.faulty else "。"
            )
            messages.success(request, told)
            return redirect(self.record_href(made.pk))

        context = {
            "heading": "导入发文清单",
            "submit_label": "导入",
            "record": None,
            "columns": [
                (names[0], names[1:], field in REQUIRED) for field, names in FIELDS.items()
            ],
        }
        blank = partial(ImportForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "ledger/import_form.html", context)

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """结果。"""
        record: ListImport = self.get(actor, pk)
        context = {
            "record": record,
            "faults": [each for each in _told(record) if not each["is_note"]],
            "notes": [each for each in _told(record) if each["is_note"]],
            "faults_href": reverse("workbench:ledger-imports-faults", args=[pk]),
        }
        return render(request, "ledger/import.html", self._context(actor) | context)

    def faults_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """不对的行，存成 xlsx 拿去改。"""
        record: ListImport = self.get(actor, pk)
        if not record.faults:
            raise Http404
        lines = [
            [each["row"], each["label"], each["title"], each["reason"]] for each in _told(record)
        ]
        columns = (("清单第几行", 12), ("哪一栏", 14), ("标题", 40), ("怎样不对", 60))
        content = one_sheet("不对的行", columns, lines)
        return download(content, f"{record.name} 不对的行")


def _told(record: ListImport) -> list[dict[str, Any]]:
    return [{**each, "label": LABELS.get(each["field"], "")} for each in record.faults]
