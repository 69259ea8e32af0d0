"""几种常用的填写项：日期，一行一个的名单，勾选几个。"""

from typing import Any

from django import forms

DATE = {"type": "date"}


def date_input() -> forms.DateInput:
    """日期框：各浏览器都按年月日回填。"""
    return forms.DateInput(DATE, "%Y-%m-%d")


class LinesField(forms.CharField):
    """一行一个的名单。"""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        """名单显示成几行。"""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """几行变成名单。"""
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class UnitsField(forms.ModelMultipleChoiceField):
    """勾选几个单位。"""

    widget = forms.CheckboxSelectMultiple({"class": "choose"})
