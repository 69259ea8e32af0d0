"""政府公报的表单：编一期，登记赠阅对象、份数、反馈。"""

from typing import Any

from django import forms
from django.utils import timezone

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for

from .distribution import FEEDBACKS, KINDS, SIZED
from .models import GazetteReader
from .past import Contents, contents_in
from .rules import number_faults
from .selectors import next_numbers, scan_of, taken

MOST_COPIES = 100_000


class ContentsField(forms.CharField):
    """往期的目录：一行一篇，末尾是从 PDF 的第几页起。"""

    def __init__(self) -> None:
        super().__init__(
            label="目录", required=False, widget=forms.Textarea(attrs={"rows": 8}),
            help_text="一行一篇，末尾写从 PDF 的第几页起，例如“关于印发某某办法的通知　3”。",
        )  # fmt: skip

    def clean(self, value: Any) -> Contents:
        """各篇的题名和页码。"""
        found, faults = contents_in(super().clean(value))
        if faults:
            raise forms.ValidationError(faults)
        return found


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
        if self.record is not None and scan_of(self.record) is not None:
            self.fields["contents"] = ContentsField()
            self.fields["dated_on"].required = True
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
        """填好的各项；栏目、PDF、目录另给。"""
        apart = ("key", "seen", "columns", "pdf", "contents")
        return {k: v for k, v in self.cleaned_data.items() if k not in apart}


class PastIssueForm(IssueForm):
    """收入往期的一期。"""

    pdf = forms.FileField(
        label="这一期的 PDF", error_messages={"required": "请选这一期的 PDF。"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contents"] = ContentsField()
        fields = dict[str, Any](self.fields)
        fields["dated_on"].required = True
        fields["dated_on"].help_text = "网站上照这一天与别的各期排在一起。"
        fields["pdf"].help_text = "扫描件也收，标明“无文字层”，检索只查得到期号和目录。"
        for name in ("year", "number", "running"):
            fields[name].initial = None


class ReaderForm(RecordForm):
    """登记、改一个赠阅对象。"""

    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    name = forms.CharField(label="名称", max_length=100)
    unit = forms.CharField(label="送达单位", max_length=100, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    copies = forms.IntegerField(label="每期份数", min_value=1, max_value=MOST_COPIES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict[str, Any](self.fields)
        fields["name"].note = "收公报的单位或者阅览点，不记个人"
        fields["unit"].note = "由别的单位转送的填"

    def values(self) -> dict[str, Any]:
        """填好的各项。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen")}


class RunForm(forms.Form):
    """一期的印数。``seen`` 是打开页面那一刻登记着的，用来认出别人这期间登记的。"""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    print_run = forms.IntegerField(
        label="印数", min_value=1, max_value=MOST_COPIES * 10, required=False
    )


class CopiesForm(forms.Form):
    """一期发给一个赠阅对象的份数。"""

    sent = forms.IntegerField(label="实发", min_value=0, max_value=MOST_COPIES)
    returned = forms.IntegerField(label="退回", min_value=0, max_value=MOST_COPIES)
    reason = forms.CharField(label="退回的缘由", max_length=200, required=False)


class FeedbackForm(KeyedForm):
    """一个赠阅对象对一期的反馈。"""

    reader = forms.ModelChoiceField(GazetteReader.objects.none(), label="赠阅对象")
    kind = forms.ChoiceField(label="反馈", choices=list(FEEDBACKS.items()))
    wanted = forms.IntegerField(
        label="要求的份数", min_value=0, max_value=MOST_COPIES, required=False
    )
    text = forms.CharField(
        label="内容", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, readers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict[str, Any](self.fields)
        fields["reader"].queryset = readers
        fields["wanted"].note = "要求增加、减少的填：以后每期想要几份"

    def clean(self) -> dict[str, Any]:
        """增减的要写明份数，意见要有内容。"""
        values = super().clean() or {}
        if values.get("kind") in SIZED and values.get("wanted") is None and "wanted" in values:
            self.add_error("wanted", "请写明以后每期想要几份。")
        if values.get("kind") not in SIZED:
            values["wanted"] = None
        if values.get("kind") == "opinion" and not values.get("text"):
            self.add_error("text", "请写下意见。")
        return values
