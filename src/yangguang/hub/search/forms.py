"""同义词和推荐结果的表单。"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.forms import RecordForm
from yangguang.hub.columns.models import Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.naming import NotFound, named_publication

from .selectors import sites_of


class CuratedForm(RecordForm):
    """站点、词、理由：两种都有的。"""

    site = forms.ModelChoiceField(Site.objects.none(), label="站点", required=False)
    words = forms.CharField(
        label="词",
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "请写词，一行一个。"},
    )
    reason = forms.CharField(
        label="理由", max_length=300, error_messages={"required": "请写明理由。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.queryset = sites_of(self.actor)
        if self.actor.includes_subtree:
            field.empty_label, field.note = "全部站点", ""
        else:
            field.required, field.empty_label = True, None

    @property
    def changes(self) -> dict[str, Any]:
        """填的内容。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen")}


class SynonymForm(CuratedForm):
    """一组同义词。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = (
            "一行一个，例如“低保”和“最低生活保障”。公众查其中一个，别的也查；"
            "机构的简称、旧名、承接机构系统已经知道，不必再写。"
        )


class PromotionForm(CuratedForm):
    """一条推荐。"""

    publication = forms.CharField(
        label="推荐的信息",
        required=False,
        max_length=300,
        help_text="写索引号、公开页面的地址、文号或标题。撤回之后自动不再推荐。",
    )
    address = forms.CharField(
        label="或者站内的一个页面",
        required=False,
        max_length=200,
        help_text="写以“/”开头的地址，例如“/columns/open/”。",
    )
    label = forms.CharField(
        label="页面显示的文字",
        required=False,
        max_length=80,
        help_text="推荐页面才填；推荐信息的，显示它的标题。",
    )
    valid_from = forms.DateField(label="起", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    valid_until = forms.DateField(
        label="止",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="当日仍推荐；不填就一直推荐。",
    )
    field_order = (
        "site", "words", "publication", "address", "label", "valid_from", "valid_until", "reason",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "words"
        ].help_text = (
            "公众查哪些词时放在最前面，一行一个。整句对上才推荐：几个词不论先后，同义的写法也算。"
        )
        self.fields["valid_from"].initial = reading_day

    def clean_publication(self) -> Publication | None:
        """找出所指的信息。"""
        written: str = self.cleaned_data["publication"].strip()
        if not written:
            return None
        sites = sites_of(self.actor)
        shown = Q(site__in=sites) | Q(shares__site__in=sites, shares__ended_at=None)
        among = (
            Publication.objects.filter(shown, state=Publication.State.PUBLISHED)
            .select_related("organisation", "site")
            .distinct()
        )
        try:
            return named_publication(written, among, "您管的站点")
        except NotFound as missing:
            raise ValidationError(missing.reason) from missing
