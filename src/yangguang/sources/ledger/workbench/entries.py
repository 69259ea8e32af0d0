"""台账：列表、一件、登记、登记上网、剔除。"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.todos import Todo
from yangguang.foundation.workbench.viewsets import RecordViewSet
from yangguang.sources.documents.codes import reasons
from yangguang.sources.documents.disclosure import DISCLOSURES, ground_label

from ..forms import EntryForm, OnlineForm
from ..models import LedgerEntry
from ..rules import LISTING, SOURCES, STANDINGS, earlier_warning
from ..selectors import Reckoner, overdue, owed_by, standing_case
from ..services import EDITABLE, edit, enter

SOON = timedelta(days=16)
"""待办里列期限在这么多天以内的：大约十个工作日。"""
CHOICES = [*STANDINGS.items(), ("overdue", "未上网，期限已过")]


class EntryTable(tables.Table):
    """台账列表。"""

    title = tables.Column("标题", linkify=lambda record: _href(record.pk))
    document_number = tables.Column("发文字号", default="", attrs=TIGHT)
    organisation = tables.Column("单位", accessor="organisation__short_name", attrs=TIGHT)
    disclosure = tables.Column("公开属性", attrs=TIGHT)
    issued_on = tables.DateColumn(verbose_name="印发", format="Y-m-d", attrs=TIGHT)
    publish_due = tables.Column(
        "上网期限", accessor="publish_due_text", order_by="publish_due", attrs=TIGHT
    )
    online_on = tables.DateColumn(verbose_name="上网", format="Y-m-d", default="", attrs=TIGHT)
    days = tables.Column("用了几个工作日", empty_values=(), orderable=False, attrs=TIGHT)
    standing = tables.Column("状况", empty_values=(), order_by="standing_code")
    address = tables.Column("网址", default="")
    written_on = tables.DateColumn(verbose_name="成文", format="Y-m-d", default="", attrs=TIGHT)
    formed_due = tables.Column(
        "自形成之日起算的期限", accessor="formed_due_text", order_by="formed_due", attrs=TIGHT
    )
    source = tables.Column("从哪里来", attrs=TIGHT)

    class Meta:
        model = LedgerEntry
        fields = (
            "title", "document_number", "organisation", "disclosure", "issued_on", "publish_due",
            "online_on", "days", "standing", "address", "written_on", "formed_due", "source",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reckoner = Reckoner(reading_day())

    def render_days(self, record: LedgerEntry) -> Any:
        """印发到上网（没有上网的到今天）的工作日数；不公开的不写。"""
        used = self.reckoner.of(record).days_used
        return "" if used is None else used

    def render_standing(self, record: LedgerEntry) -> str:
        """状况，连同超期几个工作日；剔除了的不算。"""
        if record.state != LISTING.initial:
            return record.state_label
        return self.reckoner.of(record).told


class EntryFilters(django_filters.FilterSet):
    """状况、公开属性、单位、印发的起止、从哪里来、在账没有。"""

    standing = django_filters.ChoiceFilter(
        label="状况", choices=CHOICES, empty_label="全部", method="by_standing"
    )
    disclosure = django_filters.ChoiceFilter(
        label="公开属性", choices=list(DISCLOSURES.items()), empty_label="全部"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="单位", queryset=lambda request: _organisations(request), empty_label="全部"
    )
    since = django_filters.DateFilter(
        label="印发自", field_name="issued_on", lookup_expr="gte", widget=date_input()
    )
    until = django_filters.DateFilter(
        label="至", field_name="issued_on", lookup_expr="lte", widget=date_input()
    )
    source = django_filters.ChoiceFilter(
        label="从哪里来", choices=list(SOURCES.items()), empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="在账", choices=list(LISTING.states.items()), empty_label="全部"
    )

    class Meta:
        model = LedgerEntry
        fields = ("standing", "disclosure", "organisation", "since", "until", "source", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.acting.includes_subtree:
            del self.filters["organisation"]

    def by_standing(self, records: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """状况是算出来的。"""
        listed = records.filter(state=LISTING.initial)
        if value == "overdue":
            return listed.filter(overdue(reading_day()))
        return listed.filter(standing_code=value)


class EntryViewSet(RecordViewSet[LedgerEntry]):
    """发文台账。"""

    slug = "ledger"
    section = "查"
    label = "发文台账"
    model = LedgerEntry
    table = EntryTable
    filters = EntryFilters
    search = ("title", "document_number")
    optional_columns = ("address", "written_on", "formed_due", "source")
    create_form = EntryForm
    create_label = "登记一件"
    edit_form = EntryForm
    action_forms = {"put_online": OnlineForm}
    rewriting = frozenset({"put_online"})
    list_template = "ledger/list.html"
    record_template = "ledger/record.html"
    empty_text = "台账里没有符合条件的文件。"

    def queryset(self, actor: Actor) -> QuerySet[LedgerEntry]:
        """新印发的在前。"""
        found = super().queryset(actor).select_related("document")
        return found.annotate(standing_code=standing_case(reading_day())).order_by(
            "-issued_on", "-pk"
        )

    def create(self, form: Any, actor: Actor) -> LedgerEntry:
        """登记一件。"""
        chosen = form.cleaned_data.get("organisation")
        own = chosen or Organisation.objects.get(pk=actor.organisation_id)
        return enter(
            form.changes(), organisation=own, actor=actor, key=form.idempotency_key,
            unread=form.unread,
        )  # fmt: skip

    def initial(self, record: LedgerEntry) -> dict[str, Any]:
        """现在的值。"""
        return {name: getattr(record, name) for name in EDITABLE}

    def edit(self, record: LedgerEntry, form: Any, actor: Actor) -> None:
        """改一件。"""
        edit(record, form.changes(), actor=actor, unread=form.unread)

    def edit_refusal(self, record: LedgerEntry, actor: Actor) -> str:
        """为什么不能改。"""
        if record.document_id is not None:
            return "这是本系统的公文，台账照公文记。要改的，到公文里改。"
        return super().edit_refusal(record, actor)

    def facts(self, record: LedgerEntry, actor: Actor) -> Iterable[tuple[str, Any]]:
        """记录页的字段。"""
        found = Reckoner(reading_day()).of(record)
        yield "单位", record.organisation
        yield "发文字号", record.document_number
        yield "公开属性", record.get_disclosure_display()
        yield "不主动公开的理由", explained(record)
        yield "成文日期", record.written_on and record.written_on.isoformat()
        yield "印发日期", record.issued_on.isoformat()
        yield "上网期限", record.publish_due_text
        yield "自形成之日起算的期限（条例第二十六条）", record.formed_due_text
        yield "上网日期", record.online_on and record.online_on.isoformat()
        yield "撤回日期", record.withdrawn_on and record.withdrawn_on.isoformat()
        yield "用了几个工作日", found.days_used
        yield "状况", found.told
        yield "从哪里来", "：".join(filter(None, (record.get_source_display(), record.system)))

    def record_context(self, record: LedgerEntry, actor: Actor) -> dict[str, Any]:
        """期限的提醒，网址，公文，最近核对查出的问题。"""
        latest = record.findings.select_related("check_run").order_by("-check_run")[:10]
        run = latest[0].check_run_id if latest else None
        return {
            "warning": earlier_warning(record.publish_due, record.formed_due),
            "findings": [each for each in latest if each.check_run_id == run],
            "document_href": (
                reverse("workbench:documents-record", args=[record.document_id])
                if record.document_id
                else ""
            ),
        }

    def todos(self, actor: Actor, today: date) -> Iterable[Todo]:
        """别处印发、期限将到还没有登记上网的。"""
        if actor.role != "drafter":
            return
        for record in owed_by(actor, today + SOON):
            yield Todo(
                record.title,
                self.record_href(record.pk),
                "未上网",
                "登记上网",
                f"{record.issued_on.isoformat()} 印发，20 个工作日内上网（条例第二十六条）",
                record.publish_due,
            )


def explained(record: LedgerEntry) -> str:
    """不主动公开的理由类别和理由；没有写的为空。"""
    if not record.disclosure_ground:
        return ""
    label = ground_label(record.disclosure_ground, record.issued_on, reasons())
    return f"{label}。{record.disclosure_reason}"


def _href(pk: int) -> str:
    return reverse("workbench:ledger-record", args=[pk])


def _organisations(request: Any) -> QuerySet[Organisation]:
    visible = LedgerEntry.policy.visible(getattr(request, "acting", None))
    return Organisation.objects.filter(pk__in=visible.values("organisation")).order_by("path")
