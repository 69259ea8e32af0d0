"""政策解读的工作台：起草、审核、签发、发布；该解读的公文，过了期限的最前。"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.library.attaching import Attached, Attaching
from yangguang.foundation.library.choosing import Choosing
from yangguang.foundation.lifecycle.selectors import keeper_of, returned
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state, organisations_of
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.hub.publications.naming import public_path
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.screening.selectors import examined_once
from yangguang.sources.documents.forms import AttachForm
from yangguang.sources.documents.interpreting import FORMS
from yangguang.sources.documents.models import OfficialDocument

from .circulation import CIRCULATION
from .forms import InterpretationForm, named
from .models import Interpretation
from .rules import PARTS, blocks_of, percent
from .selectors import (
    begun_for,
    is_late,
    left_of,
    most_copied,
    owed,
    pictures_of,
    published_path,
    subject_of,
    unwritten,
    waiting_for,
)
from .services import attach, caption, detach, draft, edit

VERBS = {
    "draft": "写好送审",
    "in_review": "审核",
    "in_approval": "签发",
    "approved": "发布",
    "revising": "修订",
}
MOST_OWED = 200
"""一页最多列多少份该解读的。"""


class InterpretationTable(tables.Table):
    """政策解读列表。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    form = tables.Column("形式", attrs=TIGHT)
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()
    subject = tables.Column("所解读的文件", orderable=False)
    deadline = tables.DateColumn(
        verbose_name="解读期限", format="Y-m-d", attrs=TIGHT, orderable=False
    )
    updated_at = tables.DateTimeColumn(verbose_name="更新", format="Y-m-d H:i", attrs=TIGHT)
    created_by = tables.Column("起草", accessor="created_by__display_name", attrs=TIGHT)

    class Meta:
        model = Interpretation
        fields = (
            "title", "form", "organisation", "state", "subject", "deadline", "updated_at",
            "created_by",
        )  # fmt: skip


