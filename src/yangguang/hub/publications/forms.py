"""转发的表单。"""

from typing import Any

from django import forms
from django.db.models import QuerySet

from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import KeyedForm
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import open_columns


class SitesField(forms.ModelMultipleChoiceField):
    """勾选几个站点。"""

    def label_from_instance(self, obj: Any) -> str:
        """站点的全称。"""
        return str(obj.name)


class ShareForm(KeyedForm):
    """放在站点的哪些栏目。"""

    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="放在哪些栏目",
        widget=forms.CheckboxSelectMultiple({"class": "choose"}),
        help_text="标题、正文、附件都照原件，改不了；原件更正、撤回，这里跟着变。",
        error_messages={"required": "请选定放在哪个栏目。"},
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["columns"].queryset = open_columns(site)


class OrderForm(KeyedForm):
    """要求哪些下级站点、在哪天之前转发。"""

    sites = SitesField(
        Site.objects.none(),
        label="要求哪些站点",
        widget=forms.CheckboxSelectMultiple({"class": "choose"}),
        error_messages={"required": "请选定要求哪些站点转发。"},
    )
    due_on = forms.DateField(
        label="期限", widget=date_input(), error_messages={"required": "请定下期限。"},
        help_text="当天也算。快到期还没有转发的，在他们“今天要办”的“快到期、已过期的”里。",
    )  # fmt: skip
    note = forms.CharField(
        label="要求", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如放在首页、与本地解读一起转发。放在哪些栏目由那个站点自己定。",
    )  # fmt: skip

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["sites"].queryset = sites


class UnshareForm(KeyedForm):
    """为什么停止转发。"""

    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="记入审计和变更日志。那个地址上会写明本站不再转发、原件在哪里。",
        error_messages={"required": "停止转发须写明原因。"},
    )
