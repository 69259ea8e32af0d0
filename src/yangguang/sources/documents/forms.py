"""公文的表单：收文、核对要素、挂附件。"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from yangguang.foundation.library.choosing import LibraryField, offer
from yangguang.foundation.workbench.fields import LinesField
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm
from yangguang.foundation.workbench.intake import IntakeForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import columns_of, site_for
from yangguang.hub.publications.rules import STAGES, VALIDITIES

from .circulation import DOCUMENT_TYPES
from .disclosure import DISCLOSURES, offered
from .models import FIELD_LABELS
from .retyping import retyped, typed

UNSET = ("", "未确定")
NEEDED_LATER = {
    "issuers": "送审前须填",
    "disclosure": "送审前须定",
    "stage": "送审前须定",
    "body": "送审前须有",
    "written_on": "签发前须填",
    "columns": "发布前须选",
}
"""起草时可以先空着、到哪一步前必须有的（转换表的守卫把关）。"""


class SeveralFiles(forms.ClearableFileInput):
    """一次可选几个文件。"""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """几个文件。"""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """逐个查验；没有选的是空列表。"""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            super().clean(None, initial)
        one = super().clean
        return [one(each, initial) for each in given]


class DocumentIntakeForm(IntakeForm):
    """收一份公文。"""

    noun = "公文"
    file_help = "txt、docx 或 pdf。读出的文字和要素下一步对照核对。"
    text_help = "从标题到署名、日期、附注，整篇贴上。"

    attachments = FilesField(label="附件", required=False, help_text="可以一次选几个，稍后也能加。")


class DocumentForm(RecordForm):
    """核对、修改公文的要素。"""

    title = forms.CharField(label="标题", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    document_number = forms.CharField(label="发文字号", max_length=60, required=False)
    issuers = LinesField(label="发文机关", required=False, help_text="一行一个。")
    addressees = LinesField(label="主送机关", required=False, help_text="一行一个。")
    document_type = forms.ChoiceField(
        label="文种", required=False, choices=[UNSET, *((t, t) for t in DOCUMENT_TYPES)]
    )
    written_on = forms.DateField(
        label="成文日期", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    issued_on = forms.DateField(
        label="印发日期",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="主动公开的，自印发之日起 20 个工作日内上网（条例第二十六条）。",
    )
    disclosure = forms.ChoiceField(
        label="公开属性",
        required=False,
        choices=[UNSET, *DISCLOSURES.items()],
        widget=forms.RadioSelect,
        help_text="先定公开属性，再送审。规范性文件必须主动公开。",
    )
    disclosure_ground = forms.ChoiceField(
        label="不主动公开的理由类别",
        required=False,
        help_text="不予公开的选条例的依据；依申请公开的选它自己的类别。主动公开的不选。",
    )
    disclosure_reason = forms.CharField(
        label="不主动公开的理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_norm = forms.BooleanField(
        label="行政规范性文件",
        required=False,
        help_text="涉及公民、法人和其他组织权利义务，普遍适用、反复适用的。须经合法性审核。",
    )
    is_major_decision = forms.BooleanField(
        label="重大行政决策", required=False, help_text="须经合法性审核。"
    )
    touches_operators = forms.BooleanField(
        label="涉及经营者经济活动", required=False, help_text="须经公平竞争审查。"
    )
    stage = forms.ChoiceField(label="五公开类别", required=False, choices=[UNSET, *STAGES.items()])
    subject = forms.CharField(label="主题分类", max_length=60, required=False)
    validity = forms.ChoiceField(label="有效性", choices=list(VALIDITIES.items()))
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="发布到哪些栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    body = forms.CharField(
        label="正文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text="一段一行。表格一行一行，写成“| 甲 | 乙 |”。",
    )
    checked = forms.MultipleChoiceField(
        label="已对照原文核对",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="识别时拿不准的。核对、改好之后在这里勾上，全部核对才能送审。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document = self.record
        self.uncertain: Sequence[str] = document.uncertain
        site = site_for(document.organisation)
        fields: dict[str, Any] = self.fields
        for name, note in NEEDED_LATER.items():
            fields[name].note = note
        fields["disclosure_ground"].choices = [
            UNSET, *offered(timezone.localdate(), kept=document.disclosure_ground)
        ]  # fmt: skip
        if site is not None:
            fields["columns"].queryset = columns_of(site)
        if self.uncertain:
            fields["checked"].choices = [(n, FIELD_LABELS.get(n, n)) for n in self.uncertain]
        else:
            del self.fields["checked"]

    def changes(self) -> dict[str, Any]:
        """要改的字段和新值；栏目另给。"""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "seen", "columns", "checked", "body")
        }
        text = self.cleaned_data["body"]
        # 浏览器交回的换行是 CRLF；没有动过正文就不动块
        if text.replace("\r\n", "\n").strip() != typed(self.record.body).strip():
            values["body"] = retyped(text, self.layout.get("body", self.record.body))
        done = set(self.cleaned_data.get("checked", ()))
        values["uncertain"] = [name for name in self.uncertain if name not in done]
        return values


class AttachForm(KeyedForm):
    """加附件：上传，或者从资料库选。"""

    attachments = FilesField(label="上传附件", required=False, help_text="可以一次选几个。")
    item = LibraryField(label="或者用资料库里的一份", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self)

    def clean(self) -> dict[str, Any]:
        """至少要有一份。"""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not values.get("attachments") and not values.get("item"):
            self.add_error("attachments", "请选一个文件，或者从资料库选一份。")
        return values
