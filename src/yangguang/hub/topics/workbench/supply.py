"""专题供给：落实工作方案的各专题现在有什么、缺什么、缺了多久；只看，不填。"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Exists, QuerySet, Value
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..models import Topic
from ..parts import PARTS
from ..rules import topic_path
from ..supply import SUPPLIERS, Supplied, supplies, topics_supplied
from ..supply_rules import TopicSupply

CALM = "都有"


class SupplyTable(tables.Table):
    """一个专题一行：各部分几条，最近哪天，文件解读了多少、用了什么形式，缺什么。"""

    name = tables.Column("专题", linkify=lambda record: _href(record.pk))
    owner = tables.Column("责任单位", accessor="owner__short_name", attrs=TIGHT)
    tasks = tables.Column("依据", accessor="told_basis", orderable=False)
    policy = tables.Column(PARTS["policy"], empty_values=(), orderable=False, attrs=TIGHT)
    interpretation = tables.Column(
        PARTS["interpretation"], empty_values=(), orderable=False, attrs=TIGHT
    )
    execution = tables.Column(PARTS["execution"], empty_values=(), orderable=False, attrs=TIGHT)
    results = tables.Column(PARTS["results"], empty_values=(), orderable=False, attrs=TIGHT)
    response = tables.Column(PARTS["response"], empty_values=(), orderable=False, attrs=TIGHT)
    last = tables.Column("最近一条", empty_values=(), orderable=False, attrs=TIGHT)
    share = tables.Column("文件解读", empty_values=(), orderable=False)
    forms = tables.Column("解读的形式", empty_values=(), orderable=False)
    empty = tables.Column("空着的", empty_values=(), orderable=False)
    alarm = tables.Column("报警", empty_values=(), orderable=False)

    class Meta:
        model = Topic
        fields = (
            "name", "owner", "tasks", "policy", "interpretation", "execution", "results",
            "response", "last", "share", "forms", "empty", "alarm",
        )  # fmt: skip

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.today = reading_day()
        self.found = {each.topic.pk: each.supply for each in supplies(data.all(), self.today)}

    def _of(self, record: Topic) -> TopicSupply:
        return self.found[record.pk]

    def _count(self, record: Topic, part: str) -> int:
        return next(each.count for each in self._of(record).parts if each.part == part)

    def render_policy(self, record: Topic) -> int:
        """几条。"""
        return self._count(record, "policy")

    def render_interpretation(self, record: Topic) -> int:
        """几条。"""
        return self._count(record, "interpretation")

    def render_execution(self, record: Topic) -> int:
        """几条。"""
        return self._count(record, "execution")

    def render_results(self, record: Topic) -> int:
        """几条。"""
        return self._count(record, "results")

    def render_response(self, record: Topic) -> int:
        """几条。"""
        return self._count(record, "response")

    def render_last(self, record: Topic) -> str:
        """最近一条哪天公开的。"""
        last = self._of(record).last
        return last.isoformat() if last else ""

    def render_share(self, record: Topic) -> str:
        """几份文件，解读了几份。"""
        return self._of(record).share_told

    def render_forms(self, record: Topic) -> str:
        """各种形式各几份。"""
        return self._of(record).forms_told

    def render_empty(self, record: Topic) -> str:
        """哪几部分空着，自哪天起。"""
        return empty_told(self._of(record))

    def render_alarm(self, record: Topic) -> str:
        """空过了头的。"""
        return "；".join(each.told for each in self._of(record).alarms(self.today)) or "无"


def has_supply(actor: Actor) -> Combinable | Exists:
    """此人的菜单里列不列：监督员总列，责任单位有自己的专题、管着的站点有这样的专题才列。"""
    if actor.role == Role.SUPERVISOR or actor.role not in SUPPLIERS:
        return Value(actor.role in SUPPLIERS)
    return Exists(topics_supplied(actor))


def empty_told(supply: TopicSupply) -> str:
    """空着的各部分，自哪天起，同一天的写在一起；没有空着的说都有。"""
    if supply.empty_since is not None:
        return f"整个专题（自 {supply.empty_since.isoformat()}）"
    by_day: dict[date, list[str]] = {}
    for each in supply.empty:
        if each.empty_since is not None:
            by_day.setdefault(each.empty_since, []).append(each.label)
    told = (
        f"{'、'.join(labels)}（自 {day.isoformat()}）" for day, labels in sorted(by_day.items())
    )
    return "；".join(told) or CALM


class SupplyFilters(django_filters.FilterSet):
    """只看一个单位负责的。"""

    owner = django_filters.ModelChoiceFilter(
        label="责任单位", queryset=lambda request: _owners(request), empty_label="全部"
    )

    class Meta:
        model = Topic
        fields = ("owner",)


class SupplyViewSet(RecordViewSet[Any]):
    """专题供给。"""

    slug = "topic-supply"
    section = "查"
    label = "专题供给"
    model = Topic
    table = SupplyTable
    filters = SupplyFilters
    search = ("name",)
    optional_columns = ("tasks",)
    list_template = "topics/supplies.html"
    empty_text = "没有由本单位负责的、开着的专题。"

    def queryset(self, actor: Actor) -> QuerySet[Topic]:
        """此人看得到的：管着站点的看站点的，责任单位的人看自己的。"""
        return topics_supplied(actor)

    def may_open(self, actor: Actor) -> bool:
        """各单位写稿、审签的人和监督员。"""
        return actor.role in SUPPLIERS

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """各列都有意思。"""
        return ()

    def routes(self) -> list[URLPattern]:
        """列表，一个专题。"""
        return [
            self.route("", self.list_view, ""),
            self.route("<int:pk>/", self.record_view, "record"),
        ]

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """一个专题：各部分几条、最近哪天、空了多久，文件解读了多少，怎样补上。"""
        topic: Topic = get_object_or_404(self.queryset(actor), pk=pk)
        today = reading_day()
        ((supplied),) = supplies([topic], today)
        context = {
            "record": topic,
            "facts": facts_of(supplied),
            "parts": [
                (each, each.empty_days(today), each.is_alarming(today))
                for each in supplied.supply.parts
            ],
            "alarms": [each.told for each in supplied.supply.alarms(today)],
            "public_path": topic.site.base + topic_path(topic.code),
            "topic_href": (
                reverse("workbench:topics-record", args=[pk])
                if Topic.policy.visible(actor).filter(pk=pk).exists()
                else ""
            ),
        }
        return render(request, "topics/supply.html", self._context(actor) | context)


def facts_of(supplied: Supplied) -> list[tuple[str, str]]:
    """专题的字段：名称与值，空的不显示。"""
    topic, supply = supplied.topic, supplied.supply
    found = [
        ("依据", topic.told_basis),
        ("责任单位", topic.owner.name if topic.owner else ""),
        ("开设", topic.opened_on.isoformat()),
        ("共有", f"{supply.count} 条"),
        ("最近一条", supply.last.isoformat() if supply.last else ""),
        ("文件解读", supply.share_told),
        ("解读的形式", supply.forms_told),
    ]
    return [(label, value) for label, value in found if value]


def _owners(request: HttpRequest | None) -> QuerySet[Organisation]:
    actor = getattr(request, "acting", None)
    if actor is None:
        return Organisation.objects.none()
    owners = topics_supplied(actor).values("owner")
    return Organisation.objects.filter(pk__in=owners.order_by()).order_by("path")


def _href(pk: int) -> str:
    return reverse("workbench:topic-supply-record", args=[pk])
