"""依申请公开的表单：登记一件申请，和办理的各步。"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from yangguang.foundation.calendar.deadlines import LONGEST_EXTENSION
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.residents.rules import PAPERS, USCC, Paper
from yangguang.foundation.workbench.fields import LinesField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm

from .applicants import (
    ADDRESS_LENGTH,
    CONTACT_LENGTH,
    DELIVERY_FORMS,
    DELIVERY_WAYS,
    KINDS,
    NAME_LENGTH,
    NATURAL,
    PERSONAL_PAPERS,
    Agent,
    Applicant,
    faults,
)
from .deciding import ASKED_WHEN, QUESTIONS, STEPS, TEXTS, WRITTEN_IN
from .fees import METHODS
from .models import MOST_DESCRIPTION, ReasonInquiry, RequestFile
from .rules import CHANNELS
from .services import Asked, new_code

PERSONAL = frozenset(
    {
        "name", "paper_number", "phone", "address", "postcode", "email", "contact", "agent_name",
        "agent_paper_number", "purpose",
    }
)  # fmt: skip


def day_field(label: str, **given: Any) -> forms.DateField:
    """一个日期，初值是看的这一天。"""
    return forms.DateField(label=label, widget=date_input(), initial=reading_day, **given)


def _choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(names.items())


class IntakeForm(RecordForm):
    """登记一件当面、邮寄、传真来的申请。只问条例第二十九条的几项，不问用途。"""

    never_kept = PERSONAL

    channel = forms.ChoiceField(
        label="提出方式", choices=[each for each in _choices(CHANNELS) if each[0] != "internet"]
    )
    came_on = day_field(
        "到达日期",
        help_text="当面提交的是提交之日，需签收的邮件是签收之日；平常信函、传真收到后还要与申请人确认。",
    )
    is_oral = forms.BooleanField(
        label="口头提出，由我代为填写（书面确有困难的，条例第二十九条）", required=False
    )
    kind = forms.ChoiceField(label="申请人类别", choices=_choices(KINDS))
    name = forms.CharField(label="姓名或者名称", max_length=NAME_LENGTH)
    paper_kind = forms.ChoiceField(label="身份证明", choices=_choices(PAPERS))
    paper_number = forms.CharField(label="证件号码", max_length=30)
    contact = forms.CharField(
        label="联系人", max_length=CONTACT_LENGTH, required=False, help_text="单位提出的须填。"
    )
    phone = forms.CharField(label="联系电话", max_length=30)
    address = forms.CharField(label="通信地址", max_length=ADDRESS_LENGTH, required=False)
    postcode = forms.CharField(label="邮政编码", max_length=6, required=False)
    email = forms.EmailField(label="电子邮箱", required=False)
    agent_name = forms.CharField(
        label="代理人姓名", max_length=NAME_LENGTH, required=False,
        help_text="委托他人提出的才填；须查验委托证明和双方的身份证明。",
    )  # fmt: skip
    agent_paper_kind = forms.ChoiceField(
        label="代理人身份证明", choices=_choices(PERSONAL_PAPERS), required=False
    )
    agent_paper_number = forms.CharField(label="代理人证件号码", max_length=30, required=False)
    subject = forms.CharField(
        label="所需信息的名称", max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    document_number = forms.CharField(label="文号", max_length=100, required=False)
    description = forms.CharField(
        label="便于查询的其他特征性描述", max_length=MOST_DESCRIPTION, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    delivery_form = forms.ChoiceField(label="获取信息的形式", choices=_choices(DELIVERY_FORMS))
    delivery_way = forms.ChoiceField(label="获取信息的途径", choices=_choices(DELIVERY_WAYS))
    query_code = forms.CharField(widget=forms.HiddenInput, max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["query_code"].initial = new_code

    def clean(self) -> dict[str, Any]:
        """申请人这一部分逐项查；到达日期不在今天以后。"""
        values = super().clean()
        if self.errors:
            return values
        if values["kind"] != NATURAL and values["paper_kind"] not in (USCC,):
            values["paper_kind"] = USCC
        for name, fault in faults(self.applicant(values), values["delivery_way"]).items():
            self.add_error(name, fault)
        if values["came_on"] > reading_day():
            self.add_error("came_on", "到达日期还没有到。")
        if values["is_oral"] and values["channel"] != "counter":
            self.add_error("is_oral", "口头提出的是当面的申请，请把提出方式选作当面提交。")
        return values

    def applicant(self, values: Mapping[str, Any]) -> Applicant:
        """所填的申请人。"""
        agent = None
        if values["agent_name"]:
            paper = Paper(values["agent_paper_kind"], values["agent_paper_number"].strip().upper())
            agent = Agent(values["agent_name"].strip(), paper)
        return Applicant(
            values["kind"], values["name"].strip(),
            Paper(values["paper_kind"], values["paper_number"].strip().upper()), values["phone"].strip(),
            values["address"].strip(), values["postcode"].strip(), values["email"].strip(),
            values["contact"].strip(), agent,
        )  # fmt: skip

    @property
    def asked(self) -> Asked:
        """申请的内容。"""
        values = self.cleaned_data
        return Asked(
            values["subject"].strip(), values["description"].strip(), values["delivery_form"],
            values["delivery_way"], values["document_number"].strip(),
        )  # fmt: skip


class ConfirmForm(ActionForm):
    """与申请人确认收到。"""

    never_kept = frozenset({"evidence", "message"})

    confirmed_on = day_field("双方确认的日期")
    evidence = forms.CharField(
        label="怎样确认的", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="打给哪个号码、谁接的、说了什么；电话录音、短信截图可以加在材料里。",
    )  # fmt: skip
    field_order = ("confirmed_on", "evidence", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """守卫和后果要看的。"""
        return {name: self.cleaned_data[name] for name in ("confirmed_on", "evidence")}


class AssignForm(ActionForm):
    """登记分办。"""

    inner_office = forms.CharField(label="承办科室", max_length=60, required=False)
    is_public_health = forms.BooleanField(label="公共卫生类（优先办理、单独统计）", required=False)
    field_order = ("inner_office", "is_public_health", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """承办科室，是不是公共卫生类。"""
        return {name: self.cleaned_data[name] for name in ("inner_office", "is_public_health")}


class SplitForm(ActionForm):
    """按一事一申请拆开。"""

    parts = LinesField(
        label="各件所需的信息",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一件，至少两件。",
    )
    field_order = ("parts", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """拆成哪几件。"""
        return {"parts": self.cleaned_data["parts"]}


class AskCorrectionForm(ActionForm):
    """告知补正。"""

    items = LinesField(
        label="需要补正的事项", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一条，一次写全：补正只能要求一次（条例第三十条）。",
    )  # fmt: skip
    until = forms.DateField(label="补正的期限", widget=date_input())
    sent_on = day_field("告知的日期")
    field_order = ("items", "until", "sent_on", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """事项、期限、告知之日。"""
        return {name: self.cleaned_data[name] for name in ("items", "until", "sent_on")}


class CorrectForm(ActionForm):
    """收到补正。"""

    corrected_on = day_field("收到补正的日期")
    answer = forms.CharField(
        label="补正的内容", max_length=MOST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("corrected_on", "answer", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """收到之日和内容。"""
        return {name: self.cleaned_data[name] for name in ("corrected_on", "answer")}


class ConsultForm(ActionForm):
    """征求第三方或者其他机关的意见。"""

    never_kept = frozenset({"name"})

    kind = forms.ChoiceField(
        label="向谁征求",
        choices=[
            ("third_party", "第三方（条例第三十二条；逾期不表示意见，由本机关决定）"),
            ("agency", "共同制作该信息的机关（条例第三十四条；逾期视为同意公开）"),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="名称或者姓名", max_length=100)
    sent_on = day_field("征求意见书发出的日期")
    delivered_on = forms.DateField(
        label="对方收到的日期", widget=date_input(), required=False,
        help_text="15 个工作日自对方收到次日起算；还没有送到的，送到以后再记。",
    )  # fmt: skip
    field_order = ("kind", "name", "sent_on", "delivered_on", "message")

    def clean(self) -> dict[str, Any]:
        """日期前后相合，不在今天以后。"""
        values: dict[str, Any] = super().clean() or {}
        sent, got = values.get("sent_on"), values.get("delivered_on")
        if sent and sent > reading_day():
            self.add_error("sent_on", "发出的日期还没有到。")
        if sent and got and not sent <= got <= reading_day():
            self.add_error("delivered_on", "对方收到的日期须在发出以后、今天以前。")
        return values

    @property
    def inputs(self) -> Mapping[str, Any]:
        """向谁、哪天发出、哪天收到。"""
        return {k: self.cleaned_data[k] for k in ("kind", "name", "sent_on", "delivered_on")}


class HearForm(KeyedForm):
    """记下一方的意见，或者它收到征求意见书的日期。``answers`` 是可以选的结果。"""

    never_kept = frozenset({"opinion"})

    delivered_on = forms.DateField(
        label="对方收到征求意见书的日期", widget=date_input(), required=False
    )
    answer = forms.ChoiceField(label="结果", required=False)
    settled_on = forms.DateField(label="收到意见的日期", widget=date_input(), required=False)
    opinion = forms.CharField(
        label="意见和理由", max_length=MOST_DESCRIPTION, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, answers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["answer"].choices = [("", "还没有意见，只记收到的日期"), *answers.items()]

    def clean(self) -> dict[str, Any]:
        """两样里至少记一样；有意见的须有日期。"""
        values: dict[str, Any] = super().clean() or {}
        answer = values.get("answer")
        if not answer and not values.get("delivered_on"):
            raise forms.ValidationError("请记下对方收到的日期，或者对方的意见。")
        if answer in ("agrees", "objects") and not values.get("settled_on"):
            self.add_error("settled_on", "请填写收到意见的日期。")
        return values


class AskReasonForm(ActionForm):
    """要求说明理由。"""

    asked_on = day_field("要求说明理由的日期")
    until = forms.DateField(label="请在哪天以前说明", widget=date_input())
    field_order = ("asked_on", "until", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """要求之日，期限。"""
        return {name: self.cleaned_data[name] for name in ("asked_on", "until")}


class GiveReasonForm(ActionForm):
    """收到申请人说明的理由。"""

    answered_on = day_field("收到说明的日期")
    answer = forms.CharField(
        label="申请人的说明", max_length=MOST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("answered_on", "answer", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """收到之日和说明。"""
        return {name: self.cleaned_data[name] for name in ("answered_on", "answer")}


class JudgeForm(KeyedForm):
    """认定理由合不合理。"""

    verdict = forms.ChoiceField(
        label="认定", choices=list(ReasonInquiry.VERDICTS.items()), widget=forms.RadioSelect
    )
    grounds = forms.CharField(
        label="认定的缘由", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DelayForm(ActionForm):
    """依第三十五条延迟答复。"""

    until = forms.DateField(label="延迟到哪一天答复", widget=date_input())
    field_order = ("until", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """延迟到哪一天。"""
        return {"until": self.cleaned_data["until"]}


class ExtendForm(ActionForm):
    """负责人同意延长。"""

    days = forms.IntegerField(label="延长几个工作日", min_value=1, max_value=LONGEST_EXTENSION)
    told_on = day_field("告知申请人的日期", help_text="须在原期限届满以前告知。")
    field_order = ("days", "told_on", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label, self.fields["message"].required = "理由", True

    @property
    def inputs(self) -> Mapping[str, Any]:
        """几个工作日，谁同意的，哪天告知。"""
        return {
            "days": self.cleaned_data["days"],
            "told_on": self.cleaned_data["told_on"],
            "approved_by": self.actor.user_id,
        }


class ChargeForm(ActionForm):
    """发收费通知。金额照标准算。"""

    method = forms.ChoiceField(
        label="计算方式", choices=_choices(METHODS), widget=forms.RadioSelect,
        help_text="一件申请只能选一种，不得同时按两种重复计算。",
    )  # fmt: skip
    quantity = forms.IntegerField(
        label="按件的是本月第几件，按量的是多少页", min_value=1, max_value=100_000
    )
    notified_on = day_field("收费通知发出的日期")
    delivered_on = forms.DateField(
        label="申请人收到通知的日期", widget=date_input(), required=False,
        help_text="缴费的 20 个工作日自收到次日起算；还没有送到的，送到以后再记。",
    )  # fmt: skip
    field_order = ("method", "quantity", "notified_on", "delivered_on", "message")


class PayForm(ActionForm):
    """收到缴费。"""

    paid_on = day_field("缴费的日期")
    voucher = forms.CharField(label="财政票据号", max_length=60, required=False)
    field_order = ("paid_on", "voucher", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """缴费之日，票据号。"""
        return {name: self.cleaned_data[name] for name in ("paid_on", "voucher")}


class FeeDeliveredForm(KeyedForm):
    """申请人收到收费通知的日期。"""

    on = day_field("申请人收到收费通知的日期")


class ReplyForm(ActionForm):
    """记下答复。走到哪一种答复由七步判断定。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].required = True
        self.fields["message"].label = "线下答复书的文号和凭据"
        self.fields["message"].help_text = "在系统里拟的答复书送出时自动记，不在这里记。"

    replied_on = day_field(
        "答复的日期",
        help_text="邮寄的是交邮之日（须经邮政企业），当面的是签收之日，电子的是发出之日。",
    )
    field_order = ("replied_on", "message")


