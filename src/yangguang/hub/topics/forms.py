"""专题的表单：开设、修改。"""

from typing import Any

from django import forms
from django.utils import timezone

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import existing
from yangguang.foundation.workbench.fields import LinesField, UnitsField, date_input
from yangguang.foundation.workbench.forms import RecordForm
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.policy import sites_edited_by

GATHERING = ("columns", "organisations", "words")
"""收信息的条件。"""
DUTY = ("owner", "basis", "tasks")
"""落实工作方案的专题另有的。"""


class TopicForm(RecordForm):
    """专题的名称、简介和收信息的条件。站点和地址代码只在开设时定。"""

    site = forms.ModelChoiceField(Site.objects.none(), label="站点", empty_label=None)
    name = forms.CharField(label="名称", max_length=60)
    code = forms.CharField(
        label="地址代码",
        max_length=60,
        required=False,
        help_text="小写字母、数字和短横，例如 yiwu-jiaoyu；不填由系统起一个。开设后不能改。",
    )
    summary = forms.CharField(
        label="简介",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="这个专题讲什么事，一两句话。",
    )
    opened_on = forms.DateField(label="开设日期", initial=timezone.localdate, widget=date_input())
    words = LinesField(
        label="标题里有这些字词的",
        required=False,
        help_text="一行一个，有其中一个就收。下面的栏目、机构也写了的，要同时合。",
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="责任单位",
        required=False,
        empty_label="不是落实工作方案的专题",
        help_text="选了的，分政策文件、政策解读、执行情况、工作成效、回应关切几部分列出，哪一部分空久了报警。",
    )
    basis = forms.CharField(
        label="依据",
        max_length=120,
        required=False,
        help_text="工作方案的文号，例如 临州办发〔2020〕81号。有责任单位的才填。",
    )
    tasks = LinesField(
        label="第几项任务",
        required=False,
        help_text="一行一个序号，例如 9。有责任单位的才填。",
    )
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="这些栏目里的",
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "choose"}),
        help_text="下级栏目里的也收。",
    )
    organisations = UnitsField(
        Organisation.objects.none(),
        label="这些机构公开的",
        required=False,
        help_text="三项条件都不写，就只收另外指定的信息。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_edited_by(self.actor)
        site: Site | None
        if self.record is None:
            self.fields["site"].queryset = sites  # type: ignore[attr-defined]
            site = sites.first()
            self.fields["site"].initial = site
            if sites.count() == 1:
                self.fields["site"].widget = forms.HiddenInput()
        else:
            del self.fields["site"], self.fields["code"]
            site = self.record.site
        fields: dict[str, Any] = self.fields
        if site is not None:
            own = sites if self.record is None else [site]
            fields["columns"].queryset = Column.objects.filter(site__in=own).order_by("path")
            units = existing().filter(path__startswith=site.organisation.path)
            fields["organisations"].queryset = units
            fields["owner"].queryset = units

    def clean_tasks(self) -> list[int]:
        """序号要是整数。"""
        lines = self.cleaned_data["tasks"]
        wrong = [
            line for line in lines if not (line.isascii() and line.isdigit() and len(line) < 4)
        ]
        if wrong:
            raise forms.ValidationError(
                f"不是任务的序号：{'、'.join(wrong)}。请一行写一个数，例如 9。"
            )
        return [int(line) for line in lines]

    def duty(self) -> dict[str, Any]:
        """责任单位、依据、第几项任务。"""
        return {name: self.cleaned_data[name] for name in DUTY}

    def gathering(self) -> dict[str, Any]:
        """收信息的条件。"""
        return {name: self.cleaned_data[name] for name in GATHERING}

    def clean(self) -> dict[str, Any]:
        """栏目要是所选站点的。"""
        values = super().clean()
        site = values.get("site")
        others = [c.name for c in values.get("columns", ()) if site and c.site_id != site.pk]
        if others:
            self.add_error("columns", f"不是所选站点的栏目：{'、'.join(others)}。")
        return values
