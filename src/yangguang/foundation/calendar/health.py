"""日历的体检：纯规则。该录入的表没有录入，早早说出来。"""

from datetime import date

from .rules import NATIONAL, Tables

REMINDED_FROM = (11, 1)
"""国务院办公厅通常在 10 月底至 11 月公布下一年的放假安排，从 11 月 1 日起提醒。"""


def calendar_warnings(tables: Tables, region: str, on: date) -> list[str]:
    """``on`` 当日该录入而没有录入的表，每条一句。

    当年的全国安排缺了，随时提醒；下一年的全国安排、``region`` 当年的地方节日，从 11 月 1 日起提醒。
    """
    year, warnings = on.year, []
    late = (on.month, on.day) >= REMINDED_FROM
    for wanted in (year, year + 1) if late else (year,):
        if wanted not in tables.known_years:
            warnings.append(
                f"{wanted}年的放假安排尚未录入，经过{wanted}年的期限都是暂定的。"
                "放假通知公布后请尽快录入，期限会随之重算。"
            )
    if late:
        for entry in tables.lineage(region):
            missing = [
                name
                for name in entry.festivals
                if entry.code != NATIONAL
                and year not in tables.entered.get((entry.code, name), frozenset())
            ]
            if missing:
                warnings.append(
                    f"{entry.name}{year}年{'、'.join(missing)}的放假日期尚未录入，"
                    "期限没有扣除这些日子。请按州、县人民政府当年的通知补录。"
                )
    return warnings
