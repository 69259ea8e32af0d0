"""指标的读取：存下的读数（任务页用），和当场数一段的（报表、测试用）。"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, Sum

from yangguang.foundation.organisations.models import Organisation

from .models import IndicatorReading
from .registry import of_basis
from .rules import Counted, Indicator, Period, summed

DATA = "indicators"
"""公开页面用的数据的键的前缀，后面是方案的文号。"""


@dataclass(frozen=True)
class Shown:
    """一个指标和它的读数。"""

    indicator: Indicator
    counted: Counted
    as_of: date
    taken_at: datetime

    @property
    def told(self) -> str:
        """值。"""
        return self.indicator.told(self.counted)

    @property
    def detail(self) -> str:
        """分子、分母。"""
        return self.indicator.detail(self.counted)


def shown(basis: str, within: Q | None = None) -> dict[int, list[Shown]]:
    """为方案 ``basis`` 的各项任务（编号）的指标，存下的读数；``within`` 是哪些机构的（对 ``organisation``），默认全部。

    至多一次查询；没有为它登记指标的不查，还没有数过的为空。
    """
    indicators = of_basis(basis)
    if not indicators:
        return {}
    inside = within if within is not None else Q()
    rows = (
        IndicatorReading.objects.filter(indicator__in=[each.code for each in indicators])
        .order_by()
        .values("indicator")
        .annotate(
            above=Sum("numerator", filter=inside, default=0),
            below=Sum("denominator", filter=inside, default=0),
            day=Max("as_of"),
            at=Max("taken_at"),
        )
    )
    read: Mapping[str, Any] = {row["indicator"]: row for row in rows}
    if not read:
        return {}
    day, at = max((row["day"], row["at"]) for row in read.values())
    found: dict[int, list[Shown]] = {}
    for each in indicators:
        row = read.get(each.code, {"above": 0, "below": 0})
        one = Shown(each, Counted(row["above"], row["below"]), day, at)
        for task in each.tasks:
            found.setdefault(task, []).append(one)
    return found


def figure(
    indicator: Indicator,
    period: Period,
    as_of: date,
    organisation: Organisation | None = None,
    *,
    includes_subtree: bool = True,
) -> Counted:
    """当场数一个指标：一个机构（连同下级）的，不给机构是全部。查询数看指标自己，再加一次。"""
    counted = indicator.count(period, as_of)
    if organisation is None:
        return summed(counted.values())
    if not includes_subtree:
        return counted.get(organisation.pk, Counted())
    below = Organisation.objects.filter(path__startswith=organisation.path)
    inside = set(below.values_list("pk", flat=True))
    return summed(one for unit, one in counted.items() if unit in inside)


def figures_of(key: str, as_of: date) -> dict[str, Any]:
    """数据键 ``indicators:文号`` 的数据：各项任务的指标，全部机构合计。只含 JSON 的值。一次查询。

    读数是作业存下的，``as_of`` 不影响它：同一批读数烘出的页面永远相同。
    """
    basis = key.partition(":")[2]
    found = shown(basis)
    days = [each.as_of for listed in found.values() for each in listed]
    return {
        "as_of": max(days).isoformat() if days else "",
        "tasks": {
            str(task): [
                {
                    "name": each.indicator.name,
                    "told": each.told,
                    "detail": each.detail,
                    "explanation": each.indicator.explanation,
                    "article": each.indicator.article,
                }
                for each in listed
            ]
            for task, listed in found.items()
        },
    }
