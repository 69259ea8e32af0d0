"""专题：开设、修改、结束；看收进来哪些，指定、移出，定归哪一部分。"""

from collections.abc import Iterable, Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.listing import StateColumn, by_state
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import is_shown_on

from ..forms import TopicForm
from ..models import Topic
from ..parts import PARTS
from ..rules import LIFE, topic_path
from ..selectors import gathered, gatherings, part_in, published_on
from ..services import choose, edit_topic, open_topic

SHOWN = 50
"""收进来的先列多少条。"""
FOUND = 20
"""按字词找信息，最多列多少条。"""
CHOICES = {"add": "收进", "exclude": "移出", "undo": "照条件来"}


class TopicTable(tables.Table):
    """专题列表。"""

    name = tables.Column("专题", linkify=lambda record: _href(record.pk))
    site = tables.Column("站点", accessor="site__short_name")
    opened_on = tables.DateColumn(verbose_name="开设", format="Y-m-d")
    closed_on = tables.DateColumn(verbose_name="结束", format="Y-m-d", default="")
    state = StateColumn()

    class Meta:
        model = Topic
        fields = ("name", "site", "opened_on", "closed_on", "state")


class TopicFilters(django_filters.FilterSet):
    """专题列表的筛选。"""

    state = by_state(LIFE)

    class Meta:
        model = Topic
        fields = ("state",)


class TopicViewSet(RecordViewSet[Topic]):
    """专题。"""

    slug = "topics"
    section = "管"
    label = "专题"
    model = Topic
    table = TopicTable
    filters = TopicFilters
    search = ("name", "code")
    create_form = TopicForm
    create_label = "开设专题"
    create_submit = "开设"
    edit_form = TopicForm
    record_template = "topics/record.html"
    empty_text = "还没有专题。"

    def may_open(self, actor: Actor) -> bool:
        """管着站点的才有这一项。一次查询。"""
        return self.model.policy.may_create(actor)

    def hidden_columns(self, actor: Actor) -> Sequence[str]:
        """只管一个站点的，不必列出站点。"""
        return () if actor.includes_subtree else ("site",)

    def create(self, form: Any, actor: Actor) -> Topic:
        """开设。"""
        values = form.cleaned_data
        return open_topic(
            values["site"],
            name=values["name"],
            summary=values["summary"],
            code=values["code"],
            opened_on=values["opened_on"],
            actor=actor,
            key=form.idempotency_key,
            **form.duty(),
            **form.gathering(),
        )

    def initial(self, record: Topic) -> dict[str, Any]:
        """现在的值。"""
        return {
            "name": record.name,
            "summary": record.summary,
            "opened_on": record.opened_on,
            "words": record.words,
            "owner": record.owner,
            "basis": record.basis,
            "tasks": [str(number) for number in record.tasks],
            "columns": record.columns.all(),
            "organisations": record.organisations.all(),
        }

    def edit(self, record: Topic, form: Any, actor: Actor) -> None:
        """改名称、简介和条件。"""
        own = {name: form.cleaned_data[name] for name in ("name", "summary", "opened_on")}
        edit_topic(record, own | form.duty() | form.gathering(), actor=actor)

    def facts(self, record: Topic, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "站点", record.site
        yield "地址", record.site.base + topic_path(record.code)
        yield "简介", record.summary
        yield "开设", record.opened_on.isoformat()
        yield "结束", record.closed_on and record.closed_on.isoformat()
        yield "责任单位", record.owner and record.owner.short_name
        yield "落实", record.told_basis
        yield "标题里有", "、".join(record.words)
        yield "栏目", "、".join(column.name for column in record.columns.all())
        yield "机构", "、".join(unit.short_name for unit in record.organisations.all())

    def queried_context(self, record: Topic, actor: Actor, query: QueryDict) -> dict[str, Any]:
        """收进来的，移出的，和按字词找到的。"""
        gathering = gatherings([record])[record.pk]
        inside = list(reversed(gathered(record)))
        words = query.get("find", "").replace("\x00", "").strip()[:100]
        known = {publication.pk for publication in inside}
        matching = published_on(record.site).exclude(pk__in=known)
        for word in words.split():
            matching = matching.filter(title__icontains=word)
        found = list(matching[:FOUND]) if words else []
        outside = Publication.objects.filter(pk__in=gathering.excluded).select_related(
            "organisation"
        )
        parts = {each.pk: part_in(gathering, each) for each in inside[:SHOWN]}
        return {
            "is_by_rule": gathering.is_by_rule,
            "inside": [
                (each, _inside(each.pk in gathering.added), parts[each.pk])
                for each in inside[:SHOWN]
            ],
            "parts": PARTS if record.has_parts else {},
            "inside_count": len(inside),
            "shown": SHOWN,
            "outside": [(each, [("undo", "不再移出")], None) for each in outside],
            "words": words,
            "found": [(each, [("add", CHOICES["add"])], "") for each in found],
            "public_path": record.site.base + topic_path(record.code),
            "choose_href": reverse("workbench:topics-choose", args=[record.pk]),
        }

    def extra_routes(self) -> Sequence[URLPattern]:
        """指定、移出一条信息。"""
        return (self.route("<int:pk>/choose/", require_POST(self.choose_view), "choose"),)

    def choose_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """指定收进、移出，或者取消指定。"""
        record = self.get(actor, pk)
        number = request.POST.get("publication", "")
        choice = request.POST.get("choice", "")
        if not (number.isascii() and number.isdigit()) or choice not in CHOICES:
            raise Http404
        publication = get_object_or_404(Publication, pk=int(number))
        if not is_shown_on(publication, record.site):
            raise Http404
        part = request.POST.get("part", "") if choice == "add" and record.has_parts else ""
        if part and part not in PARTS:
            raise Http404
        choose(record, publication, choice, actor=actor, part=part)
        messages.success(request, f"已办：{CHOICES[choice]}“{publication.title}”。")
        return redirect(self.record_href(pk))


def _inside(is_chosen: bool) -> list[tuple[str, str]]:
    """收在里面的一条可以怎样办：条件收的可以移出，指定的可以取消指定。"""
    if is_chosen:
        return [("undo", "不再指定")]
    return [("exclude", CHOICES["exclude"])]


def _href(pk: int) -> str:
    return reverse("workbench:topics-record", args=[pk])
