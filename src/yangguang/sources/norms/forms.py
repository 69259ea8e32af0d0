"""规章和规范性文件的表单：登记、修改、写明关系、报备、延长，上位依据。"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from yangguang.foundation.codes.forms import CodeField, offer_codes
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import LinesField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.rules import STAGES
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.retyping import retyped, typed

from .models import ENDS, CleanUpItem, Norm, UpperText
from .rules import CHANGING, CONCLUSIONS, KINDS, RELATIONS, UPPER_KINDS
from .selectors import targets_for

UNSET = ("", "未确定")
NEEDED_LATER = {
    "issuers": "送审前须填", "promulgated_on": "送审前须填", "effective_on": "送审前须填",
    "body": "送审前须有", "stage": "送审前须定", "columns": "公布前须选",
}  # fmt: skip
"""登记时可以先空着、到哪一步前必须有的（转换表的守卫把关）。"""
ENDED = ("ended_on", "ended_how", "ended_basis")
TEXT_HELP = "一段一行。表格一行一行，写成“| 甲 | 乙 |”。"


def day_field(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    """一个日期。"""
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=date_input(),
        error_messages={
            "invalid": "请写成年月日，例如 2026-09-25。", "required": f"请填{label}。",
        },
    )  # fmt: skip


class NormForm(RecordForm):
    """登记、修改一份。"""

    document = forms.ModelChoiceField(
        OfficialDocument.objects.none(),
        label="由哪份公文印发",
        required=False,
        empty_label="不由库里的公文登记",
        help_text="选了公文的，标题、字号、机关、日期、正文照公文填好，没有写的不必再写。",
    )
    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()), initial="document")
    title = forms.CharField(
        label="标题", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    document_number = forms.CharField(label="发文字号", max_length=60, required=False)
    register_number = forms.CharField(
        label="统一登记号", max_length=60, required=False,
        help_text="以前登记过的照填；新的不填，编号时自动取号。",
    )  # fmt: skip
    issuers = LinesField(label="制定机关", required=False, help_text="一行一个。")
    promulgated_on = day_field("公布日期")
    effective_on = day_field("施行日期")
    ceases_on = day_field(
        "失效日期",
        "从这一天起不再有效。文件写“有效期至某日”的填次日；写“有效期五年”的填五年后的对应日。",
    )
    term_reason = forms.CharField(
        label="有效期的说明", max_length=300, required=False,
        help_text="没有失效日期、或者超过一般期限的，写明理由。",
    )  # fmt: skip
    body = forms.CharField(
        label="正文", required=False, widget=forms.Textarea(attrs={"rows": 20}),
        help_text=f"公布时的正文。{TEXT_HELP}",
    )  # fmt: skip
    subject = CodeField(SUBJECTS, label="主题分类", blank=UNSET[1])
    stage = forms.ChoiceField(label="五公开类别", required=False, choices=[UNSET, *STAGES.items()])
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label="公布到哪些栏目", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    ended_on = day_field("终止日期", "从这一天起不再有效。")
    ended_how = forms.ChoiceField(
        label="怎样终止", required=False, choices=[("", "没有终止"), *ENDS.items()]
    )
    ended_basis = forms.CharField(
        label="终止的依据", max_length=300, required=False,
        help_text="由哪份文件、哪次清理宣布的，写明名称和文号。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        norm: Norm | None = self.record
        offer_codes(self, norm)
        fields: dict[str, Any] = self.fields
        for name, told in NEEDED_LATER.items():
            fields[name].note = told
        organisation = (
            norm.organisation if norm else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        site = site_for(organisation)
        if site is not None:
            fields["columns"].queryset = open_columns(site)
        if norm is not None:
            del self.fields["document"]
            fields["title"].required = True
        else:
            fields["document"].queryset = OfficialDocument.objects.filter(
                organisation=organisation, state__in=["approved", "published"], norms=None
            ).order_by("-issued_on", "-pk")

    @property
    def main_fields(self) -> list[BoundField]:
        """都要填的。"""
        return [field for field in self.visible_fields() if field.name not in ENDED]

    @property
    def ended_fields(self) -> list[BoundField]:
        """补录已经失效、废止的才填的。"""
        return [self[name] for name in ENDED]

    @property
    def has_ended(self) -> bool:
        """填了终止的哪一项，或者填得不对。"""
        return any(field.value() or field.errors for field in self.ended_fields)

    def clean(self) -> dict[str, Any]:
        """没有选公文的，标题必填。"""
        values = super().clean()
        if not values.get("title") and not values.get("document") and "title" not in self.errors:
            self.add_error("title", "请写标题，或者选定由哪份公文登记。")
        return values

    def changes(self) -> dict[str, Any]:
        """各字段的新值；栏目另给。正文没有动过的不动块。"""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "seen", "columns", "body")
        }
        held = self.record.body if self.record else []
        text = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if text != typed(held).strip():
            values["body"] = retyped(text, self.layout.get("body", held))
        return values


class RelationForm(KeyedForm):
    """写明一条关系。"""

    kind = forms.ChoiceField(
        label="本文件对它", choices=list(RELATIONS.items()), widget=forms.RadioSelect
    )
    target = forms.ModelChoiceField(
        Norm.objects.none(), label="库里的文件", required=False, empty_label="没有选",
        help_text="修改、废止的，列出的是本机构和下级公布了的。",
    )  # fmt: skip
    upper = forms.ModelChoiceField(
        UpperText.objects.none(), label="或者上位依据", required=False, empty_label="没有选",
        help_text="法律、行政法规、地方性法规、自治条例、规章、上级文件。没有的，先到“上位依据”里登记。",
    )  # fmt: skip
    target_articles = forms.CharField(
        label="它的哪些条款",
        max_length=200,
        required=False,
        help_text="例如：第三条、第五条第二款。",
    )
    source_articles = forms.CharField(label="本文件的哪些条款", max_length=200, required=False)
    on = day_field("从哪一天起", "修改、废止的才填；不填的，从本文件施行之日起。")
    body = forms.CharField(
        label="修改后的全文", required=False, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=f"修改的才填：从那一天起照这个文本执行。{TEXT_HELP}",
    )  # fmt: skip

    def __init__(self, *args: Any, norm: Norm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["target"].queryset = targets_for(norm, "based_on")
        fields["upper"].queryset = UpperText.objects.order_by("title")
        fields["target"].label_from_instance = labelled
        fields["upper"].label_from_instance = labelled
        self.norm = norm

    def clean(self) -> dict[str, Any]:
        """所指的只选一样；修改的要有全文。"""
        values: dict[str, Any] = super().clean() or {}
        target, upper, kind = values.get("target"), values.get("upper"), values.get("kind")
        if (target is None) == (upper is None):
            self.add_error("target", "请选库里的一份文件，或者一份上位依据，只选一样。")
        elif kind in CHANGING and target is None:
            self.add_error("target", f"{RELATIONS[kind]}的只能是库里的文件。")
        elif (
            kind in CHANGING
            and target is not None
            and not targets_for(self.norm, kind).filter(pk=target.pk).exists()
        ):
            self.add_error("target", f"只能{RELATIONS[kind]}本机构和下级的文件。")
        if kind == "amends" and not values.get("body", "").strip():
            self.add_error("body", "请附上修改后的全文。")
        return values

    @property
    def given(self) -> dict[str, Any]:
        """填好的各项。"""
        values = {k: v for k, v in self.cleaned_data.items() if k not in ("key", "body")}
        target = values["target"]
        like = target.body if target else []
        return values | {"body": retyped(self.cleaned_data["body"], like)}


def labelled(record: Norm | UpperText) -> str:
    """选项里的名称和文号。"""
    return f"{record.title}（{record.document_number}）" if record.document_number else record.title


class FileForm(ActionForm):
    """报送备案。"""

    filed_with = forms.CharField(
        label="报送哪个机关", max_length=80, error_messages={"required": "请写明报送哪个机关。"}
    )
    filed_on = day_field("报送日期", required=True)
    filing_number = forms.CharField(label="备案编号", max_length=60, required=False)
    field_order = ("filed_with", "filed_on", "filing_number", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """报送的机关、日期、编号。"""
        names = ("filed_with", "filed_on", "filing_number")
        return {name: self.cleaned_data[name] for name in names}


class ExtendForm(ActionForm):
    """延长有效期。"""

    ceases_on = day_field("延长以后的失效日期", "从这一天起不再有效。", required=True)
    field_order = ("ceases_on", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """新的失效日期。"""
        return {"ceases_on": self.cleaned_data["ceases_on"]}


class UpperForm(RecordForm):
    """登记、修改一份上位依据。"""

    kind = forms.ChoiceField(label="类别", choices=list(UPPER_KINDS.items()))
    title = forms.CharField(label="名称", max_length=200)
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    effective_on = day_field("施行日期")
    href = forms.URLField(
        label="公布的地址", max_length=500, required=False, assume_scheme="https",
        error_messages={"invalid": "请写完整的网址，以 https:// 或 http:// 开头。"},
    )  # fmt: skip

    def clean_title(self) -> str:
        """书名号由系统加。"""
        title = str(self.cleaned_data["title"]).strip()
        return title.strip("《》") if title.startswith("《") and title.endswith("》") else title

    def values(self) -> dict[str, Any]:
        """填好的各项。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen")}


