"""没有查到的词：公众查了而没有结果的，由办公室补上同义词、推荐结果，或者补充公开。"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..models import FruitlessSearch
from ..selectors import LEAST, fruitless_by_site
from .common import SiteFilters

RECENT = timedelta(days=30)
"""平时看最近这些天的。"""

Row = Mapping[str, Any]


class FruitlessTable(tables.Table):
    """没有查到的词。"""

    words = tables.Column("查的词")
    site = tables.Column("站点", accessor="site__short_name", attrs=TIGHT)
    total = tables.Column("次数", attrs=TIGHT)
    last = tables.DateColumn(verbose_name="最近一次", format="Y-m-d", attrs=TIGHT)
    mend = tables.Column("怎么办", empty_values=(), orderable=False, exclude_from_export=True)

    def render_words(self, record: Row) -> str:
        """词，点开看公众看到的。"""
        query = urlencode({"q": record["words"], "site": record["site__code"]})
        return format_html('<a href="/search/?{}">{}</a>', query, record["words"])

    def render_mend(self, record: Row) -> str:
        """带着这个词去立同义词或推荐。"""
        query = urlencode({"words": record["words"], "site": record["site__code"]})
        return format_html(
            '<span class="do small"><a href="{0}?{2}">立同义词</a><a href="{1}?{2}">立推荐</a></span>',
            reverse("workbench:synonyms-new"),
            reverse("workbench:promotions-new"),
            query,
        )


def _date(label: str, lookup: str) -> django_filters.DateFilter:
    box = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return django_filters.DateFilter(label=label, field_name="day", lookup_expr=lookup, widget=box)


class FruitlessFilters(SiteFilters):
    """站点和起止日期；没有指定就是最近三十天。"""

    since = _date("自", "gte")
    until = _date("至", "lte")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None and "since" not in data:
            data = data.copy()
            data["since"] = (reading_day() - RECENT).isoformat()
        super().__init__(data, *args, **kwargs)


class FruitlessViewSet(RecordViewSet[Any]):
    """没有查到的词。只有列表和导出。"""

    slug = "fruitless"
    section = "查"
    label = "没有查到的词"
    model = FruitlessSearch
    table = FruitlessTable
    filters = FruitlessFilters
    search = ("words",)
    everything = "?since="
    list_template = "search/fruitless.html"
    empty_text = f"没有。查过 {LEAST} 次以上而没有结果的词才列出来。"

    def queryset(self, actor: Actor) -> Any:
        """此人管的站点上的，次数多的在前。"""
        return fruitless_by_site(actor)

    def may_open(self, actor: Actor) -> bool:
        """监督员。"""
        return actor.role == "supervisor"

    def routes(self) -> list[URLPattern]:
        """只有列表。"""
        return [self.route("", self.list_view, "")]
