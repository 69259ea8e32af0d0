"""年度报告表四由一件件复议、诉讼数出来。读取。"""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from yangguang.dialogue.requests.counting import Period
from yangguang.dialogue.requests.table3 import GROUPS, OUTCOMES

from .models import Remedy

Table4 = Mapping[str, Mapping[str, int]]


def table4(records: "QuerySet[Remedy]", period: Period) -> Table4:
    """表四：这一年审结的各记其结果，年底（或者 ``until``）还没有审结的记“尚未审结”。两次查询。"""
    cells = {group: dict.fromkeys(OUTCOMES, 0) for group in GROUPS}
    decided = records.filter(decided_on__range=(period.first, period.until)).order_by()
    rows = decided.values_list("kind", "result").annotate(number=Count("pk"))
    for kind, result, number in rows:
        cells[kind][result] += number
    still = Q(decided_on__isnull=True) | Q(decided_on__gt=period.until)
    pending = records.filter(still, received_on__lte=period.until).order_by()
    for kind, number in pending.values_list("kind").annotate(number=Count("pk")):
        cells[kind]["pending"] += number
    for line in cells.values():
        line["total"] = sum(line[name] for name in OUTCOMES if name != "total")
    return cells
