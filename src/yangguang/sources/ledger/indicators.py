"""台账的指标：方案第 26 项，按期上网。与台账、发文合计、通报同一个算法（``selectors.tallies``）。"""

from collections.abc import Callable
from datetime import date

from yangguang.hub.indicators.rules import Count, Counted, Indicator, Period

from .models import LedgerEntry
from .rules import Tally
from .selectors import tallies


def _counting(of: Callable[[Tally], Counted]) -> Count:
    def count(period: Period, as_of: date) -> dict[int, Counted]:
        entries = LedgerEntry.objects.filter(state="listed", issued_on__lte=period.until)
        if period.since is not None:
            entries = entries.filter(issued_on__gte=period.since)
        return {unit: of(tally) for unit, tally in tallies(entries, as_of).items()}

    return count


_ARTICLE = "方案第26项：主动公开文件印发实施后20个工作日内上网发布；条例第二十六条"

INDICATORS = (
    Indicator(
        code="ledger.on_time",
        name="按期率",
        unit="%",
        tasks=(26,),
        direction="higher",
        of=("按期上网", "看得出按期没有的"),
        explanation="台账里主动公开的文件，印发次日起 20 个工作日内（含届满当日）上网的是按期；"
        "分母是已经上网的，加上没有上网、期限已过的；期限未到的不算。",
        article=_ARTICLE,
        count=_counting(lambda tally: Counted(tally.on_time, tally.judged)),
        screen="ledger-inventory",
    ),
    Indicator(
        code="ledger.late",
        name="逾期上网",
        unit="件",
        tasks=(26,),
        direction="lower",
        of=("逾期", "主动公开的"),
        explanation="台账里主动公开的文件，上网日期晚于上网期限的。",
        article=_ARTICLE,
        count=_counting(lambda tally: Counted(tally.late, tally.public)),
        screen="ledger",
        query="standing=late",
    ),
    Indicator(
        code="ledger.overdue",
        name="到期没有上网",
        unit="件",
        tasks=(26,),
        direction="lower",
        of=("期限已过还没有上网", "主动公开的"),
        explanation="台账里主动公开的文件，过了上网期限还没有上网的。",
        article=_ARTICLE,
        count=_counting(lambda tally: Counted(tally.overdue, tally.public)),
        screen="ledger",
        query="standing=overdue",
    ),
)