class DeliverForm(ActionForm):
    """记下送达。"""

    delivered_on = day_field("送达的日期")
    field_order = ("delivered_on", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """送达之日。"""
        return {"delivered_on": self.cleaned_data["delivered_on"]}


class AttemptForm(KeyedForm):
    """联系申请人的一次尝试。"""

    never_kept = frozenset({"note"})

    on = day_field("联系的日期")
    note = forms.CharField(
        label="怎样联系、结果怎样", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SearchForm(KeyedForm):
    """一次检索。"""

    scope = forms.CharField(
        label="范围", max_length=300, help_text="哪些年份、哪些门类的档案和系统。"
    )
    words = forms.CharField(label="关键词", max_length=200)
    places = forms.CharField(
        label="在哪里找", max_length=300, help_text="哪些科室、档案室、业务系统。"
    )
    way = forms.CharField(
        label="怎样检索", max_length=200, help_text="如“人工查阅档案目录，系统全文检索”。"
    )
    found = forms.CharField(label="结果", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    searched_on = day_field("检索的日期")

    @property
    def values(self) -> dict[str, Any]:
        """各项。"""
        return {k: v for k, v in self.cleaned_data.items() if k != "key"}


class ShowForm(KeyedForm):
    """显示申请人的身份：写明用途。"""

    purpose = forms.CharField(
        label="为什么要看", max_length=200, help_text="写明用途，如“打电话确认收到”。每次都入审计。"
    )


class DecideForm(KeyedForm):
    """七步判断。各问的答案和所写的理由；走不到的问题不看。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.code] = forms.ChoiceField(
                label=question.label, required=False, widget=forms.RadioSelect,
                choices=[
                    (each.code, f"{each.label}（{each.basis}）" if each.basis else each.label)
                    for each in question.options
                ],
                help_text=question.help,
            )  # fmt: skip
        for name, label in TEXTS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=MOST_DESCRIPTION,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @property
    def stepped(self) -> list[tuple[str, list[tuple[forms.BoundField, str]]]]:
        """七步各自的各项，和什么答案之后才用得着它（没有脚本的都显示）。"""
        found: dict[str, list[tuple[forms.BoundField, str]]] = {step: [] for step in STEPS}
        for question in QUESTIONS:
            found[question.step].append((self[question.code], ASKED_WHEN.get(question.code, "")))
        for name in TEXTS:
            found[WRITTEN_IN[name]].append((self[name], ASKED_WHEN.get(name, "")))
        return [(step, fields) for step, fields in found.items() if fields]

    @property
    def answers(self) -> dict[str, str]:
        """各问的答案和所写的。"""
        return {k: str(v) for k, v in self.cleaned_data.items() if k != "key" and v}


class YearForm(forms.Form):
    """看哪一年、截至哪一天的表三。"""

    year = forms.IntegerField(label="年度", min_value=2019, max_value=2100)
    until = forms.DateField(label="假如年底就是", widget=date_input(), required=False)

    def clean_until(self) -> date | None:
        """截至的日子在那一年里。"""
        until: date | None = self.cleaned_data["until"]
        year = self.cleaned_data.get("year")
        if until and year and until.year != year:
            raise forms.ValidationError("要在那一年里。")
        return until


class MaterialForm(KeyedForm):
    """添一份材料。"""

    kind = forms.ChoiceField(label="种类", choices=list(RequestFile.KINDS.items()))
    file = forms.FileField(label="文件")
