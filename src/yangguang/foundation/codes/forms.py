"""代码表的表单：添一项，改说法，停用。"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm

from .rules import (
    BASIS_LENGTH,
    CODE_LENGTH,
    LABEL_LENGTH,
    CodeTable,
    Entry,
    code_of,
    grouped,
    in_force,
    label_on,
)
from .selectors import entries_of_several


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


class CodeField(forms.ChoiceField):
    """从一张代码表里选一项，可不选；可选的是今天现行的，记录上原来选着的停用了也列着。

    从前存的版本、草稿里写的是说法：认得出代码的照代码，认不出的当作原来手填的。
    """

    def __init__(self, table: CodeTable, *, blank: str, **kwargs: Any) -> None:
        self.table, self.blank = table, blank
        self.entries: Sequence[Entry] = table.packaged
        message = "没有“%(value)s”这一项，或者已经停用，请从列出的里面选。"
        kwargs.setdefault("error_messages", {"invalid_choice": message})
        super().__init__(required=False, choices=[("", blank)], **kwargs)

    def offer(self, entries: Sequence[Entry], kept: str) -> None:
        """``entries`` 是表里全部各项，``kept`` 是记录上已经选了的。不查询。"""
        self.entries, today = entries, timezone.localdate()
        now = in_force(entries, today)
        choices: list[Any] = [("", self.blank)]
        for group, members in grouped(self.table, now):
            pairs = [(entry.code, entry.label) for entry in members]
            choices += [(group, pairs)] if group else pairs
        if kept and all(entry.code != kept for entry in now):
            choices.append((kept, f"{label_on(entries, kept, today)}（不再使用）"))
        self.choices = choices

    def prepare_value(self, value: Any) -> Any:
        """说法换成代码。"""
        return self._code(value)

    def to_python(self, value: Any) -> str:
        """说法换成代码。"""
        return str(self._code(super().to_python(value)))

    def _code(self, value: Any) -> Any:
        if not value or any(entry.code == value for entry in self.entries):
            return value
        try:
            return code_of(self.entries, str(value))
        except LookupError:
            return value


def offer_codes(form: forms.Form, record: Any) -> None:
    """给表单里的各个 ``CodeField`` 定好可选的；``record`` 是正在改的记录，没有的为空。一次查询。"""
    fields = {name: each for name, each in form.fields.items() if isinstance(each, CodeField)}
    entries = entries_of_several([each.table for each in fields.values()])
    for name, each in fields.items():
        each.offer(entries[each.table.slug], str(getattr(record, name, "") or ""))