class InterpretationFilters(django_filters.FilterSet):
    """列表的筛选。"""

    state = by_state(CIRCULATION)
    form = django_filters.ChoiceFilter(
        label="形式", choices=list(FORMS.items()), empty_label="全部"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="机关", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = Interpretation
        fields = ("state", "form", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.acting.includes_subtree:
            del self.filters["organisation"]


class InterpretationViewSet(Attaching, Choosing, RecordViewSet[Interpretation]):
    """政策解读。"""

    slug = "interpretations"
    section = "办"
    label = "政策解读"
    model = Interpretation
    table = InterpretationTable
    filters = InterpretationFilters
    awaiting = frozenset({"in_review", "in_approval"})
    search = ("title",)
    sorted_at_any_size = ("updated_at",)
    optional_columns = ("created_by",)
    create_form = InterpretationForm
    create_label = "写解读"
    edit_form = InterpretationForm
    list_template = "interpretations/list.html"
    record_template = "interpretations/record.html"
    print_template = "interpretations/print.html"
    attach_form = AttachForm
    captioned = True
    downloads = True
    gathered = ("columns",)

    def queryset(self, actor: Actor) -> QuerySet[Interpretation]:
        """新写的在前。"""
        return super().queryset(actor).order_by("-pk")

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从“该解读的”来的，文件已经写好。"""
        return {"about": query.get("about", "")}

    def create(self, form: Any, actor: Actor) -> Interpretation:
        """起草。"""
        return draft(
            form.changes(),
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor,
            key=form.idempotency_key,
            columns=list(form.cleaned_data["columns"]),
        )

    def initial(self, record: Interpretation) -> dict[str, Any]:
        """现在的值。"""
        names = ("title", "form", "interpreters", "address", "is_transcribed", "stage")
        return {
            **{name: getattr(record, name) for name in names},
            **{code: record.parts.get(code, "") for code in PARTS},
            "about": named(record),
            "columns": record.columns.all(),
        }

    def edit(self, record: Interpretation, form: Any, actor: Actor) -> None:
        """修改。"""
        edit(record, form.changes(), actor=actor, columns=list(form.cleaned_data["columns"]))

    def also_kept(self, record: Interpretation) -> Iterable[tuple[str, str]]:
        """附件的名称、图片的替代文字、字幕的名称，一行一个。"""
        yield "附件", "\n".join(file.name for file in record.files())
        pictures = (f"{each}：{each.alternative}" for each in pictures_of(record))
        yield "图片的替代文字", "\n".join(pictures)
        told = (each.captions for each in self.captionable(record))
        yield "字幕", "\n".join(captions.name for captions in told if captions)

    def facts(self, record: Interpretation, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "所解读的文件", record.subject
        yield "形式", record.get_form_display()
        yield "解读人", record.interpreters
        yield "机关", record.organisation
        yield "作品的地址", record.address
        most = percent(most_copied(record))
        yield "与文件相同", f"{percent(record.copied)}（最多 {most}）"
        if record.document is not None and record.deadline is not None:
            left = left_of(record.document, reading_day(), Calendars())
            told = f"{record.document.interpretation_due_text}（{left.words}）" if left else ""
            yield "解读期限", told
        yield "文字稿", "文字里有" if record.is_transcribed else ""
        yield "五公开", STAGES.get(record.stage, "")
        yield "栏目", "、".join(column.name for column in record.columns.all())
        yield "起草", record.created_by
        keeper = keeper_of(record)
        yield "经办", keeper if keeper != record.created_by else ""

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页：守卫和三关一块只看一遍内容。"""
        with examined_once():
            return super().record_view(request, actor, pk)

    def record_context(self, record: Interpretation, actor: Actor) -> dict[str, Any]:
        """文字、附件，和两边的公开页面。"""
        document = OfficialDocument.policy.visible(actor).filter(interpretations=record).first()
        return self.attachments_context(record) | {
            "blocks": blocks_of(record.parts),
            "pictures": pictures_of(record),
            "public_path": published_path(record),
            "subject_path": public_path(subject_of(record)),
            "document_href": reverse("workbench:documents-record", args=[document.pk])
            if document
            else "",
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的解读，和该解读、还没有起草的公文。"""
        records = list(waiting_for(actor))
        sent_back = returned(Interpretation, records)
        for record in records:
            back = sent_back.get(record.pk)
            yield Todo(
                record.title,
                self.record_href(record.pk),
                record.state_label,
                "修改" if back else VERBS[record.state],
                f"“{back.message}”" if back else f"解读“{record.subject}”",
                record.deadline,
                is_returned=back is not None,
            )
        for document in unwritten(actor):
            yield Todo(
                f"解读：{document}",
                self._writing_href(document),
                "该解读",
                "起草解读",
                "与文件同步发布，最迟在解读期限以内",
                document.interpretation_due,
            )

    def extra_routes(self) -> Sequence[URLPattern]:
        """该解读的公文；附件：加、去、取。"""
        return (self.route("owed/", self.owed_view, "owed"), *self.attachment_routes())

    def owed_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """签发了、还没有发布解读的公文：过了期限的最前。"""
        today, found = reading_day(), list(owed(actor)[: MOST_OWED + 1])
        documents = found[:MOST_OWED]
        begun, calendars = begun_for(documents, actor), Calendars()
        rows = [
            {
                "document": each,
                "left": left_of(each, today, calendars),
                "href": reverse("workbench:documents-record", args=[each.pk]),
                "begun": begun.get(each.pk),
                "writing_href": self._writing_href(each)
                if self.may_create(actor) and each.organisation_id == actor.organisation_id
                else "",
            }
            for each in documents
        ]
        context = self._context(actor) | {
            "rows": rows,
            "late": sum(1 for each in documents if is_late(each, today)),
            "most": MOST_OWED if len(found) > MOST_OWED else 0,
        }
        return render(request, "interpretations/owed.html", context)

    def _writing_href(self, document: OfficialDocument) -> str:
        query = QueryDict(mutable=True)
        query["about"] = document.document_number or document.title
        return f"{reverse('workbench:interpretations-new')}?{query.urlencode()}"

    # ---- 附件 ----

    def attached(self, record: Interpretation) -> Iterable[Attached]:
        """各个附件。"""
        for each in record.attachments.select_related("file", "captions"):
            yield Attached(each.pk, each.file, captions=each.captions)

    def attach(self, record: Interpretation, form: Any, actor: Actor) -> str:
        """上传的几份，连同资料库里选的一份。"""
        uploads = [(f.name, f.read()) for f in form.cleaned_data["attachments"]]
        item = form.cleaned_data["item"]
        attach(record, uploads, item, actor=actor)
        return f"已加 {len(uploads) + bool(item)} 个附件。"

    def detach(self, record: Interpretation, number: int, actor: Actor) -> None:
        """去掉一个附件。"""
        detach(record, number, actor=actor)

    def caption(self, record: Interpretation, number: int, item: Any, actor: Actor) -> None:
        """配上、去掉字幕。"""
        caption(record, number, item, actor=actor)


def _href(pk: int) -> str:
    return reverse("workbench:interpretations-record", args=[pk])


def _organisations(request: HttpRequest | None) -> QuerySet[Organisation]:
    """筛选里可选的机关：此人看得见的解读涉及的。"""
    visible = Interpretation.policy.visible(getattr(request, "acting", None))
    return organisations_of(visible)


register(InterpretationViewSet())
