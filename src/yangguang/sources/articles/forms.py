"""稿件的表单：起草、修改、挂附件，换栏目，置顶，定审签步骤。"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.urls import reverse
from django.utils.html import format_html

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.codes.forms import CodeField, offer_codes
from yangguang.foundation.library.choosing import LibraryField, offer
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.fields import RichTextField
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.columns.selectors import open_columns, site_for
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.topics.choosing import offer_topics, topics_field

from .models import Article
from .rules import LEVELS, LONGEST_SUMMARY, ROUTES, TYPES, is_web_address
from .selectors import columns_offered

UNSET = ("", "未确定")
NEEDED_LATER = {"body": "送审前须有", "stage": "送审前须定", "columns": "发布前须选"}
"""起草时可以先空着、到哪一步前必须有的（转换表的守卫把关）。"""
REPRINT = ("source_name", "source_href", "source_level", "source_published_at")
TIMING = ("publish_at", "expires_on", "pinned_until")
MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, help_text: str) -> forms.DateTimeField:
    """一个时刻，可不填，到分钟。"""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENT),
        error_messages={"invalid": "请写成年月日时分，例如 2026-09-25 09:00。"},
    )


class ArticleForm(RecordForm):
    """起草、修改一篇稿件。"""

    article_type = forms.ChoiceField(label="类别", choices=list(TYPES.items()))
    title = forms.CharField(
        label="标题",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="常见问答的标题写问题。",
    )
    body = RichTextField(label="正文", required=False)
    video = LibraryField(
        label="视频",
        kinds=("video",),
        required=False,
        help_text="保存以后，在稿件的页面上给它配字幕。",
    )
    is_transcribed = forms.BooleanField(
        label="正文里有文字稿",
        required=False,
        help_text="视频没有字幕的才勾：里面说的话，正文里都写了；没有人说话的，正文写明了画面。",
    )
    summary = forms.CharField(
        label="摘要",
        max_length=LONGEST_SUMMARY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="发布到哪些栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = topics_field()
    stage = forms.ChoiceField(label="五公开类别", required=False, choices=[UNSET, *STAGES.items()])
    subject = CodeField(SUBJECTS, label="主题分类", blank=UNSET[1])
    source_name = forms.CharField(
        label="转载来源",
        max_length=80,
        required=False,
        help_text="转载的才填。只转载权威来源的，不改原意（国办发〔2017〕47号）。",
    )
    source_href = forms.CharField(label="原文地址", max_length=500, required=False)
    source_level = forms.ChoiceField(
        label="来自哪一级", required=False, choices=[("", "不是转载"), *LEVELS.items()]
    )
    source_published_at = moment_field(
        "原文发布的时间", "中央和省的重要信息，要在发布后 24 小时之内转载。"
    )
    publish_at = moment_field("定时发布", "签发以后，到时自动发布。不定的，签发时就可以发布。")
    expires_on = forms.DateField(
        label="有效期止于",
        required=False,
        widget=date_input(),
        help_text="过了这一天标明“失效”，仍可查阅。",
    )
    pinned_until = forms.DateField(
        label="置顶到",
        required=False,
        widget=date_input(),
        help_text="在列表的首页排在最前面，到这一天为止。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article: Article | None = self.record
        offer_codes(self, article)
        fields: dict[str, Any] = self.fields
        for name, note in NEEDED_LATER.items():
            fields[name].note = note
        organisation = (
            article.organisation
            if article
            else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        site = offer_columns(fields["columns"], organisation)
        offer_topics(self, site, article.topics.all() if article else ())
        body = article.body if article else []
        fields["body"].shelve(body, picture_html, pictures_href())
        offer(self)

    @property
    def main_fields(self) -> list[BoundField]:
        """天天要填的。"""
        return [field for field in self.visible_fields() if field.name not in (*REPRINT, *TIMING)]

    @property
    def reprint_fields(self) -> list[BoundField]:
        """转载的才填的。"""
        return [self[name] for name in REPRINT]

    @property
    def timing_fields(self) -> list[BoundField]:
        """定时、有效期、置顶。"""
        return [self[name] for name in TIMING]

    @property
    def has_reprint(self) -> bool:
        """填了转载的哪一项，或者填得不对。"""
        return any(field.value() or field.errors for field in self.reprint_fields)

    @property
    def has_timing(self) -> bool:
        """定了时间，或者填得不对。"""
        return any(field.value() or field.errors for field in self.timing_fields)

    def clean_source_href(self) -> str:
        """完整的网址。"""
        href = str(self.cleaned_data["source_href"]).strip()
        if href and not is_web_address(href):
            raise forms.ValidationError("请写完整的网址，以 https:// 或 http:// 开头。")
        return href

    def clean(self) -> dict[str, Any]:
        """视频取资料现行的一份；原来选着的、没有换的，还用原来那一份。"""
        values = super().clean()
        if "video" in values:
            values["video"] = self._version(values["video"])
        return values

    def _version(self, item: LibraryItem | None) -> Any:
        if item is None:
            return None
        held = self.record.video if self.record else None
        return held if held and held.item_id == item.pk else item.version

    def changes(self) -> dict[str, Any]:
        """各字段的新值；栏目、专题另给。"""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "seen", "columns", "topics")
        }


def offer_columns(field: Any, organisation: Organisation) -> Site | None:
    """可选的栏目：本机构所在站点的；有下级站点的，按站点分组列出。返回所在的站点，没有的为空。"""
    offered = columns_offered(organisation)
    field.queryset = Column.objects.filter(site__in=[site for site, _ in offered], closed_on=None)
    if len(offered) == 1:
        field.choices = _choices(offered[0][1])
    else:
        field.choices = [(site.name, _choices(columns)) for site, columns in offered]
    return offered[0][0] if offered else None


def _choices(columns: list[Column]) -> list[tuple[int, str]]:
    return [(column.pk, column.name) for column in columns]


def picture_html(block: Mapping[str, Any]) -> str:
    """文中的图片在工作台里怎样显示。"""
    return format_html(
        '<img src="{}" alt="{}" data-file="{}">',
        reverse("workbench:library-thumbnail", args=[block["file"]]),
        block["alt"],
        block["file"],
    )


def pictures_href() -> str:
    """编辑器里选图片的一块从哪里取来。"""
    return f"{reverse('workbench:library-choose')}?field=picture&kind=picture"


class AttachForm(KeyedForm):
    """挂附件：从资料库选，或者当场上传到资料库。"""

    item = LibraryField(label="附件")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self)


class MoveForm(ActionForm):
    """换到哪些栏目。"""

    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label="换到哪些栏目",
        widget=forms.CheckboxSelectMultiple,
        help_text="从原来的栏目里撤下，只放在这里选的栏目里；别的站点不动。",
        error_messages={"required": "请选定换到哪些栏目。"},
    )
    field_order = ("columns", "message")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        site = site_for(Organisation.objects.get(pk=actor.organisation_id))
        fields: dict[str, Any] = self.fields
        if site is not None:
            fields["columns"].queryset = open_columns(site)

    @property
    def inputs(self) -> dict[str, Any]:
        """选定的栏目，按树的次序。"""
        return {"columns": sorted(self.cleaned_data["columns"], key=lambda column: column.path)}


class PinForm(ActionForm):
    """置顶到哪一天。"""

    until = forms.DateField(
        label="置顶到",
        widget=date_input(),
        help_text="这一天过后自己落回原来的位置。",
        error_messages={"required": "请定下置顶到哪一天。"},
    )
    field_order = ("until", "message")

    @property
    def inputs(self) -> dict[str, Any]:
        """到哪一天。"""
        return {"until": self.cleaned_data["until"]}


class RouteForm(KeyedForm):
    """本机构的稿件审几道。"""

    route = forms.ChoiceField(
        label="审签步骤",
        choices=list(ROUTES.items()),
        widget=forms.RadioSelect,
        help_text="正在走的稿件，从下一步起照新的步骤。起草人都不能审、不能签自己的稿。",
    )
