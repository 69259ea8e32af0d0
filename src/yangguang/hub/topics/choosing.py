"""起草公文、稿件时选专题的一栏：公开以后就收进去。"""

from collections.abc import Iterable
from typing import Any

from django import forms

from yangguang.hub.columns.models import Site

from .models import Topic
from .selectors import offered_on


def topics_field() -> forms.ModelMultipleChoiceField:
    """选专题的一栏，由 ``offer_topics`` 填上可选的。"""
    return forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label="收进哪些专题",
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "choose"}),
        help_text="公开以后就收进去，解读跟着它的文件。公开以后不要了的，由管站点的人在专题里移出。",
    )


def offer_topics(form: forms.BaseForm, site: Site | None, kept: Iterable[Topic] = ()) -> None:
    """填上站点开着的专题和已经选了的；一个也没有的不列这一栏。一次查询。"""
    offered = offered_on(site, kept)
    if not offered:
        del form.fields["topics"]
        return
    field: Any = form.fields["topics"]
    field.queryset = Topic.objects.filter(pk__in=[topic.pk for topic in offered])
    field.choices = [(topic.pk, topic.name) for topic in offered]
