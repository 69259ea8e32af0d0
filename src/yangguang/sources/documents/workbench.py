"""公文的工作台：收文、核对、送审、签发、发布。"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.codes.listing import CodeColumn
from yangguang.foundation.files.serving import send
from yangguang.foundation.library.attaching import Attached, Attaching
from yangguang.foundation.library.choosing import Choosing
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.selectors import keeper_of, returned
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.forms import ActionForm
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state, organisations_of
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.hub.publications.codes import SUBJECTS
from yangguang.hub.publications.rules import STAGES
from yangguang.hub.screening.selectors import examined_once

from .circulation import CIRCULATION
from .codes import TYPES
from .companions import companions_of
from .disclosure import DISCLOSURES
from .due import AWAITING
from .emergencies import EmergencyViewSet
from .fairness import SHEET_LABELS, SHEET_NAMES
from .forms import (
    AttachForm,
    DelegateForm,
    DocumentActionForm,
    DocumentForm,
    DocumentIntakeForm,
    FairnessForm,
    IssueForm,
    NumberForm,
    ReleaseForm,
    SeriesForm,
    StepsForm,
)
from .interpreting import interpreter, told_of
from .models import (
    FIELD_LABELS,
    Countersignature,
    EmergencyRelease,
    FairnessSheet,
    OfficialDocument,
)
from .planning import Planning
from .prints import printed, want_print
from .register import add_series
from .retyping import typed
from .selectors import numbers_of, paper_of, print_of, rounds, series_of, steps_of, waiting_for
from .services import (
    attach_uploads,
    detach,
    draft,
    edit,
    published_path,
    set_steps,
    take_in,
)
from .word import docx_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
VERBS = {
    "draft": "核对送审",
    "in_review": "审核",
    "in_disclosure_review": "审查公开属性",
    "in_secrecy_review": "保密审查",
    "in_legality_review": "合法性审核",
    "in_fairness_review": "公平竞争审查",
    "in_countersign": "会签",
    "in_approval": "签发",
    "approved": "编号、印发或者发布",
    "numbered": "印发",
    "issued": "发布",
    "published": "补审",
    "revising": "修订",
}


class DocumentTable(tables.Table):
    """公文列表。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    document_number = tables.Column("发文字号", default="", attrs=TIGHT)
    organisation = tables.Column("机关", accessor="organisation__short_name", attrs=TIGHT)
    disclosure = tables.Column("公开属性", default="未确定", attrs=TIGHT)
    state = StateColumn()
    publish_due = tables.Column(
        "上网期限", accessor="publish_due_text", order_by="publish_due", attrs=TIGHT
    )
    document_type = CodeColumn("文种", TYPES, attrgetter("coded_on"), attrs=TIGHT)
    stage = tables.Column("五公开", attrs=TIGHT)
    subject = CodeColumn("主题分类", SUBJECTS, attrgetter("coded_on"))
    written_on = tables.DateColumn(verbose_name="成文日期", format="Y-m-d", attrs=TIGHT)
    created_by = tables.Column("起草", accessor="created_by__display_name", attrs=TIGHT)

    class Meta:
        model = OfficialDocument
        fields = (
            "title", "document_number", "organisation", "disclosure", "state", "publish_due",
            "document_type", "stage", "subject", "written_on", "created_by",
        )  # fmt: skip

    def render_title(self, record: OfficialDocument) -> str:
        """没有标题的也要点得开。"""
        return record.title or "（没有标题）"


