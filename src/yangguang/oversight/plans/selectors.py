"""方案落实的读取。一律问“截至哪一天”；状况只有一个算法（``rules.standing``），列表和合计不会两样。

``among`` 是可见的分解任务：工作台给 ``DeliverableAssignment.policy.visible(actor)``，
公开的合计给全部。
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from .models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    Role,
    UnitGroup,
)
from .rules import FINISHED, STANDINGS, combined_standing, days_left, standing


@dataclass(frozen=True)
class Share:
    """一份分解任务截至某日的样子，平白的值。"""

    pk: int
    task_id: int
    task_number: str
    task_title: str
    part: str
    deliverable_id: int
    demand: str
    due_on: date | None
    phrase: str
    unit_code: str
    unit: str
    role: str
    written_as: str
    leader_post: str
    reported_on: date | None
    confirmed_on: date | None
    closing_reason: str
    standing: str
    days_left: int | None

    @property
    def standing_label(self) -> str:
        """状况的中文。"""
        return STANDINGS[self.standing]

    @property
    def days_late(self) -> int:
        """过了期限几天；没有过的为 0。"""
        return max(0, -(self.days_left or 0))

    @property
    def role_label(self) -> str:
        """身份的中文。"""
        return str(Role(self.role).label)


READ = (
    "pk", "deliverable__task_id", "deliverable__task__number", "deliverable__task__title",
    "deliverable__task__part", "deliverable_id", "deliverable__text", "deliverable__due_on",
    "deliverable__phrase", "organisation__code", "organisation__short_name", "role", "phrase",
    "leader_post", "reported_on", "confirmed_on", "closing_reason", "closed_on",
)  # fmt: skip
"""一份要读的各列。"""


@dataclass(frozen=True)
class Tally:
    """一个单位名下（或牵头之下）的各份，按状况计数。"""

    code: str
    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """合计。"""
        return sum(self.counts.values())


def shares(among: QuerySet[DeliverableAssignment], *, as_of: date) -> list[Share]:
    """逐份列出，按任务、分解项的次序，牵头在前。一次查询。"""
    rows = (
        among.filter(deliverable__retired_at__isnull=True)
        .order_by("deliverable__task__position", "deliverable__position", "-role", "pk")
        .values_list(*READ)
    )
    return [_share(row, as_of) for row in rows]


def overdue(
    among: QuerySet[DeliverableAssignment], *, as_of: date, organisation_id: int | None = None
) -> list[Share]:
    """已到期还没有报送完成的，期限早的在前。一次查询。"""
    return _dated(among, Q(deliverable__due_on__lt=as_of), as_of, organisation_id)


def due_soon(
    among: QuerySet[DeliverableAssignment],
    *,
    as_of: date,
    within: int = 30,
    organisation_id: int | None = None,
) -> list[Share]:
    """``within`` 天内到期（含当日）还没有报送完成的，期限早的在前。一次查询。"""
    until = as_of + timedelta(days=within)
    window = Q(deliverable__due_on__gte=as_of, deliverable__due_on__lte=until)
    return _dated(among, window, as_of, organisation_id)


def by_unit(listed: Iterable[Share]) -> list[Tally]:
    """按承担单位计数，已到期多的在前。不查询。"""
    return _tallies((share.unit_code, share.unit, share.standing) for share in listed)


def by_lead(plan: ActionPlan, *, as_of: date) -> list[Tally]:
    """按牵头单位计数：它牵头的分解项里各单位的状况。一次查询。"""
    return led_tallies(shares(_of(plan), as_of=as_of))


def led_tallies(listed: Iterable[Share]) -> list[Tally]:
    """按牵头单位计数，``listed`` 里既有牵头的也有实施的。不查询。"""
    rows = list(listed)
    leads: dict[int, list[Share]] = defaultdict(list)
    for share in rows:
        if share.role == Role.LEAD:
            leads[share.deliverable_id].append(share)
    return _tallies(
        (lead.unit_code, lead.unit, share.standing)
        for share in rows
        for lead in leads[share.deliverable_id]
    )


def waiting_groups(plan: ActionPlan) -> list[UnitGroup]:
    """还没有指明单位的写法，连同可供选择的单位。两次查询。"""
    return list(
        UnitGroup.objects.waiting()
        .filter(deliverable__task__plan=plan)
        .select_related("deliverable__task")
        .prefetch_related("candidates")
        .order_by("deliverable__task__position", "deliverable__position", "pk")
    )


def figures(
    plan: ActionPlan, *, as_of: date, among: QuerySet[DeliverableAssignment] | None = None
) -> dict[str, Any]:
    """方案落实的数据：每项任务、每个单位和合计，截至 ``as_of``。只含 JSON 的值。三次查询。

    任务页把它烘焙进去，也另存为数据文件；有报送、核实时按 ``plan.data_key`` 更新。
    """
    listed = shares(_of(plan, among), as_of=as_of)
    waiting = Counter(
        UnitGroup.objects.waiting()
        .filter(deliverable__task__plan=plan)
        .values_list("deliverable_id", flat=True)
    )
    by_deliverable: dict[int, list[Share]] = defaultdict(list)
    for share in listed:
        by_deliverable[share.deliverable_id].append(share)
    deliverables = (
        Deliverable.objects.filter(task__plan=plan, retired_at__isnull=True)
        .order_by("task__position", "position", "pk")
        .values_list("task__number", "task__part", "pk", "due_on")
    )
    grouped: dict[tuple[str, str], list[tuple[int, date | None]]] = defaultdict(list)
    for number, part, deliverable, due_on in deliverables:
        grouped[(number, part)].append((deliverable, due_on))
    rows = [
        _task_figures(number, part, own, by_deliverable, waiting, as_of)
        for (number, part), own in grouped.items()
    ]
    return {
        "plan": plan.title,
        "document_number": plan.document_number,
        "as_of": as_of.isoformat(),
        "is_closed": bool(plan.closed_on and plan.closed_on <= as_of),
        "labels": dict(STANDINGS),
        "tasks": rows,
        "totals": {
            "tasks": _counts(row["standing"] for row in rows),
            "shares": _counts(share.standing for share in listed),
        },
        "units": [
            {"code": tally.code, "name": tally.name, "counts": tally.counts}
            for tally in by_unit(listed)
        ],
    }


def figures_of(key: str, as_of: date) -> dict[str, Any]:
    """数据键 ``plan:方案号`` 的数据；方案不存在抛出 ``ActionPlan.DoesNotExist``。四次查询。"""
    return figures(ActionPlan.objects.get(pk=int(key.partition(":")[2])), as_of=as_of)


def plan_shares(
    plan: ActionPlan, *, as_of: date, among: QuerySet[DeliverableAssignment] | None = None
) -> list[Share]:
    """一个方案的分解任务，默认全部。一次查询。"""
    return shares(_of(plan, among), as_of=as_of)


def unit_shares(plan: ActionPlan, organisation: str, *, as_of: date) -> list[Share]:
    """一个机构（代码）在方案里的各份分工。一次查询。"""
    return shares(_of(plan).filter(organisation__code=organisation), as_of=as_of)


def _of(
    plan: ActionPlan, among: QuerySet[DeliverableAssignment] | None = None
) -> QuerySet[DeliverableAssignment]:
    known = DeliverableAssignment.objects.all() if among is None else among
    return known.filter(deliverable__task__plan=plan)


def _dated(
    among: QuerySet[DeliverableAssignment], window: Q, as_of: date, organisation_id: int | None
) -> list[Share]:
    rows = among.filter(window)
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    found = [
        share
        for share in shares(rows, as_of=as_of)
        if share.standing not in FINISHED and not (share.reported_on and share.reported_on <= as_of)
    ]
    return sorted(found, key=lambda share: (share.due_on or date.max, share.pk))


def _share(row: tuple[Any, ...], as_of: date) -> Share:
    """``READ`` 的一行。逐份的记录不取：一个方案上千份，每次发布都要数一遍。"""
    (
        pk, task_id, task_number, task_title, part, deliverable_id, demand, due_on, phrase,
        unit_code, unit, role, written_as, leader_post, reported_on, confirmed_on, closing_reason,
        closed_on,
    ) = row  # fmt: skip
    return Share(
        pk=pk,
        task_id=task_id,
        task_number=task_number,
        task_title=task_title,
        part=part,
        deliverable_id=deliverable_id,
        demand=demand,
        due_on=due_on,
        phrase=phrase,
        unit_code=unit_code,
        unit=unit,
        role=role,
        written_as=written_as,
        leader_post=leader_post,
        reported_on=reported_on if reported_on and reported_on <= as_of else None,
        confirmed_on=confirmed_on if confirmed_on and confirmed_on <= as_of else None,
        closing_reason=closing_reason,
        standing=standing(
            due_on=due_on,
            reported_on=reported_on,
            confirmed_on=confirmed_on,
            closed_on=closed_on,
            as_of=as_of,
        ),
        days_left=days_left(due_on, as_of),
    )


def _tallies(rows: Iterable[tuple[str, str, str]]) -> list[Tally]:
    names: dict[str, str] = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, name, state in rows:
        names[code] = name
        counts[code][state] += 1
    found = [
        Tally(code, name, {key: counts[code][key] for key in STANDINGS})
        for code, name in names.items()
    ]
    return sorted(found, key=lambda t: (-t.counts["due_passed"], -t.total, t.code))


def _counts(standings: Iterable[str]) -> dict[str, int]:
    counted = Counter(standings)
    return {key: counted[key] for key in STANDINGS}


def _task_figures(
    number: str,
    part: str,
    deliverables: list[tuple[int, date | None]],
    by_deliverable: dict[int, list[Share]],
    waiting: Counter[int],
    as_of: date,
) -> dict[str, Any]:
    own = [share for pk, _ in deliverables for share in by_deliverable[pk]]
    pending = sum(waiting[pk] for pk, _ in deliverables)
    ahead = [due for _, due in deliverables if due and due >= as_of]
    past = [due for _, due in deliverables if due and due < as_of]
    due_on = min(ahead) if ahead else max(past, default=None)
    return {
        "number": number,
        "part": part,
        "standing": combined_standing((s.standing for s in own), is_waiting=pending > 0),
        "due_on": due_on.isoformat() if due_on else None,
        "counts": _counts(s.standing for s in own),
        "units": len({s.unit_code for s in own}),
        "waiting_groups": pending,
        "deliverables": [
            {
                "id": pk,
                "standing": combined_standing(
                    (s.standing for s in by_deliverable[pk]), is_waiting=waiting[pk] > 0
                ),
                "units": [
                    {"code": s.unit_code, "name": s.unit, "role": s.role, "standing": s.standing}
                    for s in by_deliverable[pk]
                ],
            }
            for pk, _ in deliverables
        ],
    }
