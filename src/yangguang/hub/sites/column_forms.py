"""栏目的表单：开设、修改、调整次序、关闭。"""

from typing import Any

from django import forms

from yangguang.foundation.workbench.forms import KeyedForm
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.policy import sites_edited_by
from yangguang.hub.columns.rules import COLUMN_TYPES, STATUTORY_CONTENT
from yangguang.hub.columns.selectors import open_columns

from .columns import siblings

STAY, FIRST = "stay", "first"
UNSET = ("", "不属于")


class ColumnForm(KeyedForm):
    """栏目是什么。类别用规范用语，写进页面标签（国办发〔2017〕47号附件2）。"""

    name = forms.CharField(label="名称", max_length=60)
    column_type = forms.ChoiceField(
        label="类别",
        choices=[(name, name) for name in COLUMN_TYPES],
        help_text="规范用语，写进页面标签；检查按它判断栏目该不该更新。",
    )
    description = forms.CharField(
        label="设置目的和主要内容", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    keywords = forms.CharField(label="关键词", max_length=200, help_text="几个词，用逗号隔开。")
    statutory_content = forms.ChoiceField(
        label="法定主动公开内容",
        required=False,
        choices=[
            UNSET, *((code, f"第{code[3:]}项 {name}") for code, name in STATUTORY_CONTENT.items())
        ],
        help_text="条例第二十条的哪一项在这里公开。",
    )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """填好的各项。"""
        return {
            name: self.cleaned_data[name]
            for name in ("name", "column_type", "description", "keywords", "statutory_content")
        }


class OpenColumnForm(ColumnForm):
    """开设：另定放在哪里、地址代码。"""

    place = forms.ChoiceField(
        label="放在哪里", help_text="排在那一级的最后，开设以后可以调整次序。"
    )
    code = forms.SlugField(
        label="地址代码",
        max_length=60,
        help_text="小写字母、数字和短横，例如 yingji-guanli；开设后不能改。",
        error_messages={"invalid": "地址代码只能用小写字母、数字和短横。"},
    )
    field_order = ("place", "name", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites: dict[int, Site] = {site.pk: site for site in sites_edited_by(self.actor)}
        self.columns: dict[int, Column] = {}
        groups = []
        for site in self.sites.values():
            columns = list(open_columns(site))
            self.columns |= {column.pk: column for column in columns}
            groups.append(
                (
                    site.name,
                    [
                        (f"site:{site.pk}", "一级栏目"),
                        *((f"column:{c.pk}", f"{'　' * c.depth}{c.name} 之下") for c in columns),
                    ],
                )
            )
        fields: dict[str, Any] = self.fields
        fields["place"].choices = groups[0][1] if len(groups) == 1 else groups

    def clean_code(self) -> str:
        """代码只用小写。"""
        code: str = self.cleaned_data["code"]
        if code != code.lower() or "_" in code:
            raise forms.ValidationError("地址代码只能用小写字母、数字和短横。")
        return code

    @property
    def chosen(self) -> tuple[Site, Column | None]:
        """选定的站点和上级栏目。"""
        kind, _, number = self.cleaned_data["place"].partition(":")
        if kind == "site":
            return self.sites[int(number)], None
        column = self.columns[int(number)]
        return self.sites[column.site_id], column


class ReorderForm(KeyedForm):
    """排在同一级的哪一个之后。"""

    after = forms.ChoiceField(label="排在")

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beside = {str(each.pk): each for each in siblings(column)}
        before = [pk for pk, each in self.beside.items() if each.path < column.path]
        fields: dict[str, Any] = self.fields
        fields["after"].choices = [
            (FIRST, "最前面"),
            *((pk, f"“{each.name}”之后") for pk, each in self.beside.items()),
        ]
        fields["after"].initial = before[-1] if before else FIRST

    @property
    def chosen(self) -> Column | None:
        """排在它之后；最前面为空。"""
        return self.beside.get(self.cleaned_data["after"])


class CloseColumnForm(KeyedForm):
    """为什么关，里面的信息去哪里。"""

    into = forms.ChoiceField(
        label="里面的信息",
        help_text="留在原处的，栏目页注明已经关闭，信息照样看得到、检索得到；移走的，栏目页上写明移到了哪里。"
        "不论哪一种，各条信息的地址都不变。",
    )
    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "关闭栏目须写明原因。"},
    )

    def __init__(self, *args: Any, column: Column, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {
            str(each.pk): each for each in open_columns(column.site).exclude(pk=column.pk)
        }
        fields: dict[str, Any] = self.fields
        fields["into"].choices = [
            ("", "请选择"),
            (STAY, "留在原处"),
            *(
                (pk, f"移到：{'　' * (each.depth - 1)}{each.name}")
                for pk, each in self.others.items()
            ),
        ]

    @property
    def chosen(self) -> Column | None:
        """移到哪个栏目；留在原处为空。"""
        return self.others.get(self.cleaned_data["into"])
