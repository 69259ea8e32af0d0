"""赠阅对象的界面：登记、停止、恢复，看一年下来怎样调整并确认。"""

from collections.abc import Iterable, Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import TIGHT, StateColumn, by_state
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.foundation.workbench.workbooks import download, one_sheet

from ..circulation import APPROVER, READERS_LIFE
from ..delivering import adjust, edit_reader, enter_reader
from ..distribution import KINDS, Proposal
from ..forms import ReaderForm
from ..models import GazetteReader
from ..selectors import adjusted, proposals_of

COLUMNS = (
    ("赠阅对象", 30),
    ("类别", 14),
    ("现在每期", 10),
    ("建议每期", 10),
    ("缘由", 70),
    ("确认", 10),
)


class ReaderTable(tables.Table):
    """赠阅对象。"""

    name = tables.Column("名称", linkify=lambda record: _href(record.pk))
    kind = tables.Column("类别", attrs=TIGHT)
    unit = tables.Column("送达单位", default="")
    copies = tables.Column("每期份数", attrs=TIGHT)
    organisation = tables.Column("机构", accessor="organisation__short_name", attrs=TIGHT)
    state = StateColumn()

    class Meta:
        model = GazetteReader
        fields = ("name", "kind", "unit", "copies", "organisation", "state")


class ReaderFilters(django_filters.FilterSet):
    """按类别、状态筛选。"""

    kind = django_filters.ChoiceFilter(
        label="类别", choices=list(KINDS.items()), empty_label="全部"
    )
    state = by_state(READERS_LIFE)

    class Meta:
        model = GazetteReader
        fields = ("kind", "state")


class ReaderViewSet(RecordViewSet[GazetteReader]):
    """公报的赠阅对象。"""

    slug = "gazette-readers"
    section = "办"
    label = "公报赠阅对象"
    model = GazetteReader
    table = ReaderTable
    filters = ReaderFilters
    search = ("name", "unit", "address")
    create_form = ReaderForm
    create_label = "登记赠阅对象"
    edit_form = ReaderForm
    list_template = "gazette/readers.html"
    record_template = "gazette/reader.html"
    empty_text = "没有符合条件的赠阅对象。"

    def queryset(self, actor: Actor) -> QuerySet[GazetteReader]:
        """按类别、名称。"""
        return super().queryset(actor).order_by("kind", "name", "pk")

    def create(self, form: Any, actor: Actor) -> GazetteReader:
        """登记。"""
        return enter_reader(
            form.values(), organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor, key=form.idempotency_key,
        )  # fmt: skip

    def initial(self, record: GazetteReader) -> dict[str, Any]:
        """现在的值。"""
        return {
            name: getattr(record, name) for name in ReaderForm.base_fields if hasattr(record, name)
        }

    def edit(self, record: GazetteReader, form: Any, actor: Actor) -> None:
        """改。"""
        edit_reader(record, form.values(), actor=actor)

    def facts(self, record: GazetteReader, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        yield "类别", record.get_kind_display()
        yield "每期份数", record.copies
        yield "送达单位", record.unit
        yield "地址", record.address
        yield "登记的机构", record.organisation

    def record_context(self, record: GazetteReader, actor: Actor) -> dict[str, Any]:
        """各期的份数、反馈，历年的调整。"""
        received = record.copies_received.select_related("issue")
        return {
            "received": list(received.order_by("-issue__year", "-issue__number")[:60]),
            "feedbacks": list(record.feedbacks.select_related("issue").order_by("-pk")[:60]),
            "adjustments": list(record.adjustments.order_by("-year")),
        }

    def extra_routes(self) -> Sequence[URLPattern]:
        """一年的调整建议，导出。"""
        return (
            self.route("proposal/", self.proposal_view, "proposal"),
            self.route("proposal.xlsx", self.workbook_view, "proposal-workbook"),
        )

    def proposal_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """照退回、反馈算出的建议；签发人勾选确认。"""
        year = _year(request)
        if request.method == "POST":
            if actor.role not in APPROVER or not self._within(request, actor):
                raise Http404
            try:
                number = adjust(_chosen(request, actor, year), year, actor=actor)
            except Refused as refused:
                for reason in refused.reasons:
                    messages.error(request, reason)
            else:
                messages.success(request, f"确认了 {number} 个赠阅对象的调整。")
            return redirect(f"{reverse('workbench:gazette-readers-proposal')}?year={year}")
        context = self._context(actor) | {
            "heading": f"{year} 年赠阅调整建议",
            "record": None,
            "year": year,
            "rows": [(each, KINDS[each.kind], _value(each)) for each in proposals_of(actor, year)],
            "done": list(adjusted(actor, year)),
            "may_confirm": actor.role in APPROVER,
        }
        return render(request, "gazette/proposal.html", context)

    def _within(self, request: HttpRequest, actor: Actor) -> bool:
        """勾选的是不是都是此人看得见的。一次查询。"""
        given = {each.partition(":")[0] for each in request.POST.getlist("chosen")}
        if not all(each.isascii() and each.isdecimal() and len(each) < 18 for each in given):
            return False
        return self.queryset(actor).filter(pk__in=given).count() == len({*map(int, given)})

    def workbook_view(self, request: HttpRequest, actor: Actor) -> HttpResponse:
        """建议和确认了的，存成 xlsx。"""
        year = _year(request)
        lines = [
            [each.name, KINDS[each.kind], each.before, each.after, "".join(each.reasons), ""]
            for each in proposals_of(actor, year)
        ] + [
            [each.reader.name, KINDS[each.reader.kind], each.before, each.after,
             "".join(each.reasons), "已确认"]
            for each in adjusted(actor, year)
        ]  # fmt: skip
        return download(one_sheet("赠阅调整", COLUMNS, lines), f"{year}年公报赠阅调整")


def _year(request: HttpRequest) -> int:
    """地址里的年份；没有写、写错的是今年。"""
    given = request.GET.get("year", "")
    is_year = given.isascii() and given.isdecimal() and 1949 <= int(given[:5]) <= 9999
    return int(given) if is_year else timezone.localdate().year


def _value(each: Proposal) -> str:
    """勾选框的值：认得出确认的是看到的那一条。"""
    return f"{each.reader}:{each.before}:{each.after}"


def _chosen(request: HttpRequest, actor: Actor, year: int) -> list[Proposal]:
    """勾选的各条。看到的与现在算的不同的抛出 ``Refused``。"""
    now = {_value(each): each for each in proposals_of(actor, year)}
    given = request.POST.getlist("chosen")
    if any(each not in now for each in given):
        raise Refused(["勾选以后情况变了（又登记了退回、改了份数），请照现在的建议再勾。"])
    return [now[each] for each in dict.fromkeys(given)]


def _href(pk: int) -> str:
    return reverse("workbench:gazette-readers-record", args=[pk])
