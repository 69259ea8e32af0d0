"""稿件的工作台：起草、审核、签发、发布、换栏目、置顶，定本机构的审签步骤。"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.safestring import mark_safe

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.library.attaching import Attached, Attaching
from yangguang.foundation.library.choosing import Choosing
from yangguang.foundation.lifecycle.selectors import keeper_of, returned
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.writing import html_of
from yangguang.foundation.theme.formats import minute
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state, organisations_of
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.screening.selectors import examined_once

from .circulation import CIRCULATION
from .forms import (
    ArticleForm,
    AttachForm,
    MoveForm,
    PinForm,
    RouteForm,
    picture_html,
)
from .models import Article
from .rules import LEVELS, ROUTES, TYPES, reprint_due
from .selectors import FILES, columns_within, published_path, route_of, waiting_for
from .services import VIDEO, attach, caption, detach, draft, edit, set_route

VERBS = {
    "draft": "写好送审",
    "in_review": "审核",
    "in_second_review": "复审",
    "in_approval": "签发",
    "approved": "发布",
    "revising": "修订",
}


class ArticleTable(tables.Table):
    """稿件列表。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    article_type = tables.Column("类别", attrs=TIGHT)
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()
    publish_at = tables.DateTimeColumn(verbose_name="定时发布", format="Y-m-d H:i", attrs=TIGHT)
    updated_at = tables.DateTimeColumn(verbose_name="更新", format="Y-m-d H:i", attrs=TIGHT)
    source_name = tables.Column("转载来源", default="")
    expires_on = tables.DateColumn(verbose_name="有效期止于", format="Y-m-d", attrs=TIGHT)
    pinned_until = tables.DateColumn(verbose_name="置顶到", format="Y-m-d", attrs=TIGHT)
    created_by = tables.Column("起草", accessor="created_by__display_name", attrs=TIGHT)

    class Meta:
        model = Article
        fields = (
            "title", "article_type", "organisation", "state", "publish_at", "updated_at",
            "source_name", "expires_on", "pinned_until", "created_by",
        )  # fmt: skip


class ColumnField(django_filters.fields.ModelChoiceField):
    """各站点的栏目有同名的，写明是哪个站点的。"""

    def label_from_instance(self, column: Column) -> str:
        """名称和站点。"""
        return f"{column.name}（{column.site.short_name}）"


class ColumnFilter(django_filters.ModelChoiceFilter):
    """按栏目筛选。"""

    field_class = ColumnField


