"""复议、诉讼的表单。"""

from collections.abc import Mapping
from typing import Any

from django import forms

from yangguang.dialogue.requests.forms import day_field
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm

from .proceedings import KINDS, RESULTS


class EnterForm(KeyedForm):
    """登记一件。"""

    kind = forms.ChoiceField(label="哪一种", choices=list(KINDS.items()), widget=forms.RadioSelect)
    body = forms.CharField(label="复议机关、法院", max_length=100)
    case_number = forms.CharField(label="案号", max_length=80, required=False)
    is_simplified = forms.BooleanField(label="适用简易程序（行政复议）", required=False)
    received_on = day_field("收到受理通知、应诉通知的日期")


class AnswerForm(ActionForm):
    """提交答复、答辩。"""

    answered_on = day_field("提交的日期")
    field_order = ("answered_on", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """哪天提交。"""
        return {"answered_on": self.cleaned_data["answered_on"]}


class DecideForm(ActionForm):
    """审结。"""

    decided_on = day_field("审结的日期")
    result = forms.ChoiceField(
        label="结果", choices=list(RESULTS.items()), widget=forms.RadioSelect
    )
    decision_number = forms.CharField(label="决定书、判决书文号", max_length=80, required=False)
    orders_redo = forms.BooleanField(label="责令重新答复", required=False)
    field_order = ("decided_on", "result", "decision_number", "orders_redo", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """哪天、结果、文号、责令重作没有。"""
        names = ("decided_on", "result", "decision_number", "orders_redo")
        return {name: self.cleaned_data[name] for name in names}


class RedoForm(KeyedForm):
    """另开一件重作。"""

    since = day_field("收到决定书、判决书的日期", help_text="期限自次日起重新计算。")
