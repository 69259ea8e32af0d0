"""政府公报的界面：编一期、选文件、排次序、看排好的 PDF、签发、公布。"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.serving import send
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.todos import Todo
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import published_path

from ..circulation import CIRCULATION, DISTRIBUTED
from ..forms import IssueForm
from ..models import GazetteEntry, GazetteIssue
from ..past import written
from ..publications import PDF, Made
from ..rules import SECTIONS, STANDINGS, WAITING
from ..selectors import (
    articles_of,
    candidates,
    government_of,
    latest_first,
    print_of,
    scan_of,
    suggested_section,
)
from ..services import (
    drop_entry,
    edit_issue,
    open_issue,
    place_entry,
    printed,
    renew_entry,
    take_entry,
)
from .distribution import DistributionScreens
from .past import PastScreens

PAGE = 20
VERBS = {"draft": "编辑", "in_approval": "签发", "approved": "公布"}
STEPS = {"up": -1, "down": 1}
LONGEST_ID = 19
"""编号不到这么多位。"""


class GazetteTable(tables.Table):
    """各期。"""

    title = tables.Column(
        "公报",
        empty_values=(),
        linkify=lambda record: _href(record.pk),
        order_by=("year", "number"),
    )
    running = tables.Column("总期号", attrs=TIGHT)
    dated_on = tables.DateColumn(verbose_name="出版", format="Y-m-d", default="", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = GazetteIssue
        fields = ("title", "running", "dated_on", "state")

    def render_title(self, record: GazetteIssue) -> str:
        """名称和期号。"""
        return str(record)


class GazetteFilters(django_filters.FilterSet):
    """按年份、状态筛选。"""

    year = django_filters.NumberFilter(label="年份")
    state = by_state(CIRCULATION)

    class Meta:
        model = GazetteIssue
        fields = ("year", "state")


class GazetteViewSet(PastScreens, DistributionScreens):
    """政府公报。"""

    slug = "gazette"
    section = "办"
    label = "政府公报"
    model = GazetteIssue
    table = GazetteTable
    filters = GazetteFilters
    search = ("name", "licence")
    create_form = IssueForm
    create_label = "编一期"
    edit_form = IssueForm
    list_template = "gazette/issues.html"
    record_template = "gazette/record.html"

    def queryset(self, actor: Actor) -> QuerySet[GazetteIssue]:
        """新的一期在前。"""
        return latest_first(super().queryset(actor))

    def create(self, form: Any, actor: Actor) -> GazetteIssue:
        """编一期。"""
        return open_issue(
            form.values(), organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor, key=form.idempotency_key, columns=list(form.cleaned_data["columns"]),
        )  # fmt: skip

    def initial(self, record: GazetteIssue) -> dict[str, Any]:
        """现在的值。"""
        values = {
            name: getattr(record, name) for name in IssueForm.base_fields if hasattr(record, name)
        }
        scan = scan_of(record)
        contents = {"contents": written(scan.contents)} if scan else {}
        return values | contents | {"columns": record.columns.all()}

    def edit(self, record: GazetteIssue, form: Any, actor: Actor) -> None:
        """改。"""
        edit_issue(
            record, form.values(), actor=actor, columns=list(form.cleaned_data["columns"]),
            contents=form.cleaned_data.get("contents"),
        )  # fmt: skip

    def facts(self, record: GazetteIssue, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "主办", record.organisation
        yield "总期号", record.running
        yield "准印证号", record.licence
        yield "出版日期", record.dated_on and record.dated_on.isoformat()
        yield "栏目", "、".join(column.name for column in record.columns.all())

    def record_context(self, record: GazetteIssue, actor: Actor) -> dict[str, Any]:
        """篇目（选入了以后，编的时候空着的栏目也列出来）、排版走到哪一步、公开页面的地址。"""
        if (scan := scan_of(record)) is not None:
            return {"scan": scan, "public_path": published_path(record, "gazette_issue")}
        articles, may_arrange = articles_of(record), self.may_edit(record, actor)
        sections = [
            (code, label, [each for each in articles if each.section == code])
            for code, label in SECTIONS.items()
        ]
        return {
            "groups": [each for each in sections if each[2] or (articles and may_arrange)],
            "sections": list(SECTIONS.items()),
            "standings": STANDINGS,
            "total": len(articles),
            "made": print_of(record, articles) if articles else None,
            "waiting": WAITING,
            "public_path": published_path(record, "gazette_issue"),
            "may_arrange": may_arrange,
            "is_printed": record.state in DISTRIBUTED,
        }

    def queried_context(
        self, record: GazetteIssue, actor: Actor, query: QueryDict
    ) -> dict[str, Any]:
        """候选，一页二十份，可以按标题、文号找。"""
        if not self.may_edit(record, actor) or scan_of(record) is not None:
            return {}
        words = query.get("q", "").strip()[:100]
        page = Paginator(candidates(record, words), PAGE).get_page(query.get("page"))
        government = government_of(record)
        offered = [(each, SECTIONS[suggested_section(government, each)]) for each in page]
        return {"page": page, "offered": offered, "words": words}

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """没有办完的各期。"""
        editing = ["draft", "approved"]
        states = {
            "gazette_editor": editing, "drafter": editing, "approver": ["in_approval"],
        }.get(actor.role, [])  # fmt: skip
        issues = self.model.policy.visible(actor).filter(state__in=states)
        for each in issues.order_by("pk")[:20]:
            yield Todo(str(each), self.record_href(each.pk), each.state_label, VERBS[each.state])

    def extra_routes(self) -> Sequence[URLPattern]:
        """选入、移出、调整、换版本；看排好的 PDF；赠阅。"""
        entry = "<int:pk>/entries/<int:entry>/"
        return (
            self.route("<int:pk>/pdf/", self.pdf_view, "pdf"),
            self.route("<int:pk>/typesetting/", self.typesetting_view, "typesetting"),
            self.route("<int:pk>/take/<int:publication>/", require_POST(self.take_view), "take"),
            self.route(f"{entry}place/", require_POST(self.place_view), "place"),
            self.route(f"{entry}drop/", require_POST(self.drop_view), "drop"),
            self.route(f"{entry}renew/", require_POST(self.renew_view), "renew"),
            *self.past_routes(),
            *self.distribution_routes(),
        )

    def pdf_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """排好的 PDF，往期收入的 PDF。"""
        record = self.get(actor, pk)
        if (scan := scan_of(record)) is not None:
            return send(scan.file, request=request)  # type: ignore[return-value]
        made = printed(record)
        if made is None:
            raise Http404
        return send(Made(f"{record}.pdf", made.pdf, made.size, PDF), request=request)  # type: ignore[return-value]

    def typesetting_view(self, request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
        """记录页隔一会儿来问排好了没有：还没有的什么也不换，有了结果的让它整页重取。"""
        record = self.get(actor, pk)
        made = print_of(record, articles_of(record))
        answer = HttpResponse()
        if made is None or made.step not in WAITING:
            answer["HX-Refresh"] = "true"
        return answer

    def take_view(
        self, request: HttpRequest, actor: Actor, pk: int, publication: int
    ) -> HttpResponse:
        """选入一份，回到候选的同一处接着选。"""
        record = self._arranged(actor, pk)
        found = get_object_or_404(Publication, pk=publication)
        here = {name: value for name in ("q", "page") if (value := request.POST.get(name))}
        return self._done(
            request, pk, lambda: take_entry(record, found, actor=actor),
            f"已选入《{found.title}》。", back=f"?{urlencode(here)}#candidates",
        )  # fmt: skip

    def place_view(self, request: HttpRequest, actor: Actor, pk: int, entry: int) -> HttpResponse:
        """挪一位，换栏目，或者拖到一个栏目里的另一篇之前（``before`` 空着是末尾）。"""
        record, held = self._held(actor, pk, entry)
        given, before = request.POST, None
        if asked := given.get("before", ""):
            if not (asked.isdecimal() and len(asked) < LONGEST_ID):
                raise Http404
            before = get_object_or_404(record.entries, pk=int(asked))
        return self._done(
            request, pk,
            lambda: place_entry(
                record, held, actor=actor, step=STEPS.get(given.get("step", ""), 0),
                section=given.get("section", ""), before=before,
                is_last="before" in given and before is None,
            ),
            f"已调整《{held}》。",
        )  # fmt: skip

    def drop_view(self, request: HttpRequest, actor: Actor, pk: int, entry: int) -> HttpResponse:
        """移出一篇。"""
        record, held = self._held(actor, pk, entry)
        return self._done(
            request, pk, lambda: drop_entry(record, held, actor=actor), f"已移出《{held}》。"
        )

    def renew_view(self, request: HttpRequest, actor: Actor, pk: int, entry: int) -> HttpResponse:
        """换成现行版本。"""
        record, held = self._held(actor, pk, entry)
        return self._done(
            request, pk, lambda: renew_entry(record, held, actor=actor),
            f"《{held}》已换成现行版本。",
        )  # fmt: skip

    def _arranged(self, actor: Actor, pk: int) -> GazetteIssue:
        record = self.get(actor, pk)
        if not self.may_edit(record, actor):
            raise Http404
        return record

    def _held(self, actor: Actor, pk: int, entry: int) -> tuple[GazetteIssue, GazetteEntry]:
        record = self._arranged(actor, pk)
        return record, get_object_or_404(record.entries.select_related("version"), pk=entry)

    def _done(
        self,
        request: HttpRequest,
        pk: int,
        act: Callable[[], Any],
        told: str,
        *,
        back: str = "#contents",
    ) -> HttpResponse:
        try:
            act()
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, told)
        return redirect(f"{self.record_href(pk)}{back}")


def _href(pk: int) -> str:
    return reverse("workbench:gazette-record", args=[pk])
