"""开设站点的表单：申请，批准。"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from yangguang.foundation.accounts.selectors import organisations_within
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.theme.colours import ACCENT
from yangguang.foundation.workbench.forms import RecordForm
from yangguang.hub.columns.models import check_identification_code

from .packaged import site_templates
from .site_forms import MARKS, ApprovalForm, MarksFields

OWN = (
    "organisation", "template", "code", "domain", "path_prefix", "identification_code", "reason",
    "exception",
)  # fmt: skip


class OpeningForm(MarksFields, RecordForm):
    """一个新站点：谁办的，用哪个模板，网址、名称和标识。"""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="主办单位",
        empty_label="请选择",
        help_text="还没有网站的单位；一个单位最多开设一个。",
    )
    template = forms.ChoiceField(label="模板", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="为什么开设", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    exception = forms.CharField(
        label="原则上不开设的，依据",
        max_length=300,
        required=False,
        help_text="乡镇街道、县级部门原则上不开设网站；确需开设的写明依据。",
    )
    code = forms.SlugField(
        label="代码",
        max_length=40,
        help_text="小写字母、数字和短横，例如 yongjing；开通后不能改。",
        error_messages={"invalid": "代码只能用小写字母、数字和短横。"},
    )
    domain = forms.CharField(label="域名", max_length=100)
    path_prefix = forms.CharField(
        label="路径前缀",
        max_length=40,
        required=False,
        help_text="放在已有站点的域名下的填，例如 yongjing；有自己的域名的空着。",
    )
    identification_code = forms.CharField(
        label="网站标识码", max_length=10, help_text="6 位行政区划代码加 4 位序号。"
    )
    field_order = (
        "organisation", "template", "reason", "exception", "name", "short_name", "code", "domain",
        "path_prefix", "identification_code",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        own = [self.record.organisation_id] if self.record else []
        fields["organisation"].queryset = organisations_within(self.actor).filter(
            site__isnull=True
        ) | Organisation.objects.filter(pk__in=own)
        fields["template"].choices = [
            (each.code, format_html("{}（{} 个栏目）：{}", each.name, each.count, each.about))
            for each in site_templates().values()
        ]
        fields["accent"].initial = ACCENT

    def clean_code(self) -> str:
        """代码只用小写。"""
        code: str = self.cleaned_data["code"]
        if code != code.lower() or "_" in code:
            raise ValidationError("代码只能用小写字母、数字和短横。")
        return code

    def clean_domain(self) -> str:
        """域名只用小写。"""
        domain: str = self.cleaned_data["domain"].strip().lower()
        return domain

    def clean_path_prefix(self) -> str:
        """前缀两头不写斜杠。"""
        prefix: str = self.cleaned_data["path_prefix"].strip("/ ")
        return prefix

    def clean_identification_code(self) -> str:
        """标识码合格式。"""
        code: str = self.cleaned_data["identification_code"]
        check_identification_code(code)
        return code

    @property
    def values(self) -> dict[str, Any]:
        """填好的各项。"""
        return {name: self.cleaned_data[name] for name in (*OWN, *MARKS)}


class OpenForm(ApprovalForm):
    """批准开通：另写安全检测。"""

    security_test = forms.CharField(
        label="安全检测",
        max_length=120,
        help_text="检测机构和报告编号。没有通过安全检测的不得上线（国办发〔2017〕47号）。",
    )
    field_order = ("approval", "filing", "security_test", "message")  # type: ignore[assignment]

    @property
    def inputs(self) -> Mapping[str, Any]:
        """批准、备案、检测。"""
        return {**super().inputs, "security_test": self.cleaned_data["security_test"]}
