"""政府公报的表单：编一期。"""

from typing import Any

from django import forms
from django.utils import timezone

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import RecordForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for

from .rules import number_faults
from .selectors import next_numbers, taken


class IssueForm(RecordForm):
    """编、改一期。"""

    name = forms.CharField(label="公报名称", max_length=60)
    year = forms.IntegerField(label="年份", min_value=1949, max_value=9999)
    number = forms.IntegerField(label="期号", min_value=1, max_value=999)
    running = forms.IntegerField(label="总期号", min_value=1, max_value=99999)
    licence = forms.CharField(label="准印证号", max_length=60, required=False)
    dated_on = forms.DateField(
        label="出版日期", required=False, widget=date_input(),
        error_messages={"invalid": "请写成年月日，例如 2026-09-25。"},
    )  # fmt: skip
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label="公布到哪些栏目", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held, fields = self.record, dict[str, Any](self.fields)
        self.organisation = (
            held.organisation if held else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        fields["dated_on"].note, fields["columns"].note = "送签前须填", "公布前须选"
        site = site_for(self.organisation)
        if site is not None:
            fields["columns"].queryset = open_columns(site)
        if held is None:
            year = timezone.localdate().year
            first = next_numbers(self.organisation, year) | {
                "year": year, "name": f"{self.organisation.short_name}公报",
            }  # fmt: skip
            for name, value in first.items():
                fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """期号、总期号没有用过；出版日期在这一年。"""
        values = super().clean()
        if all(values.get(name) for name in ("year", "number", "running")):
            used = taken(self.organisation, self.record.pk if self.record else None)
            year, number, running = values["year"], values["number"], values["running"]
            for fault in number_faults(year, number, running, used):
                self.add_error("running" if fault.startswith("总") else "number", fault)
        dated = values.get("dated_on")
        if dated and values.get("year") and dated.year != values["year"]:
            self.add_error("dated_on", f"出版日期不在 {values['year']} 年。")
        return values

    def values(self) -> dict[str, Any]:
        """填好的各项；栏目另给。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen", "columns")}
