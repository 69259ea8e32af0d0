"""发文台账的读取：谁的、哪种状况、各机构合计、等谁登记上网。"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.rules import WorkingCalendar
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.organisations.models import Organisation

from .models import Finding, LedgerCheck, LedgerEntry, ListImport
from .policy import own_work
from .rules import Ranked, Standing, Tally, ranking, standing

SHOWN = 50
"""待办里最多列几件；再多的到列表里看。"""


def standing_case(as_of: date) -> Case:
    """状况的代码，在库里算：与 ``rules.standing`` 是同一条规矩（测试对照）。"""
    return Case(
        When(~Q(disclosure="proactive") | Q(publish_due__isnull=True), then=Value("not_public")),
        When(Q(online_on=None) | Q(online_on__gt=as_of), then=Value("not_online")),
        When(online_on__lte=F("publish_due"), then=Value("on_time")),
        default=Value("late"),
        output_field=CharField(),
    )


def overdue(as_of: date) -> Q:
    """没有上网、期限已过。"""
    return Q(disclosure="proactive", publish_due__lt=as_of) & (
        Q(online_on=None) | Q(online_on__gt=as_of)
    )


def with_standing(entries: QuerySet[LedgerEntry], as_of: date) -> QuerySet[LedgerEntry]:
    """各行附上 ``standing_code``。"""
    return entries.annotate(standing_code=standing_case(as_of))


@dataclass
class Reckoner:
    """算各行的状况：各机构的日历只取一次。建立时两次查询。"""

    as_of: date

    def __post_init__(self) -> None:
        self._calendars = Calendars()
        self._by_unit: dict[int, WorkingCalendar] = {}

    def of(self, entry: LedgerEntry) -> Standing:
        """一行的状况。"""
        unit = entry.organisation_id
        if unit not in self._by_unit:
            self._by_unit[unit] = self._calendars.of(entry.organisation)
        return standing(
            entry.disclosure, entry.issued_on, entry.publish_due, entry.online_on, self.as_of,
            self._by_unit[unit],
        )  # fmt: skip


def listed_in(organisation: Organisation, *, includes_subtree: bool) -> QuerySet[LedgerEntry]:
    """一个机构（连同下级）在账的。"""
    inside = (
        Q(organisation__path__startswith=organisation.path)
        if includes_subtree
        else Q(organisation=organisation)
    )
    return LedgerEntry.objects.filter(inside, state="listed")


def counted(entries: QuerySet[LedgerEntry], as_of: date) -> Any:
    """各机构的合计，一个机构一行；每一件恰好数一次。一次查询。"""
    known = with_standing(entries, as_of).order_by()
    each = {
        code: Count("pk", filter=Q(standing_code=code))
        for code in ("on_time", "late", "not_online", "not_public")
    }
    return known.values("organisation").annotate(
        total=Count("pk"), overdue=Count("pk", filter=overdue(as_of)), **each
    )


def tally_of(row: Mapping[str, Any]) -> Tally:
    """``counted`` 的一行化为合计。"""
    return Tally(row["on_time"], row["late"], row["not_online"], row["not_public"], row["overdue"])


def tallies(entries: QuerySet[LedgerEntry], as_of: date) -> dict[int, Tally]:
    """各机构（编号）的合计。一次查询。"""
    return {row["organisation"]: tally_of(row) for row in counted(entries, as_of)}


def ranked(check: LedgerCheck) -> list[Ranked]:
    """一次核对范围里各机构的排名。三次查询。"""
    known = tallies(entries_of(check), check.as_of)
    faults: dict[int, int] = dict(
        check.findings.order_by()
        .values("organisation")
        .annotate(n=Count("pk"))
        .values_list("organisation", "n")
    )
    units = Organisation.objects.filter(pk__in={*known, *faults}).order_by("path")
    return ranking(
        [(unit.short_name, known.get(unit.pk, Tally()), faults.get(unit.pk, 0)) for unit in units]
    )


def entries_of(check: LedgerCheck) -> QuerySet[LedgerEntry]:
    """一次核对的范围。"""
    found = listed_in(check.organisation, includes_subtree=check.includes_subtree)
    return found.filter(pk__lte=check.last)


def behind(check: LedgerCheck) -> QuerySet[LedgerEntry]:
    """范围里逾期上网、到期没有上网的，按机构、期限。用时一次查询。"""
    known = with_standing(entries_of(check), check.as_of)
    return (
        known.filter(Q(standing_code="late") | overdue(check.as_of))
        .select_related("organisation")
        .defer("text")
        .order_by("organisation__path", "publish_due", "pk")
    )


def findings_of(check: LedgerCheck) -> QuerySet[Finding]:
    """查出的问题，按种类、机构。一次查询。"""
    return check.findings.select_related("organisation", "entry").order_by(
        "code", "organisation__path", "pk"
    )


def owed_by(actor: Actor, until: date) -> QuerySet[LedgerEntry]:
    """此人的机构别处印发、还没有登记上网、期限不晚于 ``until`` 的，期限近的在前。一次查询。

    本系统的公文在公文的待办里。
    """
    visible = LedgerEntry.policy.visible(actor)
    if actor.role != "drafter":
        return visible.none()
    return visible.filter(
        organisation=actor.organisation_id, state="listed", disclosure="proactive",
        online_on=None, document=None, publish_due__lte=until,
    ).order_by("publish_due", "pk")[:SHOWN]  # fmt: skip


def imports(actor: Actor) -> QuerySet[ListImport]:
    """此人看得到的导入，新的在前。"""
    found: Any = own_work(ListImport, actor)
    kept: QuerySet[ListImport] = found.order_by("-pk")
    return kept


def checks(actor: Actor) -> QuerySet[LedgerCheck]:
    """此人看得到的核对，新的在前；主管部门的信息员看得到所在政府的，由他起草通报。"""
    found: Any = own_work(LedgerCheck, actor)
    if actor.role == "drafter":
        found = found | LedgerCheck.objects.filter(
            organisation__disclosure_authority=actor.organisation_id
        ).select_related("organisation", "started_by")
    kept: QuerySet[LedgerCheck] = found.select_related("circular").order_by("-pk")
    return kept


def reckoned(entries: Iterable[LedgerEntry], as_of: date) -> list[tuple[LedgerEntry, Standing]]:
    """各行连同它的状况。"""
    reckoner = Reckoner(as_of)
    return [(entry, reckoner.of(entry)) for entry in entries]
