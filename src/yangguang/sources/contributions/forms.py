"""信息报送的表单：投稿、采用、约稿、定分值。"""

from typing import Any

from django import forms

from yangguang.foundation.library.choosing import offer
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.fields import RichTextField
from yangguang.foundation.workbench.fields import UnitsField, date_input
from yangguang.foundation.workbench.forms import ActionForm, KeyedForm, RecordForm
from yangguang.sources.articles.forms import picture_html, pictures_href
from yangguang.sources.articles.models import Article

from .models import Call, Contribution
from .rules import GRADES, MOST_POINTS
from .selectors import receivers_of, units_of


class ContributionForm(RecordForm):
    """投稿。"""

    title = forms.CharField(label="标题", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    body = RichTextField(label="正文", required=False)
    receiver = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="报给",
        empty_label="请选择",
        error_messages={"required": "请选定报给哪个机构。"},
    )
    call = forms.ModelChoiceField(
        Call.objects.none(),
        label="应哪个约稿",
        required=False,
        empty_label="不是应约",
        help_text="选了约稿，期限之内报送、又采用了的另加分。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contribution: Contribution | None = self.record
        organisation = (
            contribution.organisation
            if contribution
            else Organisation.objects.get(pk=self.actor.organisation_id)
        )
        fields: dict[str, Any] = self.fields
        fields["body"].note = "送签前须有"
        above = receivers_of(organisation)
        fields["receiver"].queryset = Organisation.objects.filter(pk__in=[o.pk for o in above])
        fields["receiver"].initial = above[0].pk if above else None
        fields["call"].queryset = Call.objects.filter(state="issued", units=organisation)
        fields["body"].shelve(
            contribution.body if contribution else [], picture_html, pictures_href()
        )
        offer(self)

    def changes(self) -> dict[str, Any]:
        """各字段的新值。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen")}


class AdoptForm(ActionForm):
    """怎样采用。"""

    grade = forms.ChoiceField(
        label="怎样采用", choices=list(GRADES.items()), widget=forms.RadioSelect
    )
    article = forms.ModelChoiceField(
        Article.objects.none(),
        label="综合采用的，用在哪一篇",
        required=False,
        empty_label="另成一篇",
        help_text="综合采用的才选：本机构还在起草的稿件。另成一篇的，采用后就在稿件里，接着改。",
    )
    field_order = ("grade", "article", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        own = Article.objects.filter(
            organisation=self.actor.organisation_id, state__in=["draft", "revising"]
        )
        fields["article"].queryset = own.order_by("-pk")

    def clean(self) -> dict[str, Any]:
        """综合采用的须选一篇，别的不选。"""
        values: dict[str, Any] = super().clean() or {}
        if values.get("grade") == "merged" and not values.get("article"):
            self.add_error("article", "综合采用的，请选定用在哪一篇稿件里。")
        if values.get("grade") != "merged":
            values["article"] = None
        return values


class CallForm(RecordForm):
    """约稿。"""

    title = forms.CharField(label="约什么", max_length=120)
    requirements = forms.CharField(
        label="要求", max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    due_on = forms.DateField(
        label="报送期限", widget=date_input(), error_messages={"required": "请定下报送期限。"}
    )
    units = UnitsField(Organisation.objects.none(), label="约哪些单位", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["units"].note = "发出前须选"
        fields["units"].queryset = units_of(self.actor.organisation_id)
        if not fields["units"].queryset.exists():
            fields["units"].help_text = (
                "没有以本机构为政府信息公开工作主管部门的单位，约不了稿。"
                "请换成主管部门的身份，或者请它来约。"
            )

    def changes(self) -> dict[str, Any]:
        """各字段的新值；约哪些单位另给。"""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("key", "seen", "units")}


class PointsForm(KeyedForm):
    """分值。"""

    full = forms.IntegerField(label=GRADES["full"], min_value=0, max_value=MOST_POINTS)
    merged = forms.IntegerField(label=GRADES["merged"], min_value=0, max_value=MOST_POINTS)
    forwarded = forms.IntegerField(label=GRADES["forwarded"], min_value=0, max_value=MOST_POINTS)
    on_time = forms.IntegerField(
        label="约稿按期加分", min_value=0, max_value=MOST_POINTS, help_text="已经记下的分不变。"
    )

    @property
    def values(self) -> dict[str, int]:
        """各项的分。"""
        return {
            name: self.cleaned_data[name] for name in ("full", "merged", "forwarded", "on_time")
        }
