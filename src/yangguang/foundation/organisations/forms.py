"""机构资料的表单：导入表格、更名、合并。"""

from typing import Any

from django import forms

from yangguang.foundation.workbench.fields import UnitsField, date_input
from yangguang.foundation.workbench.forms import KeyedForm

from .models import Organisation


class ImportForm(KeyedForm):
    """导入机构资料。"""

    file = forms.FileField(
        label="表格",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="与导出的一样：机构、名称、沿革、集合词四张表。已有的改，没有的加，没提到的不动。",
    )


class RenameForm(KeyedForm):
    """更名。"""

    name = forms.CharField(label="新的全称", max_length=100)
    short_name = forms.CharField(label="新的简称", max_length=60, required=False)
    on = forms.DateField(label="自哪一天起", widget=date_input())
    note = forms.CharField(label="依据", max_length=300)


class MergeForm(KeyedForm):
    """由这个机构承接别的机构。"""

    predecessors = UnitsField(Organisation.objects.none(), label="被合并的机构")
    on = forms.DateField(label="自哪一天起", widget=date_input())
    note = forms.CharField(label="依据", max_length=300)

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["predecessors"]
        field.queryset = among
