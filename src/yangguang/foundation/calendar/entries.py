"""录入日历表时的检查：纯规则。每处不合写成一句话，说明怎样补正；合格则为空。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .rules import WorkingCalendar, spoken

NAME_LENGTH = 40
SOURCE_LENGTH = 200
DECEMBER = 12

STATUTORY = ("元旦", "春节", "清明节", "劳动节", "端午节", "国庆节")
"""每年的放假通知里必有的节日。中秋节可能并入国庆节，不单列。"""

FIXED = ((1, 1), (5, 1), (10, 1))
"""《全国年节及纪念日放假办法》里公历日期固定、每年必放的日子。"""


@dataclass(frozen=True)
class DayEntry:
    """要录入的一天：放假（``works`` 为假）或上班（为真），``name`` 是缘由的节日。"""

    date: date
    works: bool
    name: str


def wording_faults(name: str, source: str) -> list[str]:
    """缘由和依据的文字不合之处。"""
    faults = []
    if not name.strip():
        faults.append("须写明缘由，例如“国庆节”。")
    elif len(name) > NAME_LENGTH:
        faults.append(f"缘由不能超过 {NAME_LENGTH} 个字。")
    if not source.strip():
        faults.append("须写明依据，例如放假通知的标题和文号。")
    elif len(source) > SOURCE_LENGTH:
        faults.append(f"依据不能超过 {SOURCE_LENGTH} 个字。")
    return faults


def working_day_faults(entries: Iterable[DayEntry], beneath: WorkingCalendar) -> list[str]:
    """登记为上班、而不登记也是工作日的日子：多半是日期写错了。

    ``beneath`` 是没有这些登记时的日历。放假落在周末是常事，不算错。
    """
    return [
        f"{spoken(entry.date)}本来就是工作日，不必登记为调休上班，请核对日期。"
        for entry in entries
        if entry.works and beneath.is_working_day(entry.date)
    ]


def repeated_day_faults(entries: Sequence[DayEntry]) -> list[str]:
    """同一天写了两次。"""
    seen: set[date] = set()
    faults = []
    for entry in entries:
        if entry.date in seen:
            faults.append(f"{spoken(entry.date)}写了不止一次。")
        seen.add(entry.date)
    return faults


def year_faults(year: int, entries: Sequence[DayEntry]) -> list[str]:
    """全国一年的安排不齐全、不合常理之处。上年 12 月末的调休可以一并录入。"""
    faults = [
        f"{spoken(entry.date)}不在{year}年，也不是上年12月。"
        for entry in entries
        if entry.date.year != year and (entry.date.year, entry.date.month) != (year - 1, DECEMBER)
    ]
    names = "、".join({entry.name for entry in entries if not entry.works})
    if missing := [name for name in STATUTORY if name not in names]:
        faults.append(f"{year}年的安排缺少{'、'.join(missing)}。")
    off = {entry.date for entry in entries if not entry.works}
    faults += [
        f"{year}年{month}月{day}日是法定节日，应当放假。"
        for month, day in FIXED
        if date(year, month, day) not in off
    ]
    return faults


def festival_faults(year: int, entries: Sequence[DayEntry]) -> list[str]:
    """地方节日一年的安排不合之处：日子都在当年，至少放一天假。"""
    faults = [f"{spoken(entry.date)}不在{year}年。" for entry in entries if entry.date.year != year]
    if all(entry.works for entry in entries):
        faults.append("至少要有一天放假。")
    return faults
