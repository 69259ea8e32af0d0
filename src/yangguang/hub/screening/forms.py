"""词典、放行、签关的表单。"""

from typing import Any

from django import forms

from yangguang.foundation.workbench.fields import LinesField, date_input
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm

from .entries import DICTIONARIES, SEVERITIES, Entry
from .models import GateVerdict


class VersionForm(RecordForm):
    """起草新的一版。"""

    dictionary = forms.ChoiceField(
        label="词典", choices=[(each.code, each.label) for each in DICTIONARIES.values()]
    )
    note = forms.CharField(
        label="说明", max_length=300, help_text="为什么改、改了什么，例如“增补新任领导人”。"
    )


class EntryForm(KeyedForm):
    """一条。栏随词典而不同。"""

    def __init__(self, *args: Any, dictionary: str, **kwargs: Any) -> None:
        self.dictionary = dictionary
        super().__init__(*args, **kwargs)
        for each in DICTIONARIES[dictionary].fields:
            made: forms.Field
            if each.form == "date":
                made = forms.DateField(required=False, widget=date_input())
            elif each.form == "severity":
                made = forms.ChoiceField(
                    required=False, choices=[("", "照词典的"), *SEVERITIES.items()]
                )
            elif each.form == "list":
                made = LinesField(required=each.required, help_text="一行一个。")
            else:
                made = forms.CharField(required=each.required, max_length=100)
            made.label = each.heading
            self.fields[each.name] = made

    @property
    def entry(self) -> Entry:
        """填成的词条。"""
        values = {k: v for k, v in self.cleaned_data.items() if k != "key"}
        for each in DICTIONARIES[self.dictionary].fields:
            if each.form == "list":
                values[each.name] = tuple(values[each.name])
        return Entry(self.dictionary, **values)


class ImportForm(KeyedForm):
    """导入整表。"""

    file = forms.FileField(
        label="表格",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="xlsx，首行是栏名，与导出的一样。导入以后，这一版里原有的词条全部换掉。",
    )


class SampleForm(KeyedForm):
    """一篇样文。"""

    text = forms.CharField(label="样文", max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    expected = LinesField(
        label="该查出的",
        required=False,
        help_text="一行一个，照样文里的写法；一处也不该查出的，空着。",
    )


class OverruleForm(KeyedForm):
    """放行一处。"""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="连同您的姓名、所用词典的版本一起留下，不能再改。",
        error_messages={"required": "请写明理由。"},
    )


class SignForm(KeyedForm):
    """签一关。"""

    verdict = forms.ChoiceField(
        label="结论", choices=GateVerdict.Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不通过的须写明。",
    )  # fmt: skip
