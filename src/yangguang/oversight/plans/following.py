"""跟踪落实的读取：谁欠着什么、什么在等谁。工作台的记录页和待办用它。"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from yangguang.foundation.accounts.policy import AccessPolicy
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import ever_within
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.selectors import last_steps
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.listing import organisations_of

from .models import (
    PLAN_POLICY,
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    Evidence,
    ProgressReport,
    Role,
    UnitGroup,
)
from .selectors import Share, shares

SHOWN = 50
"""待办里最多列几份；再多的到列表里看。"""


def others_on(share: DeliverableAssignment, *, as_of: date) -> list[Share]:
    """同一分解项里别的单位的各份。一次查询。"""
    among = DeliverableAssignment.objects.filter(deliverable=share.deliverable_id)
    return shares(among.exclude(pk=share.pk), as_of=as_of)


def reports_of(share: DeliverableAssignment) -> list[ProgressReport]:
    """这一份的历次报送，新的在前，连同佐证。两次查询。"""
    return list(
        share.reports.select_related("signed_by")
        .prefetch_related(
            Prefetch(
                "evidence",
                Evidence.objects.select_related("publication__current_version").order_by("pk"),
            )
        )
        .order_by("-pk")
    )


def owed_soon(actor: Actor, *, as_of: date, within: int) -> QuerySet[DeliverableAssignment]:
    """此人的单位 ``within`` 天内到期、已到期和退回来的，期限早的在前。一次查询。"""
    until = as_of + timedelta(days=within)
    sent_back = ProgressReport.objects.filter(is_completion=True).values("assignment")
    found: QuerySet[DeliverableAssignment] = (
        DeliverableAssignment.objects.current()
        .filter(
            Q(deliverable__due_on__lte=until) | Q(pk__in=sent_back),
            organisation=actor.organisation_id,
            state="in_progress",
            deliverable__task__plan__state="active",
        )
        .select_related("organisation", "deliverable__task")
        .order_by(F("deliverable__due_on").asc(nulls_last=True), "pk")
    )
    return found[:SHOWN]


def returned_shares(listed: Iterable[DeliverableAssignment]) -> dict[int, TransitionRecord]:
    """最后一步是退回的：编号到那一步（附监督员的话）。一次查询。"""
    latest = last_steps(DeliverableAssignment, [share.pk for share in listed])
    return {pk: row for pk, row in latest.items() if row.event == "return"}


def to_confirm(actor: Actor) -> QuerySet[DeliverableAssignment]:
    """等此人核实的：他监督的方案里报送完成、不是他自己报送的，先报的在前。一次查询。"""
    found: QuerySet[DeliverableAssignment] = (
        DeliverableAssignment.objects.current()
        .filter(
            state="reported",
            deliverable__task__plan__in=supervised_plans(actor),
        )
        .exclude(reported_by__in=actor.persons)
        .select_related("organisation", "deliverable__task")
        .order_by("reported_on", "pk")
    )
    return found[:SHOWN]


def units_seen(actor: Actor) -> QuerySet[Organisation]:
    """分解任务的列表里能按哪些单位筛选，按树的次序。一次查询。

    监督员的是承担着任务的各单位；经办人的是本单位，和本单位牵头的分解项里的各单位。
    """
    every = DeliverableAssignment.objects
    if actor.role == "supervisor":
        return organisations_of(every.all())
    led = every.filter(organisation=actor.organisation_id, role=Role.LEAD).values("deliverable")
    found: QuerySet[Organisation] = Organisation.objects.filter(
        ever_within(actor)
        | Q(pk__in=every.filter(deliverable__in=led).values("organisation").distinct())
    )
    return found.order_by("path")


def open_shares(plan: ActionPlan) -> list[tuple[Deliverable, list[DeliverableAssignment]]]:
    """没有收口的各份，按分解项归拢。一次查询。"""
    rows = (
        DeliverableAssignment.objects.current()
        .filter(deliverable__task__plan=plan, state__in=("in_progress", "reported"))
        .select_related("organisation", "deliverable__task")
        .order_by("deliverable__task__position", "deliverable__position", "-role", "pk")
    )
    grouped: dict[int, list[DeliverableAssignment]] = defaultdict(list)
    for share in rows:
        grouped[share.deliverable_id].append(share)
    return [(listed[0].deliverable, listed) for listed in grouped.values()]


def supervised_plans(actor: Actor) -> QuerySet[ActionPlan]:
    """此人监督的、在执行的方案；不是监督员的一个也没有。"""
    if actor.role != "supervisor":
        return ActionPlan.objects.none()
    in_scope = AccessPolicy.scope(PLAN_POLICY, actor)
    return ActionPlan.objects.filter(in_scope, state="active").select_related("organisation")


def waiting_counts(plans: Iterable[int]) -> dict[int, int]:
    """各方案还有几处单位没有指明。一次查询。"""
    rows = UnitGroup.objects.waiting().filter(deliverable__task__plan__in=list(plans))
    return dict(Counter(rows.values_list("deliverable__task__plan", flat=True)))


def late_units(plans: Iterable[int], *, as_of: date) -> dict[int, list[tuple[str, int]]]:
    """各方案里已到期的单位和份数，多的在前。一次查询。"""
    known: Any = DeliverableAssignment.objects.current().with_standing(as_of)
    rows = known.filter(
        deliverable__task__plan__in=list(plans), standing_code="due_passed"
    ).values_list("deliverable__task__plan", "organisation__short_name")
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for plan, unit in rows:
        counted[plan][unit] += 1
    return {plan: units.most_common() for plan, units in counted.items()}