class DocumentFilters(django_filters.FilterSet):
    """公文列表的筛选。"""

    state = by_state(CIRCULATION)
    disclosure = django_filters.ChoiceFilter(
        label="公开属性", choices=list(DISCLOSURES.items()), empty_label="全部"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="机关", queryset=lambda request: _organisations(request), empty_label="全部"
    )

    class Meta:
        model = OfficialDocument
        fields = ("state", "disclosure", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.acting.includes_subtree:
            del self.filters["organisation"]


class DocumentViewSet(Attaching, Choosing, Planning):
    """公文。"""

    slug = "documents"
    section = "办"
    label = "公文"
    model = OfficialDocument
    table = DocumentTable
    filters = DocumentFilters
    awaiting = frozenset({"in_review", "in_approval"})
    search = ("title", "document_number")
    sorted_at_any_size = ("publish_due", "written_on")
    optional_columns = ("document_type", "stage", "subject", "written_on", "created_by")
    create_form = DocumentIntakeForm
    create_label = "收文"
    create_submit = "读取"
    create_template = "documents/intake.html"
    edit_form = DocumentForm
    edit_label = "核对、修改"
    edit_template = "documents/edit.html"
    action_forms = {
        "countersign": ActionForm,
        "pass_fairness": FairnessForm,
        "delegate": DelegateForm,
        "number": NumberForm,
        "issue": IssueForm,
        "release": ReleaseForm,
    }
    list_template = "documents/list.html"
    record_template = "documents/record.html"
    print_template = "documents/print.html"
    attach_form = AttachForm
    downloads = True
    gathered = (
        "columns",
        "topics",
        "document_attachments",
        "prints",
        Prefetch(
            "countersignatures", Countersignature.objects.select_related("organisation", "by")
        ),
        Prefetch("fairness_sheets", FairnessSheet.objects.select_related("by")),
        Prefetch("releases", EmergencyRelease.objects.select_related("by", "reviewed_by")),
    )

    def queryset(self, actor: Actor) -> QuerySet[OfficialDocument]:
        """新收的在前。"""
        return super().queryset(actor).order_by("-pk")

    def create(self, form: Any, actor: Actor) -> OfficialDocument:
        """收文，连同附件。"""
        values = form.cleaned_data
        uploads = [(f.name, f.read()) for f in values["attachments"]]
        return take_in(
            values["text"],
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor,
            key=form.idempotency_key,
            uploads=uploads,
            unread=values["unread"],
        )

    def after_create(self, request: HttpRequest, record: OfficialDocument) -> HttpResponse:
        """收下之后就去核对：左边原文，右边要素。"""
        doubts = "、".join(FIELD_LABELS.get(name, name) for name in record.uncertain)
        told = f"拿不准的有：{doubts}，请对照原文核对。" if doubts else "请对照原文看一遍。"
        messages.success(request, f"已收下，读出的要素在右边。{told}")
        return redirect(reverse("workbench:documents-edit", args=[record.pk]))

    def initial(self, record: OfficialDocument) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name)
            for name in DocumentForm.base_fields
            if hasattr(record, name)
        }
        signed = list(record.countersignatures.select_related("organisation"))
        return values | {
            "columns": record.columns.all(),
            "topics": record.topics.all(),
            "body": typed(record.body),
            "joint": [each.organisation.name for each in signed if each.is_issuer],
            "consulted": [each.organisation.name for each in signed if not each.is_issuer],
        }

    def edit(self, record: OfficialDocument, form: Any, actor: Actor) -> None:
        """改要素和正文。"""
        edit(
            record, form.changes(), actor=actor, columns=form.cleaned_data["columns"],
            topics=form.cleaned_data.get("topics"), signatories=form.signatories,
        )  # fmt: skip

    def action_form(
        self, actor: Actor, record: OfficialDocument, transition: Transition
    ) -> Callable[..., ActionForm]:
        """要看公文自己的动作，把公文给它。"""
        blank = super().action_form(actor, record, transition)
        chosen = self.action_forms.get(transition.event)
        if chosen is not None and issubclass(chosen, DocumentActionForm):
            return partial(blank, record=record)
        return blank

    def also_kept(self, record: OfficialDocument) -> Iterable[tuple[str, str]]:
        """附件的名称，一行一个；解读方案。"""
        yield "附件", "\n".join(file.name for file in record.files())
        if (plan := record.plan) is not None:
            rows = told_of(plan, by=interpreter(record.issuers, record.organisation.name))
            yield "解读方案", "\n".join(f"{label}：{text}" for label, text in rows)

    def layout(self, record: OfficialDocument) -> dict[str, Any]:
        """正文的块：居中、靠右、标题、表格。"""
        return {"body": record.body}

    def facts(self, record: OfficialDocument, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        document_type, subject = record.wordings
        yield "发文字号", record.document_number
        yield "机关", record.organisation
        yield "发文机关", "、".join(record.issuers)
        yield "主送机关", "、".join(record.addressees)
        yield "抄送机关", "、".join(record.copied_to)
        yield "文种", document_type
        yield "成文日期", record.written_on and record.written_on.isoformat()
        yield "印发日期", record.issued_on and record.issued_on.isoformat()
        yield "上网期限", record.publish_due_text
        yield "公开属性", record.get_disclosure_display() or "未确定"
        if record.disclosure != "proactive":
            yield "理由类别", record.ground_label
            yield "理由", record.disclosure_reason
        kinds = ("is_norm", "is_major_decision", "touches_operators", "is_policy")
        yield "性质", "、".join(_label(name) for name in kinds if getattr(record, name))
        if record.original_disclosure:
            original = record.get_original_disclosure_display()
            yield "转发", f"{record.original_number or '原文'}（{original}）"
        yield "五公开", STAGES.get(record.stage, "")
        yield "主题分类", subject
        yield "有效性", record.get_validity_display()
        yield "栏目", "、".join(column.name for column in record.columns.all())
        yield "专题", "、".join(topic.name for topic in record.topics.all())
        yield "起草", record.created_by
        keeper = keeper_of(record)
        yield "经办", keeper if keeper != record.created_by else ""
        yield "转请办理", record.assigned_to

    def record_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页：守卫和三关一块只看一遍内容。"""
        with examined_once():
            return super().record_view(request, actor, pk)

    def record_context(self, record: OfficialDocument, actor: Actor) -> dict[str, Any]:
        """正文、附件、解读方案、存疑，PDF 排到哪一步，公开页面的地址。"""
        made = print_of(record)
        return (
            self.attachments_context(record)
            | self.planning_context(record, actor)
            | {
                "uncertain": [FIELD_LABELS.get(name, name) for name in record.uncertain],
                "public_path": published_path(record),
                "signatures": list(record.countersignatures.all()),
                "sheet": _sheet(record),
                "releases": list(record.releases.all()),
                "companions": companions_of(record, actor),
                "made": made,
                "may_typeset": made is None or made.may_be_asked(timezone.now()),
            }
        )

    def told(self, record: OfficialDocument, done: Sequence[TransitionRecord]) -> dict[str, Any]:
        """上一轮、这一轮送审时各是第几版。"""
        return {"rounds": rounds(record, done)}

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的公文。"""
        documents = list(waiting_for(actor))
        sent_back = returned(OfficialDocument, documents)
        for document in documents:
            back = sent_back.get(document.pk)
            if back:
                why = f"“{back.message}”"
            elif document.state == "published":
                why = "紧急发布的，事后补审"
            elif document.state in AWAITING and document.issued_on and document.publish_due:
                why = f"{document.issued_on.isoformat()} 印发，20 个工作日内上网（条例第二十六条）"
                if document.publish_due_provisional:
                    why += "；放假安排尚未录入，期限是暂定的"
            else:
                why = document.document_number
            yield Todo(
                document.title or "（没有标题）",
                self.record_href(document.pk),
                document.state_label,
                "修改" if back else VERBS[document.state],
                why,
                document.publish_due if document.state in AWAITING else None,
                is_returned=back is not None,
            )

    def extra_routes(self) -> Sequence[URLPattern]:
        """起草；本机构的步骤、发文登记簿；公文格式的 docx、PDF；附件：加、去、取。"""
        return (
            self.route("draft/", self.draft_view, "draft"),
            self.route("steps/", self.steps_view, "steps"),
            self.route("numbers/", self.numbers_view, "numbers"),
            self.route("<int:pk>/paper/", self.paper_view, "paper"),
            self.planning_route(),
            self.route("<int:pk>/pdf/", self.pdf_view, "pdf"),
            self.route("<int:pk>/typeset/", require_POST(self.typeset_view), "typeset"),
            *self.attachment_routes(),
        )

    def draft_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """从头起草。"""
        if not self.may_create(actor):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            record = draft(
                form.changes(),
                organisation=Organisation.objects.get(pk=actor.organisation_id),
                actor=actor,
                key=form.idempotency_key,
                columns=form.cleaned_data["columns"],
                topics=form.cleaned_data.get("topics", ()),
                signatories=form.signatories,
            )
            return self.after_draft(request, record)

        context = {"heading": "起草", "submit_label": "保存", "record": None}
        blank = partial(DocumentForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def after_draft(self, request: HttpRequest, record: OfficialDocument) -> HttpResponse:
        """起草之后去记录页：能不能送审、缺什么，那里写着。"""
        messages.success(request, "已存为起草中的一份。")
        return redirect(self.record_href(record.pk))

    def steps_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """本机构的公文走哪几步，由签发人定。"""
        if actor.role != "approver":
            raise Http404
        organisation = get_object_or_404(Organisation, pk=actor.organisation_id)

        def attempt(form: Any) -> HttpResponse:
            set_steps(organisation, form.cleaned_data["steps"], actor=actor)
            messages.success(request, "步骤已定。")
            return redirect(self.list_href())

        context = {
            "heading": f"{organisation.short_name}的公文走哪几步",
            "submit_label": "定下",
            "record": None,
        }
        blank = partial(StepsForm, actor=actor, initial={"steps": list(steps_of(organisation))})
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def numbers_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """发文登记簿：本机构各机关代字编到几号、给了哪份公文、作废了哪些；签发人登记代字。"""
        organisation = get_object_or_404(Organisation, pk=actor.organisation_id)
        if request.method == "POST" and actor.role != "approver":
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            series = add_series(organisation, values["code"], used=values["used"], actor=actor)
            messages.success(request, f"已登记机关代字“{series}”。")
            return redirect(request.path)

        entries = numbers_of(organisation)
        years = sorted({each.year for each in entries}, reverse=True)
        context = {
            "heading": f"{organisation.short_name}的发文登记簿",
            "submit_label": "登记",
            "record": None,
            "years": [(year, [each for each in entries if each.year == year]) for year in years],
            "series": list(series_of(organisation)),
        }
        blank = partial(SeriesForm, actor=actor)
        return self.fill(request, actor, blank, attempt, "documents/numbers.html", context)

    def paper_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """照公文格式排好的 docx。"""
        record = self.get(actor, pk)
        name = f"{record.title[:60] or '公文'}.docx"
        return HttpResponse(
            docx_of(paper_of(record)),
            content_type=DOCX,
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )

    def pdf_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """照公文格式排好的 PDF；没有排好的 404。"""
        made = printed(self.get(actor, pk))
        if made is None:
            raise Http404
        return send(made, request=request)  # type: ignore[return-value]

    def typeset_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """要一份 PDF。看得到公文的都能要：排好的与 docx 是同样的内容。"""
        want_print(self.get(actor, pk), actor=actor)
        messages.success(request, "正在排成 PDF，过一会儿刷新再看。")
        return redirect(self.record_href(pk))

    # ---- 附件 ----

    def attached(self, record: OfficialDocument) -> Iterable[Attached]:
        """各个附件。"""
        return [Attached(each.pk, each.file) for each in record.document_attachments.all()]

    def attach(self, record: OfficialDocument, form: Any, actor: Actor) -> str:
        """上传的几份，连同资料库里选的一份。"""
        uploads = [(f.name, f.read()) for f in form.cleaned_data["attachments"]]
        item = form.cleaned_data["item"]
        chosen = [item.version.file] if item else []
        attach_uploads(record, uploads, chosen, actor=actor)
        return f"已加 {len(uploads) + len(chosen)} 个附件。"

    def detach(self, record: OfficialDocument, number: int, actor: Actor) -> None:
        """去掉一个附件。"""
        detach(record, number, actor=actor)


def _sheet(record: OfficialDocument) -> list[tuple[str, str]]:
    """最近一张公平竞争审查表，名称和填的；没有的为空。"""
    sheets = list(record.fairness_sheets.all())
    if not sheets:
        return []
    found = sheets[-1]
    told = [(label, _told(name, found.content.get(name))) for name, label in SHEET_LABELS.items()]
    return [(label, text) for label, text in told if text] + [("审查人", str(found.by))]


def _told(name: str, value: Any) -> str:
    names = SHEET_NAMES.get(name, {})
    values = value if isinstance(value, list) else [value] if value else []
    return "；".join(names.get(each, str(each)) for each in values)


def _label(name: str) -> str:
    return str(OfficialDocument._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _href(pk: int) -> str:
    return reverse("workbench:documents-record", args=[pk])


def _organisations(request: HttpRequest | None) -> QuerySet[Organisation]:
    """筛选里可选的机关：此人看得见的公文涉及的。"""
    actor: Actor | None = getattr(request, "acting", None)
    visible = OfficialDocument.policy.visible(actor)
    return organisations_of(visible)


register(DocumentViewSet())
register(EmergencyViewSet())