class UpperChangeForm(ActionForm):
    """上位依据改了、废止了。"""

    changed_on = day_field("从哪一天起", required=True)
    articles = forms.CharField(
        label="哪些条款",
        max_length=200,
        required=False,
        help_text="例如：第十二条。全面修订的不填。",
    )
    field_order = ("changed_on", "articles", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = "变了什么"

    @property
    def inputs(self) -> Mapping[str, Any]:
        """日期、条款。"""
        return {name: self.cleaned_data[name] for name in ("changed_on", "articles")}


class CleanUpForm(RecordForm):
    """准备、修改一轮清理。"""

    title = forms.CharField(
        label="名称",
        max_length=200,
        help_text="公布清单时的标题，例如“关于规范性文件清理结果的公告”。",
    )
    basis = forms.CharField(
        label="依据和范围", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="依据哪份文件、清理到哪一天为止，公布时写在清单前面。",
    )  # fmt: skip
    document_number = forms.CharField(label="宣布结论的文号", max_length=60, required=False)
    takes_effect_on = day_field("结论从哪一天起", "失效、废止从这一天起。送签前须填。")
    stage = forms.ChoiceField(label="五公开类别", required=False, choices=[UNSET, *STAGES.items()])
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label="公布到哪些栏目", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.record
        organisation = (
            held.organisation if held else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        site = site_for(organisation)
        fields: dict[str, Any] = self.fields
        fields["stage"].note, fields["columns"].note = "送签前须定", "签发前须选"
        if site is not None:
            fields["columns"].queryset = open_columns(site)

    def values(self) -> dict[str, Any]:
        """填好的各项；栏目另给。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen", "columns")}


class ConcludeForm(KeyedForm):
    """定一件的结论。"""

    conclusion = forms.ChoiceField(
        label="结论", choices=list(CONCLUSIONS.items()), widget=forms.RadioSelect,
        error_messages={"required": "请选定结论。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="随清单公布。修订、失效、废止的必填。",
    )  # fmt: skip
    ceases_on = day_field("延长以后的失效日期", "继续有效、要延长的才填。")

    def __init__(self, *args: Any, item: CleanUpItem, **kwargs: Any) -> None:
        held = {"conclusion": item.conclusion, "reason": item.reason, "ceases_on": item.ceases_on}
        super().__init__(*args, initial=held, **kwargs)


class InventoryForm(RecordForm):
    """上传一张清单。"""

    file = forms.FileField(
        label="清单", help_text="xlsx 或 csv。第一行是栏名：标题、发文字号、统一登记号、制定机关、公布日期、施行日期、失效日期（或者有效期至）、有效性、废止日期。",
        error_messages={"required": "请选一个文件。"},
    )  # fmt: skip
