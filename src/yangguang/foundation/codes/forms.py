"""代码表的表单：添一项，改说法，停用。"""

from django import forms
from django.utils import timezone

from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm

from .rules import BASIS_LENGTH, CODE_LENGTH, LABEL_LENGTH, Entry


class WordingForm(KeyedForm):
    """一种说法：写什么，依据哪一条，从哪天起。"""

    label = forms.CharField(label="说法", max_length=LABEL_LENGTH)
    legal_basis = forms.CharField(
        label="依据", max_length=BASIS_LENGTH, help_text="哪部法规、规章或文件的哪一条。"
    )
    valid_from = forms.DateField(
        label="自哪天起用", initial=timezone.localdate, widget=date_input(),
        help_text="依据施行的日期；可以是以后的一天，到那天自动改用。",
    )  # fmt: skip

    def entry(self, code: str) -> Entry:
        """填好的一项。"""
        values = self.cleaned_data
        return Entry(
            code, values["label"].strip(), values["legal_basis"].strip(), values["valid_from"]
        )


class AddForm(WordingForm):
    """新的一项，另定代码。"""

    code = forms.CharField(
        label="代码",
        max_length=CODE_LENGTH,
        help_text="记录里存的是它，例如 16-2-process；用过就不能改，也不能另作他用。",
    )
    field_order = ("code",)


class EndForm(KeyedForm):
    """停用：用到哪天，为什么。"""

    last_day = forms.DateField(label="用到哪天", initial=timezone.localdate, widget=date_input())
    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如哪部法规的哪一条修改了。从前选了这一项的记录不变。",
    )  # fmt: skip
