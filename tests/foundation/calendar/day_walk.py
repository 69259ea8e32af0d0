"""独立的逐日推算：不用产品的代码和表，直接问 chinese_calendar，一天一天地走。"""

from datetime import date, timedelta
from functools import cache

import chinese_calendar

ONE_DAY = timedelta(days=1)


@cache
def is_working(day: date, region: str) -> bool:
    if region == "linxia":
        anniversary = date(day.year, 11, 19)
        if anniversary.weekday() == 6:
            anniversary = date(day.year, 11, 20)
        if day == anniversary:
            return False
    return bool(chinese_calendar.is_workday(day))


def reply_due(
    base: date,
    days: int,
    pauses: list[tuple[date, date]],
    extension: int,
    region: str,
) -> date:
    """每过一天问三件事：是工作日吗？在征求意见吗？数够了吗？"""
    day, counted = base, 0
    while counted < days + extension:
        day += ONE_DAY
        paused = any(sent < day <= received for sent, received in pauses)
        if is_working(day, region) and not paused:
            counted += 1
    return day
