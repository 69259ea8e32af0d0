"""遮盖处理：传一份文件，在各页上画框，制作，核对。"""

import io
from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.html import format_html

from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.panels import register as register_panel
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.rules import DOCX, PDF
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.files.serving import send
from yangguang.foundation.lifecycle.rules import Transition
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.registry import register
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .forms import MarksForm, RedactionForm, ticked
from .marking import counted, pages_of, told
from .models import Redaction
from .opening import VIEW_DPI, opened
from .rules import CHECKERS, OFFICER, REDACTING
from .selectors import redactions_of, waiting_for
from .services import begin, begin_with, content_of, make, mark, matches

GARBLED = "有一个框认不出来，没有存下。请刷新这一页重画。"


class RedactionTable(tables.Table):
    """遮盖件列表。"""

    title = tables.Column("文件名称", linkify=lambda record: _href(record.pk))
    request = tables.Column("申请编号", accessor="request__number", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()
    created_at = tables.DateColumn(verbose_name="建立", format="Y-m-d", attrs=TIGHT)

    class Meta:
        model = Redaction
        fields = ("title", "request", "organisation", "state", "created_at")


class RedactionFilters(django_filters.FilterSet):
    """状态。"""

    state = by_state(REDACTING)

    class Meta:
        model = Redaction
        fields = ("state",)


class RedactionViewSet(RecordViewSet[Redaction]):
    """遮盖处理。"""

    slug = "redactions"
    section = "办"
    label = "遮盖处理"
    model = Redaction
    table = RedactionTable
    filters = RedactionFilters
    awaiting = frozenset({"done"})
    search = ("title", "request__number")
    create_form = RedactionForm
    create_label = "遮盖一份文件"
    create_submit = "打开文件"
    record_template = "redaction/record.html"
    empty_text = "还没有遮盖件。"

    def queryset(self, actor: Actor) -> QuerySet[Redaction]:
        """新来的在前。"""
        return super().queryset(actor).order_by("-pk")

    def suggested(self, query: QueryDict) -> dict[str, Any]:
        """从申请来的，编号填好。"""
        return {"request": query.get("request", "")[:24]}

    def create(self, form: Any, actor: Actor) -> Redaction:
        """打开一份文件。"""
        values, key = form.cleaned_data, form.idempotency_key
        request: DisclosureRequest = values["request"]
        if existing := values.get("existing"):
            return begin_with(request, values["title"], file=existing, actor=actor, key=key)
        upload = values["file"]
        return begin(
            request, values["title"], content=upload.read(), name=upload.name, actor=actor, key=key
        )

    def after_create(self, request: HttpRequest, record: Redaction) -> HttpResponse:
        """接着画框。"""
        return redirect("workbench:redactions-marks", record.pk)

    def act(self, record: Redaction, event: str, form: Any, actor: Actor) -> None:
        """制作的，做文件不在事务里；页数多的交给后台。"""
        if event == "make":
            make(record, actor=actor, key=form.idempotency_key)
            return
        super().act(record, event, form, actor)

    def done_message(self, record: Redaction, transition: Transition) -> str:
        """交给后台的，还没有做成。"""
        if transition.event == "make" and record.is_being_made:
            return "已交给后台制作。"
        return super().done_message(record, transition)

    def facts(self, record: Redaction, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        found = counted(record)
        yield "申请", _request_link(record)
        yield "页数", f"{record.pages} 页"
        yield "遮盖", f"{found['boxes']} 处"
        yield "整页不予公开", f"{found['withheld']} 页" if found["withheld"] else ""
        yield "机构", record.organisation
        yield "建立", record.created_by

    def record_context(self, record: Redaction, actor: Actor) -> dict[str, Any]:
        """两份文件，做成的各页。"""
        made = range(1, record.pages + 1) if record.output else ()
        return {
            "left": counted(record)["left"],
            "may_see_bare": _may_see_bare(record, actor),
            "may_mark": self.model.policy.may_edit(actor, record),
            "is_word": record.source.media_type == DOCX,
            "made_pages": [(n, _made_href(record.pk, n), *_size(record, n)) for n in made],
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """自己没有做完的，等着核对的。"""
        if actor.role not in OFFICER | CHECKERS:
            return
        for record in waiting_for(actor):
            yield Todo(
                record.title,
                self.record_href(record.pk),
                record.state_label,
                "核对" if record.state == "done" else "画框制作",
                f"申请 {record.request.number}",
                record.request.reply_due,
            )

    def extra_routes(self) -> tuple[URLPattern, ...]:
        """画框，各页的画面，两份文件。"""
        return (
            self.route("<int:pk>/marks/", self.marks_view, "marks"),
            self.route("<int:pk>/pages/<int:page>/", self.page_view, "page"),
            self.route("<int:pk>/made/<int:page>/", self.made_view, "made"),
            self.route("<int:pk>/source/", self.source_view, "source"),
            self.route("<int:pk>/output/", self.output_view, "output"),
        )

    # ---- 画框 ----

    def marks_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """在各页上画框、打勾，查找几个词。现在不能改的，回到记录页说明。"""
        record = self.get(actor, pk)
        if not self.model.policy.may_create(actor):
            raise Http404
        if not self.model.policy.may_edit(actor, record):
            messages.warning(request, self.edit_refusal(record, actor))
            return redirect(self.record_href(pk))
        if request.method != "POST":
            return self._marks(request, actor, record, self._marks_form(actor, record))
        form = MarksForm(request.POST, actor=actor)
        boxes, withheld, is_whole = ticked(request.POST)
        context: dict[str, Any] = {"boxes": boxes, "withheld": withheld}
        if not form.is_valid():
            return self._marks(request, actor, record, form, **context)
        try:
            if not is_whole:
                raise Refused([GARBLED])
            boxes += form.typed
            if request.POST.get("do") == "find":
                found = matches(record, form.wanted)
                context |= {"found": found, "told": told(found, form.wanted, boxes)}
                return self._marks(request, actor, record, form, **context)
            mark(record, boxes, withheld, actor=actor, seen=form.seen_at)
        except (Refused, FileRefused) as refused:
            if isinstance(refused, Classified):
                form = self._marks_form(actor, record)
            return self._marks(
                request, actor, record, form, refusals=refused.reasons, **context
            )  # fmt: skip
        messages.success(
            request, f"已存下：遮盖 {len(record.boxes)} 处。看过没有漏的，就可以制作。"
        )
        return redirect(self.record_href(pk))

    def _marks_form(self, actor: Actor, record: Redaction) -> MarksForm:
        return MarksForm(actor=actor, initial={"seen": record.updated_at.isoformat()})

    def _marks(
        self, request: HttpRequest, actor: Actor, record: Redaction, form: MarksForm, **given: Any
    ) -> HttpResponse:
        refusals = given.get("refusals", [])
        boxes, withheld = given.get("boxes", record.marks), given.get("withheld", record.withheld)
        context = self._context(actor) | {
            "heading": f"画框：{record}",
            "record": record,
            "record_href": self.record_href(record.pk),
            "form": form,
            "refusals": refusals,
            "told": given.get("told", ""),
            "pages": pages_of(record, boxes, withheld, given.get("found", ())),
            "is_word": record.source.media_type == DOCX,
        }
        wrong = bool(refusals or form.errors)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return render(request, "redaction/marks.html", context, status=status)

    # ---- 画面和文件 ----

    def page_view(self, request: HttpRequest, actor: Actor, pk: int, page: int) -> HttpResponse:
        """原件的一页。"""
        record = self._bare(actor, pk)
        return _picture(record, page, record.view_sha256, record.view_type)

    def _bare(self, actor: Actor, pk: int) -> Redaction:
        """还没有遮盖的：本机构能显示申请人的、要核对的才看得到。"""
        record = self.get(actor, pk)
        if not _may_see_bare(record, actor):
            raise Http404
        return record

    def made_view(self, request: HttpRequest, actor: Actor, pk: int, page: int) -> HttpResponse:
        """做成的一页。"""
        record = self.get(actor, pk)
        if record.output is None:
            raise Http404
        return _picture(record, page, record.output.sha256, PDF)

    def source_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """原件。"""
        record = self._bare(actor, pk)
        return _private(send(record.source, request=request))  # type: ignore[arg-type]

    def output_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """做成的一份。"""
        record = self.get(actor, pk)
        if record.output is None:
            raise Http404
        return _private(send(record.output, request=request, as_attachment=True))  # type: ignore[arg-type]


def _may_see_bare(record: Redaction, actor: Actor) -> bool:
    is_checking = actor.role in CHECKERS and record.organisation_id == actor.organisation_id
    return is_checking or record.request.policy.may_show(actor, record.request)


def _picture(record: Redaction, page: int, sha256: str, media_type: str) -> HttpResponse:
    """一页的画面，看过不留在浏览器里。"""
    if not 1 <= page <= record.pages:
        raise Http404
    stream = io.BytesIO()
    try:
        with opened(content_of(sha256), media_type, is_known=True) as pages:
            pages.picture(page, VIEW_DPI).save(stream, "PNG", compress_level=3)
    except FileRefused as refused:
        told = "".join(refused.reasons)
        return HttpResponse(told, "text/plain; charset=utf-8", status=HTTPStatus.CONFLICT)
    return _private(HttpResponse(stream.getvalue(), content_type="image/png"))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _size(record: Redaction, page: int) -> tuple[int, int]:
    width, height = record.sheets[page - 1]
    return 1000, round(1000 * height / width)


def _request_link(record: Redaction) -> str:
    href = reverse("workbench:requests-record", args=[record.request_id])
    return format_html('<a href="{}">{}</a>', href, record.request)


def _href(pk: int) -> str:
    return reverse("workbench:redactions-record", args=[pk])


def _made_href(pk: int, page: int) -> str:
    return reverse("workbench:redactions-made", args=[pk, page])


def panel(request: DisclosureRequest, actor: Actor) -> dict[str, Any] | None:
    """申请记录页上的一栏：已有的遮盖件，经办人可以再遮一份。"""
    may_begin = actor.role in OFFICER and request.organisation_id == actor.organisation_id
    found = list(redactions_of(request))
    if not found and not may_begin:
        return None
    new = f"{reverse('workbench:redactions-new')}?request={request.number}"
    return {
        "template": "redaction/panel.html",
        "redactions": found,
        "new_href": new if may_begin else "",
    }


register(RedactionViewSet())
register_panel(panel)
