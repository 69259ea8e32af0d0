"""资金公开的表单：登记、改一笔资金和它的各笔分配。"""

from typing import Any

from django import forms
from django.utils import timezone

from yangguang.foundation.files.tables import UnreadableTable, sheet_of
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm, RecordForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for

from .fields import MOST, FlowsField, MoneyField
from .rules import FIGURES, KINDS
from .selectors import units_offered
from .services import EDITABLE
from .sheet import MOST_LINES, NotFlows, cells_of

NEEDED_LATER = {
    "document_number": "送审前须填", "given_by": "送审前须填", "received_on": "送审前须填",
    "columns": "发布前须选",
}  # fmt: skip
"""起草时可以先空着、到哪一步前必须有的（转换表的守卫把关）。"""


class AskForm(KeyedForm):
    """请各接收单位报数。"""

    report_by = forms.DateField(
        label="请在哪天以前报",
        widget=date_input(),
        help_text="到期没有报的，各单位的“今天要办”里显示已过几个工作日。",
        error_messages={"invalid": "请写成年月日，例如 2026-09-25。"},
    )


def day_field(label: str) -> forms.DateField:
    """一个日期，可不填。"""
    return forms.DateField(
        label=label, required=False, widget=date_input(),
        error_messages={"invalid": "请写成年月日，例如 2026-09-25。"},
    )  # fmt: skip


class FundForm(RecordForm):
    """登记、改一笔资金。"""

    name = forms.CharField(label="资金名称", max_length=200)
    kind = forms.ChoiceField(label="资金种类", choices=list(KINDS.items()))
    year = forms.IntegerField(label="年度", min_value=1949, max_value=9999)
    document_number = forms.CharField(
        label="上级文件文号", max_length=60, required=False, help_text="下达这笔资金的文件的文号。"
    )
    given_by = forms.CharField(
        label="下达单位", max_length=100, required=False, help_text="下达这笔资金的上级单位的全称。"
    )
    purpose = forms.CharField(
        label="用途", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    amount = MoneyField(
        label="收到的金额（元）", help_text="可以写成 1200000、1,200,000.50 或 120万元。"
    )
    received_on = day_field("收到日期")
    paid = MoneyField(
        label="本级直接拨付（元）",
        required=False,
        help_text="没有往下分、由本机构直接拨付到项目、企业、个人的。",
    )
    paid_on = day_field("本级拨付日期")
    used = MoneyField(
        label="本级支出（元）", required=False, help_text="本级拨付的里面已经支出的。"
    )
    used_on = day_field("本级支出日期")
    sheet = forms.FileField(
        label="用表格填各笔分配",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=(
            f"xlsx 或 csv，栏名照下面各格，至少有分配单位、接收单位、分配（元）三栏，最多 {MOST} 笔。记录页上下载的"
            "表格改好了可以再传。传了就以表格为准，代替下面填的各笔。"
        ),
    )
    flows = FlowsField(
        label="各笔分配",
        required=False,
        help_text=(
            "一笔一个接收单位、一个项目，从上到下填。“收到”由接收单位核实，与分配的数一致；“拨付”是它直接拨付到"
            "项目、企业、个人的，“支出”是其中已经支出的。不够填的，先保存，再回来接着填。"
        ),
    )
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label="发布到哪些栏目", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held, fields = self.record, dict[str, Any](self.fields)
        organisation = (
            held.organisation if held else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        for name, note in NEEDED_LATER.items():
            fields[name].note = note
        site = site_for(organisation)
        if site is not None:
            fields["columns"].queryset = open_columns(site)
        fields["flows"].offer(list(units_offered(organisation)))
        if held is None:
            fields["year"].initial = timezone.localdate().year

    def clean(self) -> dict[str, Any]:
        """传了表格的，各笔分配以它为准；读得出而不对的，填进下面各格，照着改。"""
        found = super().clean()
        upload = found.get("sheet")
        if upload is None:
            return found
        try:
            cells = cells_of(sheet_of(upload.read(), MOST_LINES).lines)
        except (UnreadableTable, NotFlows) as error:
            self.add_error("sheet", str(error))
            return found
        if any(map(secret_mark, cells)):
            self.add_error("sheet", "表格里有密级标志，不能在这里填写、上传。")
            return found
        shown: Any = self.data.copy()  # type: ignore[attr-defined]
        shown.setlist("flows", cells)
        self.data = shown
        self.errors.pop("flows", None)
        try:
            found["flows"] = self.fields["flows"].clean(cells)
        except forms.ValidationError as error:
            self.add_error("flows", error)
        return found

    def clean_amount(self) -> int | None:
        """收到的总有一分。"""
        amount: int | None = self.cleaned_data["amount"]
        if amount == 0:
            raise forms.ValidationError("收到的金额是零，请填收到多少元。")
        return amount

    def values(self) -> dict[str, Any]:
        """填好的各项；分配、栏目另给。"""
        return {name: self.cleaned_data[name] for name in EDITABLE}


class ReceiptForm(KeyedForm):
    """接收单位报自己的数。"""

    received = MoneyField(
        label="收到（元）", required=False, help_text="与上级分配的数不同的，照实报，由对方核对。"
    )
    received_on = day_field("收到日期")
    paid = MoneyField(
        label="拨付（元）", required=False,
        help_text="本单位没有再往下分、直接拨付到项目、企业、个人的，到现在为止一共多少。",
    )  # fmt: skip
    paid_on = day_field("拨付日期")
    used = MoneyField(
        label="支出（元）", required=False, help_text="拨付的里面已经支出的，一共多少。"
    )
    used_on = day_field("支出日期")

    def values(self) -> dict[str, Any]:
        """填好的各项。"""
        return {name: self.cleaned_data[name] for name in FIGURES}
