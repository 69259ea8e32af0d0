"""一件申请的答复期限，和为什么是那一天。纯函数，不碰数据库、时钟和配置。

期限由 ``foundation.calendar.deadlines.reply_due`` 一处计算：收到补正、缴费重新起算，征求意见的时间不计入，
延期一次最长 20 个工作日（条例第三十条至第三十四条，国办函〔2020〕109号）。这里把一件申请的经过化成它要的几样，
并说明期限停着的时候为什么没有届满日。
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yangguang.foundation.calendar.deadlines import (
    Deadline,
    Pause,
    Step,
    clarification_due,
    reply_due,
)
from yangguang.foundation.calendar.rules import WorkingCalendar, spoken

ARTICLE_35 = "条例第三十五条"


@dataclass(frozen=True)
class Opinion:
    """征求一方的意见：``sent`` 是发出日，``received`` 是收到意见、期限届满视为有了结果之日，还没有的为空。"""

    sent: date
    received: date | None = None


@dataclass(frozen=True)
class Course:
    """一件申请与期限有关的经过。

    ``received`` 是收到申请之日（条例第三十一条），还不能确定的为空。``correction_asked``、``corrected`` 是要求
    补正和收到补正之日，``charged``、``paid`` 是收费通知发出和缴费之日，``extended_days`` 是延长几个工作日，
    ``delayed_until`` 是依第三十五条确定的延迟答复的期限。
    """

    received: date | None
    correction_asked: date | None = None
    corrected: date | None = None
    opinions: Sequence[Opinion] = ()
    charged: date | None = None
    paid: date | None = None
    extended_days: int = 0
    delayed_until: date | None = None

    @property
    def standstill(self) -> str:
        """期限现在为什么停着，一句话；没有停为空串。"""
        if self.received is None:
            return "还没有与申请人确认收到申请之日，期限没有起算（条例第三十一条）。"
        if self.correction_asked and not self.corrected:
            return "等待申请人补正，收到补正之日重新起算（条例第三十条）。"
        if self.charged and not self.paid:
            return "等待申请人缴纳信息处理费，自缴费次日重新计算（国办函〔2020〕109号）。"
        if any(each.received is None for each in self.opinions):
            return "正在征求意见，征求意见的时间不计入期限（条例第三十三条）。"
        return ""


def pauses(opinions: Iterable[Opinion]) -> tuple[Pause, ...]:
    """各段征求意见的时间，重叠的合成一段：同一天只扣一次。没有收到意见的不在内。"""
    merged: list[Pause] = []
    for each in sorted(
        (Pause(each.sent, each.received) for each in opinions if each.received),
        key=lambda pause: (pause.sent, pause.received),
    ):
        if merged and each.sent <= merged[-1].received:
            last = merged.pop()
            each = Pause(last.sent, max(last.received, each.received))
        merged.append(each)
    return tuple(merged)


def reply_deadline(calendar: WorkingCalendar, course: Course) -> Deadline | None:
    """答复的期限；停着的没有届满日，为空（缘由见 ``Course.standstill``）。自相矛盾抛出 ``CalendarError``。"""
    if course.received is None or course.standstill:
        return None
    found = reply_due(
        calendar,
        course.received,
        clarified=course.corrected,
        pauses=pauses(course.opinions),
        paid=course.paid,
        extended_days=course.extended_days,
    )
    if course.delayed_until is None:
        return found
    step = Step(
        ARTICLE_35,
        "申请理由合理但无法在规定的期限内答复，已确定延迟答复的合理期限并告知申请人："
        f"{spoken(course.delayed_until)}。",
        course.delayed_until,
    )
    return Deadline(course.delayed_until, False, (*found.steps, step))


def correction_deadline(calendar: WorkingCalendar, course: Course) -> Deadline | None:
    """告知补正的期限：收到申请之日起 7 个工作日（条例第三十条）。已经告知过、还没有收到的为空。"""
    if course.received is None or course.correction_asked is not None:
        return None
    return clarification_due(calendar, course.received)


def internal_deadline(calendar: WorkingCalendar, due: date, lead: int) -> date:
    """内部办结的日子：比法定的届满日早 ``lead`` 个工作日。"""
    day = due
    while lead:
        day -= timedelta(days=1)
        lead -= calendar.is_working_day(day)
    return day
