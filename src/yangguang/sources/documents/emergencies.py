"""紧急发布的界面：监督员看哪些公文是紧急发布的，谁、什么时候、为什么，补审了没有；各机构几次。只看，不办。"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Count, F, Q, QuerySet
from django.urls import URLPattern, reverse
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.rules import WorkingCalendar
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.workbench.fields import date_input
from yangguang.foundation.workbench.listing import TIGHT
from yangguang.foundation.workbench.viewsets import RecordViewSet

from .models import EmergencyRelease, OfficialDocument

REVIEW_DAYS = 3
"""紧急发布次日起几个工作日以内补审。上级文件没有规定，是本平台的参数。"""
PENDING = EmergencyRelease.Outcome.PENDING
OVERDUE = "overdue"
OUTCOMES = [*EmergencyRelease.Outcome.choices, (OVERDUE, "过了期限没有补审")]


@dataclass
class Reckoner:
    """补审的期限，过了没有：各机构的日历只取一次。建立时两次查询。"""

    today: date
    _calendars: Calendars = field(default_factory=Calendars)
    _by_unit: dict[int, WorkingCalendar] = field(default_factory=dict)

    def due(self, release: EmergencyRelease) -> date:
        """补审的期限。"""
        unit = release.document.organisation
        if unit.pk not in self._by_unit:
            self._by_unit[unit.pk] = self._calendars.of(unit)
        return self._by_unit[unit.pk].nth(timezone.localdate(release.at), REVIEW_DAYS)

    def is_overdue(self, release: EmergencyRelease) -> bool:
        """等着补审，过了期限。"""
        return release.outcome == PENDING and self.due(release) < self.today


class EmergencyTable(tables.Table):
    """一次紧急发布一行。"""

    title = tables.Column(
        "标题", accessor="document__title",
        linkify=lambda record: reverse("workbench:documents-record", args=[record.document_id]),
    )  # fmt: skip
    document_number = tables.Column(
        "发文字号", accessor="document__document_number", default="", attrs=TIGHT
    )
    organisation = tables.Column(
        "机关", accessor="document__organisation__short_name",
        order_by="document__organisation__path", attrs=TIGHT,
    )  # fmt: skip
    at = tables.DateTimeColumn(verbose_name="发布时间", format="Y-m-d H:i", attrs=TIGHT)
    by = tables.Column("发布人", accessor="by__display_name", attrs=TIGHT)
    reason = tables.Column("缘由")
    skipped = tables.Column("没有走的步骤", orderable=False)
    outcome = tables.Column("补审", attrs=TIGHT)
    due = tables.Column("补审期限", empty_values=(), order_by="at", attrs=TIGHT)
    reviewed_by = tables.Column(
        "补审人", accessor="reviewed_by__display_name", default="", attrs=TIGHT
    )
    reviewed_at = tables.DateTimeColumn(
        verbose_name="补审时间", format="Y-m-d H:i", default="", attrs=TIGHT
    )
    opinion = tables.Column("补审意见", default="")

    class Meta:
        model = EmergencyRelease
        fields = (
            "title", "document_number", "organisation", "at", "by", "reason", "skipped", "outcome",
            "due", "reviewed_by", "reviewed_at", "opinion",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reckoner = Reckoner(reading_day())

    def render_skipped(self, value: list[str]) -> str:
        """各步骤。"""
        return "、".join(value)

    def render_outcome(self, record: EmergencyRelease) -> str:
        """结论；过了期限的说过了。"""
        label = str(record.get_outcome_display())
        return f"{label}，过了期限" if self.reckoner.is_overdue(record) else label

    def render_due(self, record: EmergencyRelease) -> str:
        """补审的期限。"""
        return self.reckoner.due(record).isoformat()


class EmergencyFilters(django_filters.FilterSet):
    """补审的结论、机关、发布的起止。"""

    outcome = django_filters.ChoiceFilter(
        label="补审", choices=OUTCOMES, empty_label="全部", method="by_outcome"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="机关", field_name="document__organisation", empty_label="全部",
        queryset=lambda request: _organisations(request),
    )  # fmt: skip
    since = django_filters.DateFilter(
        label="发布自", field_name="at", lookup_expr="date__gte", widget=date_input()
    )
    until = django_filters.DateFilter(
        label="至", field_name="at", lookup_expr="date__lte", widget=date_input()
    )

    class Meta:
        model = EmergencyRelease
        fields = ("outcome", "organisation", "since", "until")

    def by_outcome(self, records: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """过了期限没有的，照各机构的日历算；等着补审的一份公文至多一次，不多。"""
        if value != OVERDUE:
            return records.filter(outcome=value)
        return records.filter(pk__in=late_of(records))


class EmergencyViewSet(RecordViewSet[Any]):
    """紧急发布。只有列表。"""

    slug = "emergencies"
    section = "查"
    label = "紧急发布"
    model = EmergencyRelease
    table = EmergencyTable
    filters = EmergencyFilters
    search = ("document__title", "document__document_number", "reason")
    optional_columns = ("skipped", "opinion")
    list_template = "documents/emergencies.html"
    records_template = "documents/emergency_records.html"
    empty_text = "没有紧急发布过的公文。"

    def queryset(self, actor: Actor) -> QuerySet[EmergencyRelease]:
        """此人看得见的公文的，新的在前。"""
        if not self.may_open(actor):
            return EmergencyRelease.objects.none()
        visible = OfficialDocument.policy.visible(actor).order_by().values("pk")
        return (
            EmergencyRelease.objects.filter(document__in=visible)
            .select_related("document__organisation", "by", "reviewed_by")
            .defer("document__body")
            .order_by("-at", "-pk")
        )

    def may_open(self, actor: Actor) -> bool:
        """监督员。"""
        return actor.role == "supervisor"

    def listed(self, request: Any, actor: Actor, records: Any) -> Any:
        """附上收窄了的各机关几次，补审了没有。"""
        found = super().listed(request, actor, records)
        found.table.units = by_unit(found.table.data.data)
        return found

    def routes(self) -> list[URLPattern]:
        """列表。"""
        return [self.route("", self.list_view, "")]


@dataclass(frozen=True)
class UnitCount:
    """一个机关紧急发布了几次，补审的各几次；``overdue`` 是等补审里过了期限的。"""

    name: str
    total: int
    sound: int
    faulty: int
    pending: int
    overdue: int


def by_unit(releases: QuerySet[Any]) -> list[UnitCount]:
    """各机关的，次数多的在前；各种结论加起来就是总数。四次查询。"""
    late = late_of(releases)
    rows = (
        releases.order_by()
        .values(name=F("document__organisation__short_name"))
        .annotate(
            total=Count("pk"),
            **{
                each: Count("pk", filter=Q(outcome=each)) for each in ("sound", "faulty", "pending")
            },
            overdue=Count("pk", filter=Q(pk__in=late)),
        )
        .order_by("-total", "document__organisation__path")
    )
    return [UnitCount(**row) for row in rows]


def late_of(releases: QuerySet[Any]) -> list[int]:
    """过了期限没有补审的编号。三次查询。"""
    reckoner = Reckoner(reading_day())
    waiting = releases.filter(outcome=PENDING)
    return [each.pk for each in waiting if reckoner.is_overdue(each)]


def _organisations(request: Any) -> QuerySet[Organisation]:
    visible = OfficialDocument.policy.visible(getattr(request, "acting", None))
    released = EmergencyRelease.objects.filter(document__in=visible.order_by().values("pk"))
    return Organisation.objects.filter(
        pk__in=released.values("document__organisation")
    ).order_by("path")  # fmt: skip
