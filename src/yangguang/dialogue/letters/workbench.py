"""文书的工作台：列表，一份文书（预览、还缺什么、下载），从申请起草，随附文件，表格打印。"""

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
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.panels import register as register_panel
from yangguang.dialogue.requests.states import OFFICER
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import store
from yangguang.foundation.files.serving import send as send_file
from yangguang.foundation.files.storing import location
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .circulation import CIRCULATION, WAY_OF_REQUEST
from .forms import DeliveredForm, EncloseForm, LetterForm, SendForm, initial_of
from .gathering import case_facts, composed, draft_faults, form_letter
from .kinds import BY_KIND
from .models import CaseLetter, Enclosure
from .selectors import draftable, letters_of, printable, waiting_for
from .services import DRAFTABLE, draft, edit, enclose, finished_letter, remove_enclosure
from .templates import docx_of
from .typesetting import pdf_of

VERBS = {
    "draft": "写好送审", "in_legality": "合法性审核", "in_secrecy": "保密审查", "in_signing": "签发",
    "signed": "送出", "sent": "记送达",
}  # fmt: skip
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class LetterTable(tables.Table):
    """文书列表。"""

    number = tables.Column(
        "文号", empty_values=(), linkify=lambda record: _href(record.pk), attrs=TIGHT
    )
    kind = tables.Column("文书")
    request = tables.Column("申请", accessor="request__subject")
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()
    written_on = tables.DateColumn(verbose_name="成文", format="Y-m-d", attrs=TIGHT)
    sent_on = tables.DateColumn(verbose_name="送出", format="Y-m-d", attrs=TIGHT)

    class Meta:
        model = CaseLetter
        fields = ("number", "kind", "request", "organisation", "state", "written_on", "sent_on")

    def render_number(self, record: CaseLetter) -> str:
        """没有编号的写明。"""
        return record.number or "（未编号）"

    def render_kind(self, record: CaseLetter) -> str:
        """答复书写明是哪一种。"""
        return record.label


class LetterFilters(django_filters.FilterSet):
    """状态、种类。"""

    state = by_state(CIRCULATION)
    kind = django_filters.ChoiceFilter(
        label="文书",
        choices=[
            (code, kind.outcome.label if kind.outcome else kind.title)
            for code, kind in BY_KIND.items()
            if not kind.is_form
        ],
        empty_label="全部",
    )

    class Meta:
        model = CaseLetter
        fields = ("state", "kind")


