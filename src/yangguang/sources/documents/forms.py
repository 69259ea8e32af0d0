"""公文的表单：收文、核对要素、挂附件。"""

from collections.abc import Iterable, Sequence
from dataclasses import fields as fields_of
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from yangguang.foundation.codes.forms import CodeField, offer_codes
from yangguang.foundation.library.choosing import LibraryField, offer
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.fields import LinesField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm
from yangguang.foundation.workbench.intake import IntakeForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.rules import STAGES, VALIDITIES
from yangguang.hub.topics.choosing import offer_topics, topics_field

from .codes import TYPES, reasons
from .disclosure import DISCLOSURES, offered
from .fairness import CONCLUSIONS, EXCEPTIONS, NATURES, STANDARDS
from .interpreting import CHANNELS, FORMS, Plan
from .models import FIELD_LABELS, NumberSeries
from .retyping import retyped, typed
from .routes import STEPS
from .selectors import holders_of, series_of, signatories_for

UNSET = ("", "未确定")
SIGNATORIES = ("joint", "consulted")
NEEDED_LATER = {
    "issuers": "送审前须填",
    "disclosure": "送审前须定",
    "stage": "送审前须定",
    "body": "送审前须有",
    "written_on": "不填的，签发那天就是",
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


class OrganisationsField(LinesField):
    """一行一个的机构，写全称或者简称；次序照写的。认不出的说明是第几行。"""

    offered: Iterable[Organisation] = ()

    def clean(self, value: Any) -> list[Organisation]:
        """几行变成几个机构，不重复。"""
        lines: list[str] = super().clean(value)
        if not lines:
            return []
        known = {name: each for each in self.offered for name in (each.short_name, each.name)}
        faults = [
            f"第 {number} 行“{line}”：没有叫这个名称的机构。"
            for number, line in enumerate(lines, 1)
            if line not in known
        ]
        if faults:
            raise forms.ValidationError(faults)
        return list(dict.fromkeys(known[line] for line in lines))


class DocumentForm(RecordForm):
    """核对、修改公文的要素；没有 ``record`` 的是从头起草。"""

    title = forms.CharField(label="标题", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    document_number = forms.CharField(label="发文字号", max_length=60, required=False)
    issuers = LinesField(label="发文机关", required=False, help_text="一行一个。")
    addressees = LinesField(label="主送机关", required=False, help_text="一行一个。")
    copied_to = LinesField(
        label="抄送机关", required=False, help_text="一行一个，印在版记里；网页上不印。"
    )
    document_type = CodeField(TYPES, label="文种", blank=UNSET[1])
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
    is_policy = forms.BooleanField(
        label="需要解读的政策",
        required=False,
        help_text=(
            "规范性文件、重大行政决策以外，涉及群众、企业切身利益，社会关注度高，或者专业性强、"
            "需要解读的，在这里声明。政策文件送审须附解读方案。"
        ),
    )
    joint = OrganisationsField(
        label="联合发文的其他机关",
        required=False,
        help_text="一行一个。本机构主办，排在前面。各机关都要会签，公开属性须一致。",
    )
    consulted = OrganisationsField(
        label="另请会签的机关",
        required=False,
        help_text="一行一个。内容涉及的其他机关，不列为发文机关。",
    )
    original_number = forms.CharField(
        label="转发的原文字号", max_length=60, required=False, help_text="转发文件的才填。"
    )
    original_disclosure = forms.ChoiceField(
        label="原文的公开属性",
        required=False,
        choices=[("", "不是转发"), *DISCLOSURES.items()],
        help_text="转发的公开属性须与原文一致。",
    )
    stage = forms.ChoiceField(label="五公开类别", required=False, choices=[UNSET, *STAGES.items()])
    subject = CodeField(SUBJECTS, label="主题分类", blank=UNSET[1])
    validity = forms.ChoiceField(label="有效性", choices=list(VALIDITIES.items()))
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="发布到哪些栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = topics_field()
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
        self.uncertain: Sequence[str] = document.uncertain if document else ()
        offer_codes(self, document)
        organisation = (
            document.organisation
            if document
            else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        site = site_for(organisation)
        fields: dict[str, Any] = self.fields
        for name, note in NEEDED_LATER.items():
            fields[name].note = note
        fields["disclosure_ground"].choices = [
            UNSET,
            *offered(
                timezone.localdate(), kept=document.disclosure_ground if document else "", reasons=reasons()
            ),
        ]  # fmt: skip
        for name in SIGNATORIES:
            fields[name].offered = signatories_for(organisation)
        if site is not None:
            fields["columns"].queryset = open_columns(site)
        offer_topics(self, site, document.topics.all() if document else ())
        if self.uncertain:
            fields["checked"].choices = [(n, FIELD_LABELS.get(n, n)) for n in self.uncertain]
        else:
            del self.fields["checked"]

    def changes(self) -> dict[str, Any]:
        """要改的字段和新值；栏目、专题另给。"""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "seen", "columns", "topics", "checked", "body", *SIGNATORIES)
        }
        text = self.cleaned_data["body"]
        # 浏览器交回的换行是 CRLF；没有动过正文就不动块
        body = self.record.body if self.record else []
        if text.replace("\r\n", "\n").strip() != typed(body).strip():
            values["body"] = retyped(text, self.layout.get("body", body))
        done = set(self.cleaned_data.get("checked", ()))
        values["uncertain"] = [name for name in self.uncertain if name not in done]
        return values

    @property
    def signatories(self) -> dict[str, list[Organisation]]:
        """联合发文的其他机关，和另请会签的。"""
        return {name: list(self.cleaned_data[name]) for name in SIGNATORIES}


class InterpretationPlanForm(RecordForm):
    """一份公文的解读方案，或者不作解读的理由。"""

    outline = forms.CharField(
        label="提纲",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="打算讲清哪几件事：背景依据、目的意义、主要内容、适用范围、标准、期限、新旧差异、惠民举措。",
    )
    channels = forms.MultipleChoiceField(
        label="途径",
        required=False,
        choices=list(CHANNELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    principal = forms.CharField(
        label="第一解读人（主要负责人）",
        required=False,
        max_length=100,
        help_text="姓名、职务。重大行政决策必填：主要负责人带头解读。",
    )
    persons = LinesField(
        label="解读人", required=False, max_length=1000, help_text="一行一人，写姓名、职务。"
    )
    planned_on = forms.DateField(
        label="计划发布的日期",
        required=False,
        widget=date_input(),
        help_text="与文件同步发布，最迟在印发以后的解读期限以内。",
    )
    exemption = forms.CharField(
        label="不作解读的理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="确实不必解读的才填，上面各项都空着。审核人、签发人看得到。",
    )
    # 放在最后：这个名称盖住了模块
    forms = forms.MultipleChoiceField(
        label="形式",
        required=False,
        choices=list(FORMS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = (
        "outline", "forms", "channels", "principal", "persons", "planned_on", "exemption",
    )  # fmt: skip

    @property
    def plan(self) -> Plan:
        """填好的方案。"""
        names = [each.name for each in fields_of(Plan)]
        return Plan(**{name: self.cleaned_data[name] for name in names})


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


class DocumentActionForm(ActionForm):
    """一个动作的表单，要看公文自己的。"""

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        self.record = record
        super().__init__(*args, **kwargs)


class DelegateForm(DocumentActionForm):
    """转请谁办理。"""

    person = forms.ChoiceField(
        label="转请谁办理",
        widget=forms.RadioSelect,
        help_text="列出的都办得了这一步。转给自己，就是收回来办。",
        error_messages={"required": "请选定转请谁办理。"},
    )
    field_order = ("person", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {each.user_id: each.user.display_name for each in holders_of(self.record)}
        own = {self.record.created_by_id}
        fields: dict[str, Any] = self.fields
        fields["person"].choices = [(pk, name) for pk, name in held.items() if pk not in own]

    @property
    def inputs(self) -> dict[str, Any]:
        """转给的人。"""
        return {"person": self.cleaned_data["person"]}


class SeriesField(forms.ModelChoiceField):
    """选一个机关代字；只有一个的就是它。"""

    def offer(self, record: Any) -> None:
        """列出制发机构在用的。"""
        series = series_of(record.organisation)
        self.queryset = series
        found = list(series[:2])
        if len(found) == 1 and self.required:
            self.initial = found[0].pk


class NumberForm(DocumentActionForm):
    """编号：用哪个机关代字。"""

    series = SeriesField(
        NumberSeries.objects.none(),
        label="机关代字",
        empty_label="请选",
        help_text="取这个代字今年的下一个号，不缺不重。还没有登记的，请签发人先在“发文登记簿”里登记。",
        error_messages={"required": "请选定机关代字。"},
    )
    field_order = ("series", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["series"].offer(self.record)

    @property
    def inputs(self) -> dict[str, Any]:
        """机关代字。"""
        return {"series": self.cleaned_data["series"]}


class ReleaseForm(NumberForm):
    """紧急发布：可以当场编号。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["series"].required = False
        fields["series"].initial = None
        fields["series"].empty_label = "不编号"
        fields["series"].help_text = "要当场编号的才选。"
        fields["message"].label = "为什么来不及走完步骤"
        if self.record.document_number:
            del self.fields["series"]

    @property
    def inputs(self) -> dict[str, Any]:
        """机关代字，可以没有。"""
        return {"series": self.cleaned_data.get("series")}


class IssueForm(DocumentActionForm):
    """印发：哪一天。"""

    issued_on = forms.DateField(
        label="印发日期",
        widget=date_input(),
        help_text="主动公开的，自这一天起 20 个工作日内上网（条例第二十六条）。",
        error_messages={"required": "请填印发日期。"},
    )
    field_order = ("issued_on", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = self.record.issued_on or timezone.localdate()

    @property
    def inputs(self) -> dict[str, Any]:
        """印发日期。"""
        return {"issued_on": self.cleaned_data["issued_on"]}


class FairnessForm(DocumentActionForm):
    """公平竞争审查表。"""

    sector = forms.CharField(label="涉及行业领域", max_length=100, required=False)
    nature = forms.ChoiceField(
        label="性质", required=False, choices=list(NATURES.items()), widget=forms.RadioSelect
    )
    reviewed_by = forms.CharField(label="审查机构", max_length=100, required=False)
    opinions = forms.CharField(
        label="听取利害关系人意见的情况",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="时间、方式、对象，提了什么意见，怎样采纳。",
    )
    experts = forms.CharField(
        label="专家咨询意见",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="没有咨询的不填。",
    )
    standards = forms.MultipleChoiceField(
        label="含有下列内容的，勾上",
        required=False,
        choices=list(STANDARDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    conclusion = forms.ChoiceField(
        label="审查结论",
        required=False,
        choices=list(CONCLUSIONS.items()),
        widget=forms.RadioSelect,
    )
    exception = forms.ChoiceField(
        label="适用例外的哪一项", required=False, choices=[("", "不适用"), *EXCEPTIONS.items()]
    )
    alternatives = forms.CharField(
        label="为什么没有影响更小的替代方案",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    term = forms.CharField(label="实施期限或者终止条件", max_length=200, required=False)
    field_order = (
        "sector", "nature", "reviewed_by", "opinions", "experts", "standards", "conclusion",
        "exception", "alternatives", "term", "message",
    )  # fmt: skip

    @property
    def inputs(self) -> dict[str, Any]:
        """审查表。"""
        names = [name for name in self.field_order if name != "message"]
        return {"sheet": {name: self.cleaned_data[name] for name in names}}


class StepsForm(KeyedForm):
    """本机构的公文走哪几步。"""

    steps = forms.MultipleChoiceField(
        label="走哪几步",
        required=False,
        choices=list(STEPS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "没有另定的下级照着走。合法性审核（规范性文件、重大行政决策）、公平竞争审查（涉及经营者的）、"
            "签发是必经的，有会签机关的要会签，都不在这里选。正在走的公文从下一步起照新的。"
        ),
    )


class SeriesForm(KeyedForm):
    """登记一个机关代字。"""

    code = forms.CharField(
        label="机关代字", max_length=20, help_text="例如“某政办发”，不带年份和序号。"
    )
    used = forms.IntegerField(
        label="今年已经用到几号",
        min_value=0,
        initial=0,
        help_text="此前不在本系统编的才填，从下一号接着编。",
    )