class ArticleFilters(django_filters.FilterSet):
    """稿件列表的筛选。"""

    state = by_state(CIRCULATION)
    article_type = django_filters.ChoiceFilter(
        label="类别", choices=list(TYPES.items()), empty_label="全部"
    )
    column = ColumnFilter(
        label="栏目", field_name="columns", queryset=lambda request: _columns(request),
        empty_label="全部",
    )  # fmt: skip
    organisation = django_filters.ModelChoiceFilter(
        label="机关", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = Article
        fields = ("state", "article_type", "column", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.acting.includes_subtree:
            del self.filters["organisation"]


class ArticleViewSet(Attaching, Choosing, RecordViewSet[Article]):
    """稿件。"""

    slug = "articles"
    section = "办"
    label = "稿件"
    model = Article
    table = ArticleTable
    filters = ArticleFilters
    awaiting = frozenset({"in_review", "in_second_review", "in_approval"})
    search = ("title", "source_name")
    sorted_at_any_size = ("updated_at",)
    optional_columns = ("source_name", "expires_on", "pinned_until", "created_by")
    create_form = ArticleForm
    create_label = "写稿"
    create_template = "articles/edit.html"
    edit_form = ArticleForm
    edit_template = "articles/edit.html"
    action_forms = {"move": MoveForm, "pin": PinForm}
    attach_form = AttachForm
    captioned = True
    rewriting = frozenset({"move", "pin", "unpin"})
    record_template = "articles/record.html"
    gathered = ("columns", "topics")
    print_template = "articles/print.html"

    def queryset(self, actor: Actor) -> QuerySet[Article]:
        """新写的在前。"""
        found = super().queryset(actor).select_related("video__item", "video__file", "captions")
        return found.order_by("-pk")

    def create(self, form: Any, actor: Actor) -> Article:
        """起草。"""
        return draft(
            form.changes(),
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor,
            key=form.idempotency_key,
            columns=list(form.cleaned_data["columns"]),
            topics=form.cleaned_data.get("topics", ()),
        )

    def initial(self, record: Article) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name) for name in ArticleForm.base_fields if hasattr(record, name)
        }
        video = record.video.item_id if record.video else None
        return values | {
            "columns": record.columns.all(),
            "topics": record.topics.all(),
            "video": video,
        }

    def edit(self, record: Article, form: Any, actor: Actor) -> None:
        """改稿。"""
        edit(
            record,
            form.changes(),
            actor=actor,
            columns=list(form.cleaned_data["columns"]),
            topics=form.cleaned_data.get("topics"),
        )

    def also_kept(self, record: Article) -> Iterable[tuple[str, str]]:
        """附件的名称，一行一个。"""
        held = record.attachments.select_related(*FILES)
        yield "附件", "\n".join(each.file.name for each in held)
        told = (each.captions for each in self.captionable(record))
        yield "字幕", "\n".join(captions.name for captions in told if captions)

    def layout(self, record: Article) -> dict[str, Any]:
        """正文的块：居中、合并的格、图片。"""
        return {"body": record.body}

    def facts(self, record: Article, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "类别", record.get_article_type_display()
        yield "机关", record.organisation
        yield "摘要", record.summary
        yield "文字稿", "正文里有" if record.is_transcribed else ""
        yield "五公开", STAGES.get(record.stage, "")
        yield "主题分类", record.subject_label
        yield "栏目", "、".join(column.name for column in record.columns.all())
        yield "专题", "、".join(topic.name for topic in record.topics.all())
        yield "转载自", record.source_name
        yield "来自哪一级", LEVELS.get(record.source_level, "")
        yield "原文发布", minute(record.source_published_at) if record.source_published_at else ""
        due = reprint_due(record.source)
        yield "最晚转载", minute(due) if due else ""
        yield "定时发布", minute(record.publish_at) if record.publish_at else ""
        yield "有效期止于", record.expires_on and record.expires_on.isoformat()
        yield "置顶到", record.pinned_until and record.pinned_until.isoformat()
        yield "起草", record.created_by
        keeper = keeper_of(record)
        yield "经办", keeper if keeper != record.created_by else ""

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页：守卫和三关一块只看一遍内容。"""
        with examined_once():
            return super().record_view(request, actor, pk)

    def record_context(self, record: Article, actor: Actor) -> dict[str, Any]:
        """正文、视频、附件和公开页面的地址。"""
        video = next((e for e in self.captionable(record) if e.number == VIDEO), None)
        return self.attachments_context(record) | {
            "video": self.captions_context(record, video) if video else {},
            "text": mark_safe(html_of(record.body, picture_html)),  # noqa: S308  只有转义过的文字和白名单里的标签
            "public_path": published_path(record),
            "route": ROUTES[route_of(record.organisation_id)],
            "route_href": (
                reverse("workbench:articles-route")
                if actor.role == "approver" and actor.organisation_id == record.organisation_id
                else ""
            ),
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的稿件。"""
        articles = list(waiting_for(actor))
        sent_back = returned(Article, articles)
        for article in articles:
            back = sent_back.get(article.pk)
            due = reprint_due(article.source)
            if back:
                why = f"“{back.message}”"
            elif due:
                why = f"{article.source_name}的信息，最晚 {minute(due)} 转载"
            else:
                why = article.get_article_type_display()
            yield Todo(
                article.title,
                self.record_href(article.pk),
                article.state_label,
                "修改" if back else VERBS[article.state],
                why,
                article.deadline,
                is_returned=back is not None,
            )

    # ---- 附件 ----

    def extra_routes(self) -> Sequence[URLPattern]:
        """附件：挂、去；定审签步骤。"""
        return (
            self.route("route/", self.route_view, "route"),
            *self.attachment_routes(),
        )

    def attached(self, record: Article) -> Iterable[Attached]:
        """各个附件；遮盖过的，连同资料库里的原件。"""
        for each in record.attachments.select_related(*FILES):
            original = each.version.item_id if each.masked else None
            yield Attached(each.pk, each.file, original, each.captions)

    def captionable(self, record: Article) -> Iterable[Attached]:
        """文中的视频，和附件里的。"""
        if record.video is not None:
            yield Attached(VIDEO, record.video.file, captions=record.captions)
        yield from super().captionable(record)

    def caption(self, record: Article, number: int, item: Any, actor: Actor) -> None:
        """配上、去掉字幕。"""
        caption(record, number, item, actor=actor)

    def attach(self, record: Article, form: Any, actor: Actor) -> str:
        """资料库里选的一份。"""
        item = form.cleaned_data["item"]
        attach(record, item, actor=actor)
        return f"已加附件“{item}”。"

    def detach(self, record: Article, number: int, actor: Actor) -> None:
        """去掉一个附件。"""
        detach(record, number, actor=actor)

    # ---- 审签步骤 ----

    def route_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """本机构的稿件审几道，由签发人定。"""
        if actor.role != "approver":
            raise Http404
        organisation = get_object_or_404(Organisation, pk=actor.organisation_id)

        def attempt(form: Any) -> HttpResponse:
            chosen = set_route(organisation, form.cleaned_data["route"], actor=actor)
            messages.success(request, f"审签步骤已定为“{ROUTES[chosen.route]}”。")
            return redirect(self.list_href())

        context = {
            "heading": f"{organisation.short_name}的稿件审几道",
            "submit_label": "定下",
            "record": None,
        }
        initial = {"route": route_of(actor.organisation_id)}
        blank = partial(RouteForm, actor=actor, initial=initial)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)


def _href(pk: int) -> str:
    return reverse("workbench:articles-record", args=[pk])


def _organisations(request: HttpRequest | None) -> QuerySet[Organisation]:
    """筛选里可选的机关：此人看得见的稿件涉及的。"""
    visible = Article.policy.visible(getattr(request, "acting", None))
    return organisations_of(visible)


def _columns(request: HttpRequest | None) -> QuerySet[Column]:
    """筛选里可选的栏目：此人的机构的稿件放得进的。"""
    actor: Actor | None = getattr(request, "acting", None)
    return columns_within(actor.organisation_path) if actor else Column.objects.none()


register(ArticleViewSet())
