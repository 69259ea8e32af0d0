"""任务页上的指标：各项任务登记了哪些、现在是多少、明细在哪个界面。"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.workbench.registry import viewset_at
from yangguang.hub.indicators.selectors import Shown, shown

from .models import ActionPlan


def measured(plan: ActionPlan, actor: Actor, unit: str = "") -> dict[str, list[dict[str, Any]]]:
    """各项任务（编号）的指标，此人范围内各机构合计；``unit`` 是只看一个单位的（机构代码）。至多一次查询。"""
    inside = Q(organisation=actor.organisation_id)
    if actor.includes_subtree:
        inside |= Q(organisation__path__startswith=actor.organisation_path)
    if unit:
        inside &= Q(organisation__code=unit)
    found = shown(plan.document_number, inside)
    return {str(task): list(_rows(listed, actor)) for task, listed in found.items()}


def _rows(listed: Iterable[Shown], actor: Actor) -> Iterable[dict[str, Any]]:
    for each in listed:
        indicator = each.indicator
        yield {
            "name": indicator.name,
            "told": each.told,
            "detail": each.detail,
            "direction": indicator.direction_label,
            "explanation": indicator.explanation,
            "article": indicator.article,
            "as_of": each.as_of,
            "taken_at": each.taken_at,
            "href": _href(each, actor),
        }


def _href(each: Shown, actor: Actor) -> str:
    """明细的地址；此人进不去的为空。"""
    screen = viewset_at(each.indicator.screen)
    if screen is None or not screen.may_open(actor):
        return ""
    query = each.indicator.query.format(day=each.as_of.isoformat())
    return f"{screen.list_href()}?{query}" if query else screen.list_href()
