"""转发的表单。"""

from typing import Any

from django import forms

from yangguang.foundation.workbench.forms import KeyedForm
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import columns_of


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
        fields["columns"].queryset = columns_of(site)


class UnshareForm(KeyedForm):
    """为什么停止转发。"""

    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="记入审计和变更日志。那个地址上会写明本站不再转发、原件在哪里。",
        error_messages={"required": "停止转发须写明原因。"},
    )
