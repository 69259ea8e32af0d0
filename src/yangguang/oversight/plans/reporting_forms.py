"""分解任务的表单：报送、改派、负责同志和联系电话。"""

from typing import Any

from django import forms

from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.forms import ActionForm, RecordForm
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.naming import NotFound

from .evidence import named_publications, recent_publications
from .forms import units_below
from .models import DeliverableAssignment

LINES = 20
"""一次最多写几条佐证。"""


class ReportForm(ActionForm):
    """报送进展。"""

    text = forms.CharField(
        label="情况",
        max_length=4000,
        error_messages={"required": "请写明做了什么。"},
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写做了什么、做到哪一步。核实之后，这段话随任务台账公开。",
    )
    recent = forms.ModelMultipleChoiceField(
        Publication.objects.none(),
        label="佐证：本单位最近发布的",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.CharField(
        label="佐证：其他已发布的信息",
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一条，写索引号、公开页面的地址、文号或标题，须是本单位发布的。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["message"]
        recent = [publication.pk for publication in recent_publications(self.actor)]
        fields: dict[str, Any] = self.fields
        if recent:
            fields["recent"].queryset = Publication.objects.filter(pk__in=recent).order_by(
                "-published_at", "-pk"
            )
            fields["recent"].label_from_instance = _named
        else:
            del fields["recent"]

    def clean_evidence(self) -> list[Publication]:
        """逐行找出佐证；有一行不行的，逐行说明。"""
        lines = [line.strip() for line in self.cleaned_data["evidence"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > LINES:
            raise forms.ValidationError(f"一次最多写 {LINES} 条佐证。")
        try:
            return named_publications(lines, self.actor)
        except NotFound as missing:
            raise forms.ValidationError(missing.reason) from missing

    def chosen(self) -> list[Publication]:
        """勾选的和写明的佐证，重复的只算一条。"""
        ticked = self.cleaned_data.get("recent", ())
        return list(dict.fromkeys([*ticked, *self.cleaned_data["evidence"]]))


class CompletionForm(ReportForm):
    """报送完成：须附佐证，或者说明为什么没有。"""

    no_evidence = forms.CharField(
        label="没有佐证的原因",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="没有可以公开的佐证时填写，核实之后公开。",
    )


class ReassignForm(ActionForm):
    """改派给另一个单位。"""

    field_order = ("organisation", "message")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="改派给", empty_label="请选定单位"
    )

    def __init__(self, *args: Any, record: DeliverableAssignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = DeliverableAssignment.objects.filter(deliverable=record.deliverable_id)
        below = units_below(record.deliverable.task.plan.organisation)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = below.exclude(pk__in=taken.values("organisation_id"))


class ContactForm(RecordForm):
    """本单位的负责同志职务和联系电话。"""

    leader_post = forms.CharField(
        label="负责同志职务",
        required=False,
        max_length=60,
        help_text="写职务，如“分管副局长”，不写姓名。",
    )
    contact = forms.CharField(
        label="联系电话",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text="写办公电话。",
    )


def _named(publication: Publication) -> str:
    return f"{publication.title}（{publication.index_number}）"
