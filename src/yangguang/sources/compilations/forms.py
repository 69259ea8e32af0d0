"""文件汇编的表单：编一部。"""

from typing import Any

from django import forms
from django.db.models import Q

from yangguang.foundation.codes.selectors import entries_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.models import Publication

from .rules import COLLECTED, GROUPINGS, KINDS, VALIDITIES, criteria_faults


class CompilationForm(RecordForm):
    """编、改一部。"""

    title = forms.CharField(label="名称", max_length=200)
    about = forms.CharField(
        label="编辑说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    since = forms.IntegerField(label="起始年份", min_value=1949, max_value=9998, required=False)
    until = forms.IntegerField(label="截止年份", min_value=1949, max_value=9998, required=False)
    subject = forms.ChoiceField(label="主题分类", required=False)
    unit = forms.ModelChoiceField(
        Organisation.objects.none(), label="收哪个系统的", help_text="这个机构和它的下级的文件。"
    )
    collected = forms.ChoiceField(label="收哪几种", choices=list(COLLECTED.items()))
    validity = forms.ChoiceField(label="有效性", choices=list(VALIDITIES.items()))
    grouping = forms.ChoiceField(label="目录", choices=list(GROUPINGS.items()))
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label="公布到哪些栏目", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held, fields = self.record, dict[str, Any](self.fields)
        own = held.organisation if held else Organisation.objects.get(pk=self.actor.organisation_id)
        fields["columns"].note = "公布前须选"
        fields["subject"].choices = [
            ("", "全部"), *((each.code, each.label) for each in entries_of(SUBJECTS)),
        ]  # fmt: skip
        units = Organisation.objects.filter(path__startswith=own.path).order_by("path")
        fields["unit"].queryset = units
        fields["unit"].initial = own
        site = site_for(own)
        if site is not None:
            fields["columns"].queryset = open_columns(site)

    def clean(self) -> dict[str, Any]:
        """年份的先后不矛盾。"""
        values = super().clean()
        for fault in criteria_faults(values.get("since"), values.get("until")):
            self.add_error("until", fault)
        return values

    def values(self) -> dict[str, Any]:
        """填好的各项；栏目另给。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen", "columns")}


class PickForm(KeyedForm):
    """人工选定一份：选入，或者不收。"""

    number = forms.CharField(
        label="文号或者索引号", max_length=60, help_text="照抄，例如 临州办发〔2020〕81号。"
    )
    way = forms.ChoiceField(label="怎样", choices=[("in", "选入"), ("out", "不收")])
    reason = forms.CharField(label="理由", max_length=200)

    publication: Publication | None = None

    def clean_number(self) -> str:
        """找到的那一份；公文登记成了规范性文件的，取规范性文件。"""
        number: str = self.cleaned_data["number"].strip()
        found = Publication.objects.filter(
            Q(document_number=number) | Q(index_number=number), kind__in=KINDS
        )
        self.publication = found.order_by("-kind", "pk").first()
        if self.publication is None:
            raise forms.ValidationError(f"没有找到“{number}”，请照抄文号或者索引号。")
        return number
