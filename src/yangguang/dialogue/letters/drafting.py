"""文书的表单：起草各种文书要填的不一样，照种类列出；送出、送达、随附文件。"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from yangguang.dialogue.requests.fees import METHODS
from yangguang.dialogue.requests.forms import day_field
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.selectors import ordinal_in_month
from yangguang.foundation.calendar.deadlines import LONGEST_EXTENSION
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import LinesField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm

from .circulation import WAYS
from .kinds import ORGAN, THIRD_PARTY, Kind
from .models import CaseLetter

LONGEST = 4000
HELP: Mapping[str, str] = {
    "reasons": "让申请人看得明白：是什么情形，为什么符合这一条。不写救济途径，不写结论，那些由规则生成。",
    "harm": "公开会造成什么具体的危害。",
    "severability": "能不能去掉不予公开的部分，提供其余的内容。",
    "demand": "逐条写明要对方办什么、征求意见的是哪一份信息。不写申请人是谁。",
    "payment": "到哪里、怎样缴纳，缴入同级国库，开具财政票据。",
}


class LetterForm(RecordForm):
    """起草、修改一份文书。``kind`` 决定填哪几项。"""

    way = forms.ChoiceField(label="怎样送达", choices=list(WAYS.items()))
    copies = forms.CharField(label="抄送", max_length=200, required=False)

    def __init__(self, *args: Any, kind: Kind, request: DisclosureRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind.addressee in (THIRD_PARTY, ORGAN):
            self.fields["addressee"] = forms.CharField(label="给谁", max_length=100)
        for name, made in _terms(kind, request).items():
            self.fields[name] = made
        for slot in kind.slots:
            if slot.written and not (kind.code == "clarification" and slot.name == "demand"):
                self.fields[slot.name] = forms.CharField(
                    label=slot.label, required=False, max_length=LONGEST,
                    widget=forms.Textarea(attrs={"rows": 5}), help_text=HELP.get(slot.name, ""),
                )  # fmt: skip
        self.order_fields(
            ["key", "seen", "addressee", *_terms(kind, request), *kind.editable, "way"]
        )

    def clean(self) -> dict[str, Any]:
        """期限在今天以后。"""
        values = super().clean()
        until = values.get("until")
        if isinstance(until, date) and until <= reading_day():
            self.add_error("until", "期限须在今天以后。")
        return values

    @property
    def values(self) -> dict[str, Any]:
        """写的各部分，这一份的各项，给谁，怎样送达。"""
        data = self.cleaned_data
        terms = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in data.items()
            if name in TERMS and value not in (None, "", [])
        }
        return {
            "written": {
                name: data[name].strip() for name in self.kind.editable if data.get(name, "").strip()
            },
            "terms": terms,
            "addressee": data.get("addressee", "").strip(),
            "way": data["way"],
            "copies": data["copies"].strip(),
        }  # fmt: skip


TERMS = frozenset({"items", "until", "days", "method", "quantity"})


def _terms(kind: Kind, request: DisclosureRequest) -> dict[str, forms.Field]:
    """这种文书另填的各项。"""
    match kind.code:
        case "clarification":
            return {
                "items": LinesField(
                    label="需要补正的事项", widget=forms.Textarea(attrs={"rows": 4}),
                    help_text="一行一条，一次写全：补正只能要求一次（条例第三十条）。",
                ),
                "until": forms.DateField(label="补正的期限", widget=date_input()),
            }  # fmt: skip
        case "extension":
            return {
                "days": forms.IntegerField(
                    label="延长几个工作日", min_value=1, max_value=LONGEST_EXTENSION,
                    help_text="最长 20 个工作日，只能延长一次；签发就是负责人同意。",
                )
            }  # fmt: skip
        case "reason_inquiry":
            return {"until": forms.DateField(label="请在哪天以前说明", widget=date_input())}
        case "delayed_reply":
            return {"until": forms.DateField(label="延迟到哪一天答复", widget=date_input())}
        case "assistance":
            return {"until": forms.DateField(label="请在哪天以前回复", widget=date_input())}
        case "fee_notice":
            return {
                "method": forms.ChoiceField(
                    label="计算方式", choices=list(METHODS.items()), widget=forms.RadioSelect
                ),
                "quantity": forms.IntegerField(
                    label="按件的是本月第几件，按量的是多少页", min_value=1, max_value=100_000,
                    help_text=f"这是同一申请人本月的第 {ordinal_in_month(request)} 件。",
                ),
            }  # fmt: skip
        case _:
            return {}


def initial_of(letter: CaseLetter) -> dict[str, Any]:
    """一份文书现在的值。"""
    return {
        **letter.terms, **letter.written, "addressee": letter.addressee, "way": letter.way,
        "copies": letter.copies,
    }  # fmt: skip


class SendForm(ActionForm):
    """送出。"""

    sent_on = day_field(
        "送出的日期", help_text="邮寄的是交邮之日，当面的是签收之日，电子的是发出之日。"
    )
    mail_number = forms.CharField(label="邮件号", max_length=40, required=False)
    is_postal = forms.BooleanField(label="经邮政企业寄送，没有用其他快递、没有到付", required=False)
    field_order = ("sent_on", "mail_number", "is_postal", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """哪天、邮件号、是不是邮政企业。"""
        names = ("sent_on", "mail_number", "is_postal")
        return {name: self.cleaned_data[name] for name in names}


class DeliveredForm(ActionForm):
    """送达。"""

    delivered_on = day_field("送达的日期")
    field_order = ("delivered_on", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label, self.fields["message"].required = "凭据", True
        self.fields["message"].help_text = "谁签收的、回执在哪里、邮件查询的结果。"

    @property
    def inputs(self) -> Mapping[str, Any]:
        """哪天送达。"""
        return {"delivered_on": self.cleaned_data["delivered_on"]}


class EncloseForm(KeyedForm):
    """随附一份文件。"""

    title = forms.CharField(
        label="名称", max_length=200, required=False, help_text="不写的用文件的名称。"
    )
    file = forms.FileField(label="文件", help_text="要遮盖的先做成遮盖件，再附遮盖好的一份。")