class LetterViewSet(RecordViewSet[CaseLetter]):
    """文书。"""

    slug = "letters"
    section = "办"
    label = "答复文书"
    model = CaseLetter
    table = LetterTable
    filters = LetterFilters
    awaiting = frozenset({"in_legality", "in_secrecy", "in_signing"})
    search = ("number", "request__number", "request__subject")
    is_versioned = False
    record_template = "letters/record.html"
    print_template = "letters/print.html"
    gathered = ("enclosures__file",)
    action_forms = {"send": SendForm, "deliver": DeliveredForm}
    empty_text = "还没有文书。从一件申请的记录页起草。"

    def queryset(self, actor: Actor) -> QuerySet[CaseLetter]:
        """新起草的在前。"""
        return super().queryset(actor).order_by("-pk")

    def facts(self, record: CaseLetter, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "文书", record.label
        yield "申请", record.request
        yield "文号", record.number
        yield "成文日期", record.written_on and record.written_on.isoformat()
        yield "签发人", record.signed_by
        yield "给谁", record.addressee or ("申请人" if not record.kind_of.hides_applicant else "")
        yield "怎样送达", record.get_way_display()
        yield "送出", record.sent_on and record.sent_on.isoformat()
        yield "邮件号", record.mail_number
        yield "送达", record.delivered_on and record.delivered_on.isoformat()
        yield "凭据", record.proof

    def record_context(self, record: CaseLetter, actor: Actor) -> dict[str, Any]:
        """预览，还缺什么，随附的文件，能下载的。"""
        shows = record.request.policy.may_show(actor, record.request)
        may_edit = record.policy.may_edit(actor, record)
        return {
            "letter": _shown(record, shows_name=shows),
            "shows_name": shows,
            "may_open": _may_open(record, actor),
            "faults": draft_faults(record) if record.state == "draft" else [],
            "may_download": shows and bool(record.pdf),
            "edit_letter_href": _at("edit-letter", record.pk) if may_edit else "",
            "enclose_href": _at("enclose", record.pk)
            if may_edit and record.kind_of.outcome
            else "",
            "request_href": reverse("workbench:requests-record", args=[record.request_id]),
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """等此人办的文书。"""
        for letter in waiting_for(actor):
            yield Todo(
                f"{letter.label}：{letter.request.subject}", self.record_href(letter.pk),
                letter.state_label, VERBS[letter.state], letter.request.number,
                letter.request.reply_due if letter.state != "sent" else None,
            )  # fmt: skip

    def extra_routes(self) -> Sequence[URLPattern]:
        """起草、修改、随附、下载、表格。"""
        one = "<int:pk>"
        return (
            self.route("for/<int:request_pk>/<slug:kind>/", self.draft_view, "draft"),
            self.route("for/<int:request_pk>/<slug:kind>/form.<slug:form>", self.form_view, "form"),
            self.route(f"{one}/edit-letter/", self.edit_letter_view, "edit-letter"),
            self.route(f"{one}/enclose/", self.enclose_view, "enclose"),
            self.route(f"{one}/enclosures/<int:file>/", self.enclosure_view, "enclosure"),
            self.route(
                f"{one}/enclosures/<int:file>/remove/", require_POST(self.remove_view), "unenclose"
            ),
            self.route(f"{one}/letter.<slug:form>", self.download_view, "download"),
        )

    def draft_view(
        self, request: HttpRequest, actor: Actor, request_pk: int, kind: str
    ) -> HttpResponse:
        """从一件申请起草一份。"""
        found = _request(actor, request_pk)
        if kind not in DRAFTABLE or actor.role not in OFFICER:
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            letter = draft(found, kind, form.values, actor=actor, key=form.idempotency_key)
            messages.success(request, "已起草，请看预览。")
            return redirect(self.record_href(letter.pk))

        initial = {"way": WAY_OF_REQUEST[found.delivery_way]}
        decision = getattr(found, "decision", None)
        if BY_KIND[kind].outcome and decision:
            facts = case_facts(found, shows_name=False)
            initial |= {"reasons": facts.reasons, "harm": facts.harm}
        blank = partial(LetterForm, actor=actor, kind=BY_KIND[kind], request=found, initial=initial)
        context = {
            "heading": f"起草{_title(kind)}：{found}", "submit_label": "存下、看预览", "record": None,
            "list_href": reverse("workbench:requests-record", args=[request_pk]),
        }  # fmt: skip
        return self.fill(request, actor, blank, attempt, "letters/form.html", context)

    def edit_letter_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """改一份起草中的，预览在旁边。"""
        record = self.get(actor, pk)
        if not record.policy.may_edit(actor, record):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            edit(record, form.values, actor=actor)
            messages.success(request, "已存下，请看预览。")
            return redirect(self.record_href(pk))

        blank = partial(
            LetterForm, actor=actor, record=record, kind=record.kind_of, request=record.request,
            initial=initial_of(record),
        )  # fmt: skip
        shows = record.request.policy.may_show(actor, record.request)
        context = {
            "heading": f"修改{record}", "submit_label": "存下、看预览", "record": record,
            "letter": _shown(record, shows_name=shows), "faults": draft_faults(record),
        }  # fmt: skip
        return self.fill(request, actor, blank, attempt, "letters/form.html", context)

    def enclose_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """随附一份文件。"""
        record = self.get(actor, pk)
        if not record.policy.may_edit(actor, record):
            raise Http404

        def attempt(form: Any) -> HttpResponse:
            values = form.cleaned_data
            redaction = values.get("redaction")
            if redaction:
                file = redaction.output
            else:
                upload = values["file"]
                file = store(upload, upload.name, actor=actor, organisation=record.organisation)
            enclose(record, file, values["title"], actor=actor, redaction=redaction)
            messages.success(request, "已附上。")
            return redirect(self.record_href(pk))

        context = {"heading": f"随附文件：{record}", "submit_label": "附上", "record": record}
        blank = partial(EncloseForm, actor=actor, request=record.request)
        return self.fill(request, actor, blank, attempt, "workbench/form.html", context)

    def enclosure_view(
        self, request: HttpRequest, actor: Actor, pk: int, file: int
    ) -> HttpResponse:
        """随附的一份文件。"""
        record = self.get(actor, pk)
        if not _may_open(record, actor):
            raise Http404
        found = get_object_or_404(record.enclosures.select_related("file"), pk=file)
        return send_file(found.file, request=request)  # type: ignore[return-value]

    def remove_view(self, request: HttpRequest, actor: Actor, pk: int, file: int) -> HttpResponse:
        """去掉随附的一份。"""
        record = self.get(actor, pk)
        if not record.policy.may_edit(actor, record):
            raise Http404
        remove_enclosure(get_object_or_404(Enclosure, pk=file, letter=record), actor=actor)
        return redirect(self.record_href(pk))

    def download_view(self, request: HttpRequest, actor: Actor, pk: int, form: str) -> HttpResponse:
        """签发以后的 docx、PDF。"""
        record = self.get(actor, pk)
        digest = {"docx": record.docx, "pdf": record.pdf}.get(form)
        if not digest or not record.request.policy.may_show(actor, record.request):
            raise Http404
        return _file(location(digest).read_bytes(), f"{record.label}{record.number}.{form}", form)

    def form_view(
        self, request: HttpRequest, actor: Actor, request_pk: int, kind: str, form: str
    ) -> HttpResponse:
        """一张表，照现在的事实排出来。"""
        found = _request(actor, request_pk)
        may_print = kind in [each.code for each in printable(found)] and form in TYPES
        if not may_print or not found.policy.may_show(actor, found):
            raise Http404
        letter = form_letter(found, kind, shows_name=True)
        content = docx_of(letter) if form == "docx" else pdf_of(letter).content
        return _file(content, f"{BY_KIND[kind].title}.{form}", form)


def _shown(record: CaseLetter, *, shows_name: bool) -> Any:
    """预览的一份：定稿了的是定稿，没有定稿的照现在的事实。不能显示申请人的，总是隐去姓名的。"""
    if record.sealed and shows_name:
        return finished_letter(record)
    return composed(record, shows_name=shows_name)


def _may_open(record: CaseLetter, actor: Actor) -> bool:
    """随附的文件给谁看：能显示申请人的，和正审着这一份的（不看就审不了，条例第十七条）。"""
    if record.request.policy.may_show(actor, record.request):
        return True
    is_reviewing = any(actor.role in each.roles for each in record.lifecycle.leaving(record.state))
    return is_reviewing and record.organisation_id == actor.organisation_id


def _request(actor: Actor, pk: int) -> DisclosureRequest:
    found: DisclosureRequest = get_object_or_404(DisclosureRequest.policy.visible(actor), pk=pk)
    if found.organisation_id != actor.organisation_id:
        raise Http404
    return found


def _title(kind: str) -> str:
    found = BY_KIND[kind]
    return f"答复书（{found.outcome.label}）" if found.outcome else found.title


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _href(pk: int) -> str:
    return reverse("workbench:letters-record", args=[pk])


def _at(name: str, pk: int) -> str:
    return reverse(f"workbench:letters-{name}", args=[pk])


def panel(request: DisclosureRequest, actor: Actor) -> dict[str, Any]:
    """申请记录页上的一栏：已有的文书，现在可以起草的，可以打印的表格。"""
    own = request.organisation_id == actor.organisation_id
    shows = request.policy.may_show(actor, request)
    return {
        "template": "letters/panel.html",
        "letters": list(letters_of(request)),
        "draftable": [
            (each.label, reverse("workbench:letters-draft", args=[request.pk, each.kind.code]))
            for each in (draftable(request) if own and actor.role in OFFICER else [])
        ],
        "forms": [
            (kind.title, reverse("workbench:letters-form", args=[request.pk, kind.code, "pdf"]))
            for kind in (printable(request) if own and shows else ())
        ],
    }


register(LetterViewSet())
register_panel(panel)
