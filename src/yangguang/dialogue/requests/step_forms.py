"""办理各步的表单。"""

from collections.abc import Mapping
from typing import Any

from django import forms

from yangguang.foundation.calendar.deadlines import LONGEST_EXTENSION
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import LinesField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm

from .fees import METHODS
from .forms import choices_of, day_field
from .models import MOST_DESCRIPTION, ReasonInquiry


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
        label="计算方式", choices=choices_of(METHODS), widget=forms.RadioSelect,
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
