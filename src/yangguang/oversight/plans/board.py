"""工作台上的方案：截至某日，43 项任务各到哪一步，谁欠着什么。

只含此人看得见的分解任务；``unit`` 是只看一个单位的（机构代码）。
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .models import ActionPlan, Deliverable, Role, Task, UnitGroup
from .page import BAR, ORDER, TONES
from .rules import FINISHED, STANDINGS, combined_standing
from .selectors import Share, Tally, by_unit, led_tallies, shares, waiting_groups

SOON = 30
"""多少天内到期算“临近”。"""


@dataclass(frozen=True)
class Owed:
    """一个单位名下（或它牵头的）还没有报送完成的几份。"""

    code: str
    name: str
    shares: tuple[Share, ...]


def board(
    plan: ActionPlan, among: Any, *, as_of: date, unit: str = "", is_partial: bool = False
) -> dict[str, Any]:
    """方案页要的值。六次查询，与任务、单位多少无关。

    ``is_partial`` 表示 ``among`` 不是全部：看不到分工的任务，不说它到哪一步。
    """
    everything = shares(among.filter(deliverable__task__plan=plan), as_of=as_of)
    listed = [s for s in everything if not unit or s.unit_code == unit]
    own = {s.deliverable_id for s in listed}
    leads = _leads(everything)
    late = [s for s in listed if s.standing == "due_passed"]
    soon = [s for s in listed if _is_soon(s)]
    groups = waiting_groups(plan)
    tasks = _tasks(plan, listed, groups)
    if unit:
        tasks = [task for task in tasks if any(d["pk"] in own for d in task["deliverables"])]
    for task in tasks:
        if is_partial and not task["total"]:
            task["standing"] = task["label"] = task["tone"] = ""
    return {
        "parts": _parts(tasks),
        "task_count": len(tasks),
        "task_totals": _totals(task["standing"] for task in tasks if task["standing"]),
        "is_partial": is_partial,
        "share_totals": _totals(s.standing for s in listed),
        "share_count": len(listed),
        "late": _owed(late, {}),
        "late_by_lead": _owed(late, leads),
        "late_count": len(late),
        "soon": _owed(soon, {}),
        "soon_by_lead": _owed(soon, leads),
        "soon_count": len(soon),
        "soon_days": SOON,
        "by_unit": [_tally(t, soon) for t in by_unit(listed)],
        "by_lead": [_tally(t, ()) for t in led_tallies(everything)] if not unit else [],
        "groups": _by_phrase(groups),
        "group_count": len(groups),
        "units": sorted({(s.unit_code, s.unit) for s in everything}, key=lambda u: u[0]),
    }


def _by_phrase(groups: Iterable[UnitGroup]) -> list[tuple[str, list[UnitGroup]]]:
    """同一写法的归在一起：多半一并指明。"""
    grouped: dict[str, list[UnitGroup]] = defaultdict(list)
    for group in groups:
        grouped[group.phrase].append(group)
    return list(grouped.items())


def _is_soon(share: Share) -> bool:
    return (
        share.days_left is not None
        and 0 <= share.days_left <= SOON
        and share.standing not in FINISHED
        and share.reported_on is None
    )


def _leads(listed: Iterable[Share]) -> dict[int, list[Share]]:
    found: dict[int, list[Share]] = defaultdict(list)
    for share in listed:
        if share.role == Role.LEAD:
            found[share.deliverable_id].append(share)
    return found


def _owed(listed: Iterable[Share], leads: dict[int, list[Share]]) -> list[Owed]:
    """按承担单位归拢；给了 ``leads`` 就按牵头单位归拢。期限早的在前，欠得多的在前。"""
    names: dict[str, str] = {}
    grouped: dict[str, list[Share]] = defaultdict(list)
    for share in listed:
        for holder in leads.get(share.deliverable_id, []) if leads else [share]:
            names[holder.unit_code] = holder.unit
            grouped[holder.unit_code].append(share)
    found = [
        Owed(code, names[code], tuple(sorted(rows, key=lambda s: (s.due_on or date.max, s.pk))))
        for code, rows in grouped.items()
    ]
    return sorted(found, key=lambda owed: (-len(owed.shares), owed.code))


def _totals(standings: Iterable[str]) -> list[dict[str, Any]]:
    found = list(standings)
    return [
        {"code": key, "label": STANDINGS[key], "tone": TONES[key], "count": found.count(key)}
        for key in ORDER
        if key in found or key in ORDER[:3]
    ]


def _tally(tally: Tally, soon: Iterable[Share]) -> dict[str, Any]:
    finished = sum(tally.counts[key] for key in FINISHED)
    return {
        "code": tally.code,
        "name": tally.name,
        "total": tally.total,
        "late": tally.counts["due_passed"],
        "soon": sum(1 for share in soon if share.unit_code == tally.code),
        "finished": finished,
        "bar": [(tally.counts[key], tone) for key, tone in BAR],
    }


def _tasks(
    plan: ActionPlan, listed: Iterable[Share], groups: Iterable[UnitGroup]
) -> list[dict[str, Any]]:
    by_deliverable: dict[int, list[Share]] = defaultdict(list)
    for share in listed:
        by_deliverable[share.deliverable_id].append(share)
    waiting: dict[int, list[UnitGroup]] = defaultdict(list)
    for group in groups:
        waiting[group.deliverable_id].append(group)
    demands: dict[int, list[Deliverable]] = defaultdict(list)
    for demand in Deliverable.objects.filter(task__plan=plan, retired_at__isnull=True):
        demands[demand.task_id].append(demand)
    rows = Task.objects.filter(plan=plan).prefetch_related("recurrences").order_by("position")
    return [_task(task, demands[task.pk], by_deliverable, waiting) for task in rows]


def _task(
    task: Task,
    demands: list[Deliverable],
    by_deliverable: dict[int, list[Share]],
    waiting: dict[int, list[UnitGroup]],
) -> dict[str, Any]:
    own = [share for demand in demands for share in by_deliverable[demand.pk]]
    pending = sum(len(waiting[demand.pk]) for demand in demands)
    standing = combined_standing((s.standing for s in own), is_waiting=pending > 0)
    dated = sorted(demand.due_on for demand in demands if demand.due_on)
    return {
        "pk": task.pk,
        "number": task.number,
        "part": task.part,
        "title": task.title,
        "text": task.text,
        "recurring": [r.phrase for r in task.recurrences.all()],
        "standing": standing,
        "label": STANDINGS[standing],
        "tone": TONES[standing],
        "dates": list(dict.fromkeys(dated)),
        "leads": list(dict.fromkeys(s.unit for s in own if s.role == Role.LEAD)),
        "total": len(own),
        "units": len({s.unit_code for s in own}),
        "finished": sum(s.standing in FINISHED for s in own),
        "pending": pending,
        "deliverables": [
            {
                "pk": demand.pk,
                "text": demand.text,
                "due_on": demand.due_on,
                "phrase": demand.phrase,
                "basis": demand.get_due_basis_display() if demand.due_on else "",
                "precedes_plan": demand.precedes_plan,
                "shares": by_deliverable[demand.pk],
                "groups": waiting[demand.pk],
            }
            for demand in sorted(demands, key=lambda d: (d.position, d.pk))
        ],
    }


def _parts(tasks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    parts: dict[str, list[dict[str, Any]]] = {}
    for task in tasks:
        parts.setdefault(task["part"], []).append(task)
    return [{"name": name, "tasks": rows} for name, rows in parts.items()]
