"""机构页上的一块：这个单位在方案里承担什么，各做到哪一步。只做摆放，不算状况。"""

from collections import Counter
from datetime import date
from typing import Any

from .models import ActionPlan
from .page import BAR, ORDER, TONES, anchor_of, next_due, shown_number
from .rules import FINISHED, STANDINGS
from .selectors import Share, unit_shares


def shares_of(key: str, as_of: date) -> dict[str, Any]:
    """数据键 ``plan-unit:方案号:机构代码`` 的数据；这个机构没有分工则为空。三次查询。

    方案不存在抛出 ``ActionPlan.DoesNotExist``。
    """
    _, number, code = key.split(":")
    plan = ActionPlan.objects.get(pk=int(number))
    listed = unit_shares(plan, code, as_of=as_of)
    if not listed:
        return {}
    parts = list(dict.fromkeys(plan.tasks.order_by("position").values_list("part", flat=True)))
    counted = Counter(share.standing for share in listed)
    return {
        "plan": plan.title,
        "as_of": as_of.isoformat(),
        "totals": [
            {"label": STANDINGS[key], "tone": TONES[key], "count": counted[key]}
            for key in ORDER
            if counted[key]
        ],
        "bar": [(counted[key], tone) for key, tone in BAR],
        "next_due_on": next_due(
            ((share.standing, _day(share.due_on)) for share in listed), as_of.isoformat()
        ),
        "shares": [_row(share, parts) for share in listed],
    }


def _row(share: Share, parts: list[str]) -> dict[str, Any]:
    return {
        "anchor": anchor_of(parts.index(share.part) + 1, share.task_number),
        "number": shown_number(share.task_number),
        "part": share.part,
        "task": share.task_title,
        "demand": share.demand,
        "role": share.role_label,
        "due_on": _day(share.due_on),
        "is_open": share.standing not in FINISHED,
        "label": share.standing_label,
        "tone": TONES[share.standing],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
