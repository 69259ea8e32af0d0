"""站点的表单：名称和标识，临时下线、关停的申请、批准，迁移。"""

from collections.abc import Mapping
from typing import Any

from django import forms

from yangguang.foundation.theme.colours import accent_faults
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import ActionForm, RecordForm
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import open_columns

MARKS = (
    "name", "short_name", "undertaken_by", "contact", "icp_number", "police_number", "supports_ipv6",
    "party_mark_url", "fault_report_url", "accent",
)  # fmt: skip
"""可以改的：名称、页脚的标识、主色。域名和标识码随备案走，不在这里改。"""


class ColourBox(forms.ColorInput):
    """选颜色的框。它总有一个颜色，HTML 不许再写“必填”。"""

    def use_required_attribute(self, initial: object) -> bool:
        """不写。"""
        return False


class MarksFields(forms.Form):
    """名称、页脚的标识、主色。"""

    name = forms.CharField(
        label="规范名称",
        max_length=80,
        help_text="以行政区划或部门的名称命名（国办发〔2017〕47号）。",
    )
    short_name = forms.CharField(label="地名或简称", max_length=40)
    undertaken_by = forms.CharField(label="承办单位", max_length=80, required=False)
    contact = forms.CharField(
        label="联系方式", max_length=120, required=False, help_text="印在每一页的页脚。"
    )
    icp_number = forms.CharField(label="互联网信息服务备案号", max_length=60, required=False)
    police_number = forms.CharField(label="公安备案号", max_length=60, required=False)
    supports_ipv6 = forms.BooleanField(label="支持第六版互联网协议", required=False)
    party_mark_url = forms.URLField(
        label="党政机关网站标识的核验地址", required=False, assume_scheme="https"
    )
    fault_report_url = forms.URLField(
        label="“我为政府网站找错”的地址", required=False, assume_scheme="https"
    )
    accent = forms.CharField(
        label="主色",
        widget=ColourBox,
        help_text="全站只用一种主色；亮、暗两种背景上都要看得清。",
    )

    def clean_accent(self) -> str:
        """看不清的颜色不行。"""
        accent: str = self.cleaned_data["accent"].upper()
        if faults := accent_faults(accent):
            raise forms.ValidationError(faults)
        return accent


class SiteForm(MarksFields, RecordForm):
    """改一个站点的名称和标识。"""

    @property
    def marks(self) -> dict[str, Any]:
        """填好的各项。"""
        return {name: self.cleaned_data[name] for name in MARKS}


class AskOfflineForm(ActionForm):
    """申请临时下线：为什么，哪天恢复。"""

    until = forms.DateField(label="预计恢复的日期", widget=date_input())
    field_order = ("until", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """恢复的日期。"""
        return {"until": self.cleaned_data["until"]}


class AskClosingForm(ActionForm):
    """申请关停：为什么，内容迁到哪里。"""

    successor = forms.ModelChoiceField(
        Site.objects.none(),
        label="内容迁到",
        empty_label="请选择",
        help_text="已经公开的信息全部迁到那个站点，公告里写明新的网址。",
        error_messages={"required": "请选定内容迁到哪个站点。"},
    )
    field_order = ("successor", "message")

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["successor"].queryset = (
            Site.objects.filter(state="running")
            .exclude(pk=site.pk)
            .select_related("organisation")
            .order_by("pk")
        )

    @property
    def inputs(self) -> Mapping[str, Any]:
        """接收的站点。"""
        return {"successor": self.cleaned_data["successor"]}


class ApprovalForm(ActionForm):
    """批准：批准的文件、备案的情况。"""

    approval = forms.CharField(
        label="批准文件的文号", max_length=120, help_text="写在公告里，例如 州政办函〔2020〕15号。"
    )
    filing = forms.CharField(
        label="报送系统备案",
        max_length=120,
        help_text="在全国政府网站信息报送系统提交的日期、编号。没有备案就下线的，检查按不合格算。",
    )
    field_order = ("approval", "filing", "message")

    @property
    def inputs(self) -> Mapping[str, Any]:
        """批准和备案。"""
        return {name: self.cleaned_data[name] for name in ("approval", "filing")}


class MigrateForm(ActionForm):
    """迁移：没有同样栏目的放到哪里。"""

    fallback = forms.ModelChoiceField(
        Column.objects.none(),
        label="没有同样栏目的信息放到",
        empty_label="请选择",
        help_text="代码相同的、承担同一项法定内容的栏目自动对上；对不上的放在这里选的栏目，以后可以再换。",
        error_messages={"required": "请选定没有同样栏目的信息放到哪里。"},
    )
    field_order = ("fallback", "message")

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if site.successor is not None:
            fields["fallback"].queryset = open_columns(site.successor)

    @property
    def inputs(self) -> Mapping[str, Any]:
        """选定的栏目。"""
        return {"fallback": self.cleaned_data["fallback"]}
