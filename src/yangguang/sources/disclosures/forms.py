"""公开属性补定的表单：传一张表，退回几件。"""

from typing import Any

from django import forms

from yangguang.foundation.files.tables import UnreadableTable, sheet_of
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm
from yangguang.sources.documents.codes import reasons
from yangguang.sources.ledger.lists import MOST_ROWS, Marked, NotAList

from .models import DisclosureBatch, DisclosureLine
from .rules import MOST_LINES, Batch, read_batch


class SheetForm(RecordForm):
    """传一张表。"""

    file = forms.FileField(
        label="表格",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=f"xlsx 或 csv，一批最多 {MOST_LINES:,} 件。",
    )

    reading: Batch | None = None
    """读出的；带密级标志的为空。"""

    def clean_file(self) -> Any:
        """读出各行；读不成的说明缘由。"""
        upload = self.cleaned_data["file"]
        try:
            sheet = sheet_of(upload.read(), MOST_ROWS)
            self.reading = read_batch(sheet.lines, reading_day(), reasons(), since=sheet.since)
        except Marked:
            self.reading = None
        except (UnreadableTable, NotAList) as error:
            raise forms.ValidationError(str(error)) from error
        return upload


class LinesField(forms.ModelMultipleChoiceField):
    """批里的几件。"""

    def label_from_instance(self, obj: Any) -> str:
        """文号和标题。"""
        return "　".join(filter(None, (obj.document_number, obj.title)))


class StrikeForm(KeyedForm):
    """审查时退回几件。"""

    lines = LinesField(
        DisclosureLine.objects.none(), label="退回哪几件", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一件。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="缘由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写给拟定的人：哪里不对，应当怎样。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, batch: DisclosureBatch, chosen: list[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        # 没有选的不列：一批可以有两千件
        fields["lines"].queryset = batch.lines.filter(pk__in=chosen)
        fields["lines"].initial = chosen
