"""工作日历的表单：录入一天、更正、删去，录入一年的安排和地方节日。"""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm

from .entries import NAME_LENGTH, SOURCE_LENGTH, DayEntry
from .models import CalendarRegion
from .policy import CalendarPolicy
from .rules import NATIONAL

WORKS = (("false", "放假"), ("true", "上班"))
_LINE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})\s+(?P<works>放假|上班)(?:\s+(?P<name>\S.*))?")
_POLICY = CalendarPolicy()


class EntriesField(forms.CharField):
    """一行一天：日期、放假或上班、缘由。"""

    widget = forms.Textarea(attrs={"rows": 14})

    def to_python(self, value: Any) -> Any:
        """几行变成几天；哪一行不对，说是第几行。"""
        found: list[DayEntry] = []
        wrong: list[str] = []
        for number, line in enumerate((value or "").splitlines(), 1):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line.strip())
            try:
                day = date.fromisoformat(match["day"]) if match else None
            except ValueError:
                day = None
            if match is None or day is None:
                wrong.append(f"第 {number} 行“{line.strip()[:30]}”读不懂。")
            else:
                found.append(DayEntry(day, match["works"] == "上班", (match["name"] or "").strip()))
        if wrong:
            raise ValidationError(wrong)
        return found


class SourcedForm(KeyedForm):
    """依据：每次录入、更正都要写。"""

    source = forms.CharField(
        label="依据", max_length=SOURCE_LENGTH, help_text="文件的名称和文号，例如“国办发明电〔2026〕12号”。"
    )  # fmt: skip
    field_order: Any = None

    def regions(self) -> list[CalendarRegion]:
        """此人能维护的地区。"""
        rows = CalendarRegion.objects.select_related("parent").order_by("pk")
        return [region for region in rows if _POLICY.may_maintain(self.actor, region)]


class DayForm(SourcedForm):
    """录入一天。"""

    region = forms.ChoiceField(label="地区")
    date = forms.DateField(label="日期", widget=date_input())
    works = forms.ChoiceField(label="这一天", choices=WORKS, widget=forms.RadioSelect)
    name = forms.CharField(label="缘由", max_length=NAME_LENGTH, help_text="例如“临时放假”。")
    field_order = ("region", "date", "works", "name", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["region"]
        field.choices = [(region.code, region.name) for region in self.regions()]

    @property
    def entry(self) -> DayEntry:
        """填的一天。"""
        values = self.cleaned_data
        return DayEntry(values["date"], values["works"] == "true", values["name"])


class ChangeDayForm(SourcedForm):
    """更正一天。"""

    works = forms.ChoiceField(label="这一天", choices=WORKS, widget=forms.RadioSelect)
    name = forms.CharField(label="缘由", max_length=NAME_LENGTH)
    field_order = ("works", "name", "source")


class RemoveDayForm(KeyedForm):
    """删去录错的一天。"""

    reason = forms.CharField(
        label="理由", max_length=SOURCE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class YearForm(SourcedForm):
    """录入全国一年的安排。"""

    year = forms.IntegerField(label="年份", min_value=2000, max_value=2100)
    entries = EntriesField(
        label="放假和调休上班",
        help_text="一行一天，写成“2027-01-01 放假 元旦”“2027-02-14 上班 春节调休”。已经录入过的，以这一次为准。",
    )
    field_order = ("year", "entries", "source")


class FestivalForm(SourcedForm):
    """录入地方节日一年的放假和调休。"""

    festival = forms.ChoiceField(label="节日")
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2100)
    entries = EntriesField(
        label="放假和调休上班", help_text="一行一天，写成“2027-03-10 放假”“2027-03-14 上班”。"
    )
    field_order = ("festival", "year", "entries", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["festival"]
        field.choices = [
            (f"{region.code}:{name}", f"{region.name}　{name}")
            for region in self.regions()
            if region.code != NATIONAL
            for name in region.festivals
        ]
