"""投稿：写、签、报送；接收一方采用。"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.serving import send
from yangguang.foundation.library.choosing import Choosing
from yangguang.foundation.library.models import LibraryVersion
from yangguang.foundation.library.selectors import PublicCopy
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.richtext.writing import html_of
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from ..forms import AdoptForm, ContributionForm
from ..models import Contribution
from ..rules import SENDING
from ..selectors import calls_to_answer, units_seen, waiting_for
from ..services import adopt, draft, edit

VERBS = {"draft": "写好送签", "in_approval": "签发", "sent": "采用"}


class ContributionTable(tables.Table):
    """投稿列表。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    receiver = tables.Column("报给", accessor="receiver__short_name", attrs=TIGHT)
    state = StateColumn()
    sent_on = tables.DateColumn(verbose_name="报送", format="Y-m-d", attrs=TIGHT)
    grade = tables.Column("怎样采用", default="", attrs=TIGHT)
    points = tables.Column("记分", attrs=TIGHT)

    class Meta:
        model = Contribution
        fields = ("title", "organisation", "receiver", "state", "sent_on", "grade", "points")


class ContributionFilters(django_filters.FilterSet):
    """状态、单位、报送的起止。"""

    state = by_state(SENDING)
    organisation = django_filters.ModelChoiceFilter(
        label="单位", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = Contribution
        fields = ("state", "organisation")


class ContributionViewSet(Choosing, RecordViewSet[Contribution]):
    """投稿。"""

    slug = "contributions"
    section = "办"
    label = "投稿"
    model = Contribution
    table = ContributionTable
    filters = ContributionFilters
    awaiting = frozenset({"in_approval", "sent"})
    search = ("title", "organisation__short_name")
    create_form = ContributionForm
    create_label = "投稿"
    edit_form = ContributionForm
    action_forms = {"adopt": AdoptForm}
    record_template = "contributions/record.html"
    print_template = "contributions/print.html"
    empty_text = "还没有投稿。"

    def queryset(self, actor: Actor) -> QuerySet[Contribution]:
        """新来的在前。"""
        return super().queryset(actor).order_by("-pk")

    def hidden_columns(self, actor: Actor) -> tuple[str, ...]:
        """各列都有意思：报上来的有别的单位的。"""
        return ()

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从约稿来的，约稿和报给谁都填好。"""
        number = query.get("call", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return {}
        return {"call": int(number)}

    def create(self, form: Any, actor: Actor) -> Contribution:
        """起草。"""
        return draft(
            form.changes(),
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor,
            key=form.idempotency_key,
        )

    def initial(self, record: Contribution) -> dict[str, Any]:
        """现在的值。"""
        return {
            "title": record.title,
            "body": record.body,
            "receiver": record.receiver_id,
            "call": record.call_id,
        }

    def edit(self, record: Contribution, form: Any, actor: Actor) -> None:
        """改稿。"""
        edit(record, form.changes(), actor=actor)

    def act(self, record: Contribution, event: str, form: Any, actor: Actor) -> None:
        """采用的，图片一并收下。"""
        if event != "adopt":
            super().act(record, event, form, actor)
            return
        values = form.cleaned_data
        adopt(
            record,
            values["grade"],
            actor=actor,
            key=form.idempotency_key,
            article=values["article"],
            message=values["message"],
        )

    def facts(self, record: Contribution, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "单位", record.organisation
        yield "报给", record.receiver
        yield "应约", record.call
        yield "报送", record.sent_on and record.sent_on.isoformat()
        yield "期限", "按期" if record.is_on_time else ""
        yield "怎样采用", record.get_grade_display()
        yield "记分", record.points if record.state == "adopted" else ""
        yield "起草", record.created_by

    def record_context(self, record: Contribution, actor: Actor) -> dict[str, Any]:
        """正文；接收一方看得到采用成的稿件。"""
        article = record.article_id
        mine = record.receiver_id == actor.organisation_id and actor.role != "supervisor"
        return {
            "text": mark_safe(html_of(record.body, partial(_picture, record.pk))),  # noqa: S308  只有转义过的文字和白名单里的标签
            "article_href": (
                reverse("workbench:articles-record", args=[article]) if article and mine else ""
            ),
        }

    def extra_routes(self) -> tuple[URLPattern, ...]:
        """文中的图片。"""
        return (self.route("<int:pk>/pictures/<int:version>/", self.picture_view, "picture"),)

    def picture_view(
        self, request: HttpRequest, actor: Actor, pk: int, version: int
    ) -> HttpResponse:
        """文中一张图片的小图。"""
        record = self.get(actor, pk)
        if version not in {b["version"] for b in record.body if b["type"] == "picture"}:
            raise Http404
        found = get_object_or_404(LibraryVersion, pk=version)
        return send(PublicCopy(f"{found.pk}.webp", found.thumbnail, 0, "image/webp"))  # type: ignore[return-value]

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """上级的约稿，自己单位的，报上来的。"""
        if actor.role == "drafter":
            for call in calls_to_answer(actor):
                yield Todo(
                    call.title,
                    f"{reverse('workbench:contributions-new')}?call={call.pk}",
                    "上级约稿",
                    "投稿",
                    f"{call.organisation}约稿",
                    call.due_on,
                    is_asked=True,
                )
        for record in waiting_for(actor):
            yield Todo(
                record.title,
                self.record_href(record.pk),
                record.state_label,
                VERBS[record.state],
                f"{record.organisation}报送" if record.state == "sent" else "投稿",
            )


def _picture(pk: int, block: Mapping[str, Any]) -> str:
    """文中的图片：看得见投稿的就看得见它，资料库是别的单位的也行。"""
    href = reverse("workbench:contributions-picture", args=[pk, block["version"]])
    return format_html('<img src="{}" alt="{}">', href, block["alt"])


def _href(pk: int) -> str:
    return reverse("workbench:contributions-record", args=[pk])


def _organisations(request: Any) -> QuerySet[Organisation]:
    actor: Actor | None = getattr(request, "acting", None)
    return units_seen(actor) if actor else Organisation.objects.none()
