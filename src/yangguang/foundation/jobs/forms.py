"""作业的表单。"""

from django import forms

from yangguang.foundation.workbench.forms import KeyedForm


class RequeueForm(KeyedForm):
    """放回队列。"""

    note = forms.CharField(
        label="查明的缘由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如“邮件服务器已恢复”。记入审计。",
    )  # fmt: skip
