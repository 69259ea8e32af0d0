"""其他期限：纯函数。期限本身是带日期和出处的数据（``data/calendar/clocks.json``），不是代码。

“日”与“工作日”分开：工作日走工作日历；日、月、年按公历数，开始的当日不计，
届满日是休息日的，只有依法顺延的（``rolls``）才顺延。
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from .deadlines import CALENDAR, Deadline, Step, calendar_steps
from .rules import CalendarError, WorkingCalendar, spoken


class Unit(StrEnum):
    """期限的单位。``DATE`` 是次年的固定日期。"""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    DATE = "date"


UNIT_LABELS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.DAY: "日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
    Unit.HOUR: "小时",
}


class Bound(StrEnum):
    """期限的方向：``WITHIN`` 之内；``AT_LEAST`` 不少于；``BEFORE`` 不晚于起点之前若干日。"""

    WITHIN = "within"
    AT_LEAST = "at_least"
    BEFORE = "before"


BOUND_LABELS = {
    Bound.WITHIN: "最迟",
    Bound.AT_LEAST: "最早",
    Bound.BEFORE: "最迟",
}


@dataclass(frozen=True)
class Clock:
    """一种期限的一个版本。

    ``anchor`` 是起点（决定作出之日……），``duty`` 是该做的事；``month`` 与 ``day`` 只用于固定日期。
    ``verified`` 为假表示数字尚未与原文核对，是可以更正的参数。
    """

    code: str
    label: str
    anchor: str
    duty: str
    unit: Unit
    number: int
    legal_basis: str
    bound: Bound = Bound.WITHIN
    rolls: bool = False
    month: int | None = None
    day: int | None = None
    verified: bool = False
    source: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.unit is Unit.DATE:
            if not self.month or not self.day:
                raise CalendarError(f"{self.code}：固定日期须写明月和日。", "month")
        elif self.number < 1:
            raise CalendarError(f"{self.code}：期限至少为 1。", "number")
        if self.bound is Bound.BEFORE and self.unit is not Unit.DAY:
            raise CalendarError(f"{self.code}：倒数的期限只能以日计。", "unit")

    @property
    def term(self) -> str:
        """期限的文字：7个工作日、20日、次年1月31日。"""
        if self.unit is Unit.DATE:
            return f"次年{self.month}月{self.day}日"
        return f"{self.number}{UNIT_LABELS[self.unit]}"

    def holds(self, on: date) -> bool:
        """这一版本在 ``on`` 当日是否有效，起止两日都算在内。"""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


def clock_from(row: Mapping[str, Any]) -> Clock:
    """由一行数据得到一种期限。"""
    values = dict(row)
    for name in ("valid_from", "valid_until"):
        if isinstance(values.get(name), str):
            values[name] = date.fromisoformat(values[name])
    values["unit"] = Unit(values["unit"])
    values["bound"] = Bound(values.get("bound", Bound.WITHIN))
    return Clock(**values)


def clock_for(clocks: Iterable[Clock], code: str, on: date) -> Clock:
    """``code`` 在 ``on`` 当日有效的版本；没有这种期限或当日没有有效的版本时抛出 ``CalendarError``。"""
    versions = [clock for clock in clocks if clock.code == code]
    if not versions:
        raise CalendarError(f"没有“{code}”这种期限。", "code")
    for clock in versions:
        if clock.holds(on):
            return clock
    raise CalendarError(f"{versions[0].label}在{spoken(on)}没有有效的规定。", "code")


def clock_due(calendar: WorkingCalendar, clock: Clock, anchor: date) -> Deadline:
    """``clock`` 从 ``anchor`` 起算的期限。固定日期的 ``anchor`` 是所属年度里的任意一天。"""
    if clock.unit is Unit.HOUR:
        raise CalendarError(f"{clock.label}以小时计，请给出时刻。", "unit")
    due = _counted(calendar, clock, anchor)
    steps = [_start(clock, anchor), _end(clock, due)]
    counted_through = due
    if clock.rolls and (rolled := calendar.rolled(due)) != due:
        reason = calendar.status(due).reason
        steps.append(
            Step(
                clock.legal_basis,
                f"届满日{spoken(due)}是休息日（{reason}），顺延到其后的第一个工作日{spoken(rolled)}。",
                rolled,
            )
        )
        due = rolled
    if clock.note:
        steps.append(Step(clock.legal_basis, clock.note))
    if not clock.verified:
        steps.append(Step(clock.legal_basis, "这一期限的数字尚未与原文核对，以管理员核定的为准。"))
    if clock.unit is Unit.WORKING_DAY:
        passed = calendar.survey(anchor, due)
        return Deadline(due, passed.provisional, (*steps, *calendar_steps(passed)))
    # 按公历数的期限，只有届满日落在哪一天与放假安排有关
    landing = calendar.survey(counted_through - timedelta(days=1), due)
    provisional = clock.rolls and landing.provisional
    notes = [Step(CALENDAR, note) for note in landing.notes] if clock.rolls else []
    return Deadline(due, provisional, (*steps, *notes))


def moment_due(clock: Clock, anchor: datetime) -> tuple[datetime, tuple[Step, ...]]:
    """以小时计的期限：从发生的时刻起连续计算，不分工作日与休息日。"""
    if clock.unit is not Unit.HOUR:
        raise CalendarError(f"{clock.label}不以小时计。", "unit")
    due = anchor + timedelta(hours=clock.number)
    text = f"{clock.anchor}为{anchor:%Y-%m-%d %H:%M}，{clock.duty}：{clock.term}内，最迟{due:%Y-%m-%d %H:%M}。"
    return due, (Step(clock.legal_basis, text, due.date()),)


def _counted(calendar: WorkingCalendar, clock: Clock, anchor: date) -> date:
    try:
        match clock.unit:
            case Unit.WORKING_DAY:
                return calendar.nth(anchor, clock.number)
            case Unit.DAY if clock.bound is Bound.BEFORE:
                return anchor - timedelta(days=clock.number)
            case Unit.DAY:
                return anchor + timedelta(days=clock.number)
            case Unit.MONTH:
                return months_after(anchor, clock.number)
            case Unit.YEAR:
                return months_after(anchor, 12 * clock.number)
            case _:
                return date(anchor.year + 1, clock.month or 1, clock.day or 1)
    except (OverflowError, ValueError) as error:
        if isinstance(error, CalendarError):
            raise
        raise CalendarError("日期超出了可以计算的范围。", "date") from None


def months_after(day: date, months: int) -> date:
    """``months`` 个月后的对应日；那个月没有对应日的，为月末日。"""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _start(clock: Clock, anchor: date) -> Step:
    if clock.unit is Unit.DATE:
        return Step(clock.legal_basis, f"{clock.anchor}：{anchor.year}年。")
    if clock.bound is Bound.BEFORE:
        return Step(clock.legal_basis, f"{clock.anchor}为{spoken(anchor)}，由此倒数。", anchor)
    return Step(clock.legal_basis, f"{clock.anchor}为{spoken(anchor)}，当日不计入期限。", anchor)


def _end(clock: Clock, due: date) -> Step:
    return Step(
        clock.legal_basis,
        f"{clock.duty}：{clock.term}，{BOUND_LABELS[clock.bound]}{spoken(due)}。",
        due,
    )
