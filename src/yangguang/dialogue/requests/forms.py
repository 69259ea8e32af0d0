"""依申请公开的表单：登记一件申请，判断怎样答复，看身份，看哪一年的表三。各步的见 ``step_forms``。"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from yangguang.foundation.files.tables import MAX_BYTES, UnreadableTable, sheet_of
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.residents.rules import PAPERS, USCC, Paper
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm

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
from .models import MOST_DESCRIPTION, RequestFile
from .moving_in import MOST_ROWS, NotACaseTable, Reading, read_cases
from .services import Asked, new_code
from .states import CHANNELS

PERSONAL = frozenset(
    {
        "name", "paper_number", "phone", "address", "postcode", "email", "contact", "agent_name",
        "agent_paper_number", "purpose",
    }
)  # fmt: skip


def day_field(label: str, **given: Any) -> forms.DateField:
    """一个日期，初值是看的这一天。"""
    return forms.DateField(label=label, widget=date_input(), initial=reading_day, **given)


def choices_of(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """代码和名称，供选择。"""
    return list(names.items())


class IntakeForm(RecordForm):
    """登记一件当面、邮寄、传真来的申请。只问条例第二十九条的几项，不问用途。"""

    never_kept = PERSONAL

    channel = forms.ChoiceField(
        label="提出方式", choices=[each for each in choices_of(CHANNELS) if each[0] != "internet"]
    )
    came_on = day_field(
        "到达日期",
        help_text="当面提交的是提交之日，需签收的邮件是签收之日；平常信函、传真收到后还要与申请人确认。",
    )
    is_oral = forms.BooleanField(
        label="口头提出，由我代为填写（书面确有困难的，条例第二十九条）", required=False
    )
    kind = forms.ChoiceField(label="申请人类别", choices=choices_of(KINDS))
    name = forms.CharField(label="姓名或者名称", max_length=NAME_LENGTH)
    paper_kind = forms.ChoiceField(label="身份证明", choices=choices_of(PAPERS))
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
        label="代理人身份证明", choices=choices_of(PERSONAL_PAPERS), required=False
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
    delivery_form = forms.ChoiceField(label="获取信息的形式", choices=choices_of(DELIVERY_FORMS))
    delivery_way = forms.ChoiceField(label="获取信息的途径", choices=choices_of(DELIVERY_WAYS))
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


class MoveInForm(KeyedForm):
    """转入旧案的表。读不成的说明缘由，读成的就是 ``Reading``。"""

    file = forms.FileField(label="旧案的表（xlsx、csv）")
    mode = forms.ChoiceField(
        label="怎样办", initial="try", widget=forms.RadioSelect,
        choices=[("try", "先试一遍，看对不对，什么也不写"), ("write", "转入")],
    )  # fmt: skip

    def clean_file(self) -> Reading:
        """读成一件件。"""
        content = self.cleaned_data["file"].read(MAX_BYTES + 1)
        try:
            sheet = sheet_of(content, MOST_ROWS + 50)
            return read_cases(sheet.lines, reading_day(), since=sheet.since)
        except (UnreadableTable, NotACaseTable) as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
