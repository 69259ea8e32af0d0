"""政策解读的表单：起草、修改。"""

from typing import Any

from django import forms
from django.db.models import Q

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.forms import RecordForm
from yangguang.hub.columns.models import Column
from yangguang.hub.columns.selectors import open_columns, site_for
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.naming import NotFound, named_publication
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.publications.selectors import published
from yangguang.sources.documents.interpreting import FORMS
from yangguang.sources.documents.models import OfficialDocument

from .models import Interpretation
from .rules import PARTS

UNSET = ("", "未确定")
NEEDED_LATER = {"stage": "送审前须定", "columns": "发布前须选"}
"""起草时可以先空着、到哪一步前必须有的（转换表的守卫把关）。"""
HELP = {
    "background": "为什么要出这份文件，依据什么。",
    "main": "讲清主要做什么、怎么办。图解、视频等也要写：听不到、看不了的人读得到。",
    "scope": "对谁适用，谁不适用。",
    "standards": "条件、标准、金额，什么时候起、到什么时候止。规范性文件必写。",
    "terms": "不好懂的名词。没有的不写。",
    "changes": "与原来的规定有什么不同。规范性文件必写；首次制定的，写明“首次制定”。",
    "benefits": "群众、企业得到什么。重大决策和声明的政策文件必写。",
}
LONGEST = 20000


class InterpretationForm(RecordForm):
    """起草、修改一份解读；各部分一栏。"""

    about = forms.CharField(
        label="解读哪份文件",
        max_length=600,
        help_text=(
            "本机构的公文写发文字号或者标题全文；已经公开的，也可以写索引号、公开页面的地址，"
            "别的站点的也可以。"
        ),
    )
    title = forms.CharField(label="标题", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    form = forms.ChoiceField(label="形式", choices=list(FORMS.items()))
    interpreters = forms.CharField(
        label="解读人",
        max_length=200,
        required=False,
        help_text="姓名、职务。谁起草谁解读；重大的由主要负责人带头。",
    )
    address = forms.URLField(
        label="作品的地址",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="直播、发布会、网页作品在别处的，写它的网址。图片、视频、音频保存以后加为附件，视频要配字幕。",
        error_messages={"invalid": "请写完整的网址，以 https:// 或 http:// 开头。"},
    )
    is_transcribed = forms.BooleanField(
        label="文字里有文字稿",
        required=False,
        help_text=(
            "视频附件没有字幕的才勾：里面说的话，上面的文字里都写了；没有人说话的，写明了画面。"
        ),
    )
    stage = forms.ChoiceField(label="五公开类别", required=False, choices=[UNSET, *STAGES.items()])
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="发布到哪些栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record: Interpretation | None = self.record
        fields: dict[str, Any] = self.fields
        for code, label in PARTS.items():
            fields[code] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 6 if code == "main" else 3}),
                help_text=HELP.get(code, ""),
            )
        self.order_fields(
            ["about", "title", "form", "interpreters", *PARTS, "address", "is_transcribed"]
        )
        for name, note in NEEDED_LATER.items():
            fields[name].note = note
        organisation = (
            record.organisation
            if record
            else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        site = site_for(organisation)
        if site is not None:
            fields["columns"].queryset = open_columns(site)

    def clean(self) -> dict[str, Any]:
        """认出解读的是哪一份。"""
        values = super().clean()
        if about := values.get("about"):
            try:
                values["found"] = found_subject(about, self.actor)
            except NotFound as error:
                self.add_error("about", error.reason)
        return values

    def changes(self) -> dict[str, Any]:
        """各字段的新值；栏目另给。"""
        values = {
            name: self.cleaned_data[name]
            for name in ("title", "form", "interpreters", "address", "is_transcribed", "stage")
        }
        found = self.cleaned_data["found"]
        is_document = isinstance(found, OfficialDocument)
        return values | {
            "document": found if is_document else None,
            "publication": None if is_document else found,
            "parts": {code: self.cleaned_data[code] for code in PARTS if self.cleaned_data[code]},
        }


def found_subject(about: str, actor: Actor) -> OfficialDocument | Publication:
    """``about`` 说的是哪一份：先在本机构的公文里找，再在公开的信息里找；找不到抛出 ``NotFound``。"""
    about = about.strip()
    own = OfficialDocument.policy.visible(actor).filter(organisation=actor.organisation_id)
    rows = list(own.filter(Q(document_number=about) | Q(title=about))[:2])
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise NotFound(f"本机构有不止一份“{about}”，请写发文字号。")
    publication = named_publication(about, published())
    if publication.kind == "interpretation":
        raise NotFound("这一条本身就是解读，请写它所解读的文件。")
    if publication.source_label == OfficialDocument._meta.label_lower:
        document = own.filter(pk=publication.source_id).first()
        if document is not None:
            return document
    return publication


def named(record: Interpretation) -> str:
    """修改时“解读哪份文件”一栏显示的：认得出同一份的说法。"""
    if record.document is not None:
        return record.document.document_number or record.document.title
    return record.publication.index_number if record.publication else ""
