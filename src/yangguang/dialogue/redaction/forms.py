"""遮盖处理的表单：选一份文件来遮，画框，制作。"""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime

from yangguang.dialogue.requests.models import DisclosureRequest, RequestFile
from yangguang.foundation.files.rules import DOCX, PDF
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm

from .boxes import MOST_BOXES, Box, from_percent, from_text
from .opening import MAX_PAGES, PICTURES

TYPES = (PDF, DOCX, *PICTURES)
"""能遮盖的类型。"""


class ExistingField(forms.ModelChoiceField):
    """申请里已有的材料。"""

    def label_from_instance(self, obj: Any) -> str:
        """种类和名称。"""
        return f"{obj.get_kind_display()}：{obj.file.name}"


class RedactionForm(RecordForm):
    """选一份文件：上传，或者用申请里已有的材料。"""

    request = forms.CharField(label="申请编号", max_length=24)
    title = forms.CharField(
        label="文件名称", max_length=200, help_text="给申请人的文件叫什么，不要写个人信息。"
    )
    file = forms.FileField(
        label="上传文件",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.jpg,.jpeg,.png,.webp"}),
        help_text=(
            f"PDF、docx、图片，PDF 最多 {MAX_PAGES} 页。docx 按文字重新排过，版式与原件不同；要保留版式、"
            "里面有图片的，请先另存为 PDF。"
        ),
    )
    existing = ExistingField(
        RequestFile.objects.none(), label="或者用申请里已有的材料", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.data.get("request") or self.initial.get("request") or ""
        fields = dict[str, Any](self.fields)
        fields["existing"].queryset = (
            RequestFile.objects.filter(
                request__number=str(number).strip(),
                request__organisation=self.actor.organisation_id,
                file__media_type__in=TYPES,
            )
            .exclude(kind__in=("identity", "proxy"))
            .select_related("file")
            .order_by("pk")
        )
        if fields["existing"].queryset.exists():
            fields["file"].note = fields["existing"].note = "二选一"
        else:
            del self.fields["existing"]
            fields["file"].required = True

    def clean_request(self) -> DisclosureRequest:
        """本机构的一件申请。"""
        number = self.cleaned_data["request"].strip()
        found = (
            DisclosureRequest.policy.visible(self.actor)
            .filter(number=number, organisation=self.actor.organisation_id)
            .first()
        )
        if found is None:
            raise forms.ValidationError("本机构没有这个编号的申请。")
        return found

    def clean(self) -> dict[str, Any]:
        """上传和已有的，要一样，也只要一样。"""
        values = super().clean()
        upload, existing = values.get("file"), values.get("existing")
        if upload and existing:
            self.add_error(None, "上传文件和用已有的材料只要一样，请去掉一样。")
        elif "existing" in self.fields and not upload and not existing:
            self.add_error("file", "请选一个文件，或者选一份已有的材料。")
        return values


def _percent(label: str) -> forms.FloatField:
    return forms.FloatField(
        label=label, required=False, min_value=0, max_value=100,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )  # fmt: skip


class MarksForm(KeyedForm):
    """画框：勾着的留下；另可以用百分数添一个，或者先查找几个词。"""

    seen = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField(
        label="要查找的词",
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text="姓名、住址一类，一行一个。词只用来查找，不保存。",
    )
    page = forms.IntegerField(label="第几页", required=False, min_value=1)
    left = _percent("左（%）")
    top = _percent("上（%）")
    width = _percent("宽（%）")
    height = _percent("高（%）")

    @property
    def wanted(self) -> list[str]:
        """要查找的词。"""
        return [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]

    @property
    def typed(self) -> list[Box]:
        """用百分数添的框；没有填页码的为空。"""
        values = self.cleaned_data
        if not values["page"]:
            return []
        four = [values[name] or 0.0 for name in ("left", "top", "width", "height")]
        return [from_percent(values["page"], *four)]

    @property
    def seen_at(self) -> Any:
        """打开页面那一刻的更新时间；认不出为空。"""
        return parse_datetime(self.cleaned_data["seen"])

    def clean(self) -> dict[str, Any]:
        """添框的五个数要填齐。"""
        values = super().clean() or {}
        numbers = [values.get(name) for name in ("left", "top", "width", "height")]
        if values.get("page") and any(number is None for number in numbers):
            self.add_error("page", "添一个框，请把左、上、宽、高都填上。")
        elif not values.get("page") and any(number is not None for number in numbers):
            self.add_error("page", "请写明是第几页。")
        return values


def ticked(posted: MultiValueDict[str, str]) -> tuple[list[Box], list[int], bool]:
    """勾着的框、勾着的整页，和有没有认不出的。一项可以是折行的几个框，空格隔开。"""
    texts = [text for value in posted.getlist("box") for text in value.split()][: MOST_BOXES * 2]
    boxes = [from_text(text) for text in texts]
    pages = posted.getlist("withheld")
    numbers = [int(each) for each in pages if each.isascii() and each.isdigit() and len(each) < 6]
    is_whole = None not in boxes and len(numbers) == len(pages)
    return [box for box in boxes if box is not None], numbers, is_whole
