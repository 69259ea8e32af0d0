"""任务页要的值：把台账的载荷和落实数据合成一页，只做摆放，不算状况。"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from .rules import FINISHED, STANDINGS

TONES = {
    "in_progress": "warn",
    "due_passed": "bad",
    "completed_on_time": "good",
    "completed_late": "warn",
    "closed": "plain",
}
ORDER = ("completed_on_time", "in_progress", "due_passed", "completed_late", "closed")
"""合计的次序；前三个总是列出，没有也写 0。"""
BAR = (("completed_on_time", "g"), ("completed_late", "w"), ("closed", "w"), ("due_passed", "b"))


def page_of(
    payload: Mapping[str, Any], figures: Mapping[str, Any], indicators: Mapping[str, Any]
) -> dict[str, Any]:
    """各部分的任务，和各种状况的合计；``indicators`` 是各项任务的指标，没有为空。"""
    measured = indicators.get("tasks", {})
    progress = {(row["part"], row["number"]): row for row in figures["tasks"]}
    reports: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for report in payload["reports"]:
        if report["reported_on"] > figures["as_of"]:
            continue
        reports[report["deliverable"]].append(report)
    parts: dict[str, list[dict[str, Any]]] = {}
    for task in payload["tasks"]:
        row = progress[(task["part"], task["number"])]
        listed = parts.setdefault(task["part"], [])
        listed.append(
            {
                "anchor": anchor_of(len(parts), task["number"]),
                "indicators": measured.get(task["number"], ()),
                **_task(task, row, reports),
            }
        )
    totals = figures["totals"]["tasks"]
    return {
        "parts": [{"name": name, "tasks": tasks} for name, tasks in parts.items()],
        "totals": [
            {"label": STANDINGS[key], "tone": TONES[key], "count": totals[key]}
            for key in ORDER
            if totals[key] or key in ORDER[:3]
        ],
        "task_count": len(payload["tasks"]),
        "units": [
            {
                "code": unit["code"],
                "name": unit["name"],
                "total": sum(unit["counts"].values()),
                "open": sum(unit["counts"].values()) - sum(unit["counts"][key] for key in FINISHED),
            }
            for unit in figures["units"]
        ],
        "bar": [(totals[key], tone) for key, tone in BAR],
        "next_due_on": next_due(
            ((row["standing"], row["due_on"]) for row in figures["tasks"]), figures["as_of"]
        ),
        "as_of": figures["as_of"],
        "indicators_as_of": indicators.get("as_of", ""),
        "is_closed": figures["is_closed"],
    }


def next_due(rows: Iterable[tuple[str, str | None]], as_of: str) -> str | None:
    """没有收口的各项（状况、期限）里，``as_of`` 当天起最近的期限；没有为空。"""
    ahead = (on for standing, on in rows if standing not in FINISHED and on and on >= as_of)
    return min(ahead, default=None)


def anchor_of(part: int, number: str) -> str:
    """任务在页上的锚点：第几部分、第几号。"""
    return f"t{part}-{number}"


def shown_number(number: str) -> str:
    """任务的编号怎样写给人看：保障措施（S1、S2……）在自己的一栏里，只写数字。"""
    return number.removeprefix("S")


def _task(
    task: Mapping[str, Any],
    row: Mapping[str, Any],
    reports: Mapping[int, list[Mapping[str, Any]]],
) -> dict[str, Any]:
    standings = {item["id"]: item for item in row["deliverables"]}
    deliverables = [
        _deliverable(item, standings.get(item["id"]), reports[item["id"]])
        for item in task["deliverables"]
    ]
    counts = row["counts"]
    total, finished = sum(counts.values()), sum(counts[key] for key in FINISHED)
    leads = dict.fromkeys(u["written_as"] for d in task["deliverables"] for u in d["lead"])
    return {
        "number": shown_number(task["number"]),
        "title": task["title"],
        "text": task["text"],
        "recurring": task["recurring"],
        "lead": list(leads),
        "units": row["units"],
        "waiting": row["waiting_groups"],
        "due_on": row["due_on"],
        "is_open": row["standing"] not in FINISHED,
        "standing": row["standing"],
        "label": STANDINGS[row["standing"]],
        "tone": TONES[row["standing"]],
        "total": total,
        "finished": finished,
        "told": f"{total} 份分工中 {finished} 份已收口",
        "bar": [(counts[key], tone) for key, tone in BAR],
        "deliverables": deliverables,
    }


def _deliverable(
    item: Mapping[str, Any],
    standing: Mapping[str, Any] | None,
    reports: list[Mapping[str, Any]],
) -> dict[str, Any]:
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for unit in standing["units"] if standing else ():
        grouped[unit["standing"]].append(
            {"code": unit["code"], "name": unit["name"], "is_lead": unit["role"] == "lead"}
        )
    return {
        "text": item["text"],
        "due_on": item["due_on"],
        "due_basis": item["due_basis"],
        "precedes_plan": item["precedes_plan"],
        "waiting": item["waiting"],
        "rows": [
            {"label": STANDINGS[key], "tone": TONES[key], "units": grouped[key]}
            for key in STANDINGS
            if grouped[key]
        ],
        "reports": reports,
    }
