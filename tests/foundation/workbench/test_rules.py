"""还剩多少时间，用话说。"""

from datetime import date

import pytest

from yangguang.foundation.calendar.tables import packaged_calendar
from yangguang.foundation.workbench.rules import PARTS, TimeLeft, part_of, time_left

CALENDAR = packaged_calendar("linxia")


@pytest.mark.parametrize(
    ("due_on", "today", "words", "tone"),
    [
        # 2024-02-18 是调休上班的周日
        (date(2024, 2, 18), date(2024, 2, 18), "今天到期", "bad"),
        (date(2024, 2, 21), date(2024, 2, 18), "3 个工作日", "warn"),
        (date(2024, 2, 22), date(2024, 2, 18), "4 个工作日", ""),
        # 春节假期从 2 月 10 日到 17 日
        (date(2024, 2, 12), date(2024, 2, 10), "2 天，都是休息日", "bad"),
        (date(2024, 2, 9), date(2024, 2, 12), "已过期", "bad"),
        (date(2024, 2, 9), date(2024, 2, 19), "已过 2 个工作日", "bad"),
    ],
)
def test_time_left_counts_working_days_and_the_due_day_is_still_within(
    due_on: date, today: date, words: str, tone: str
) -> None:
    found = time_left(due_on, today, CALENDAR)
    assert (found.words, found.tone) == (words, tone)


def test_what_came_back_comes_before_what_is_due_and_that_before_what_was_asked_for() -> None:
    late, far = TimeLeft("今天到期", "bad"), TimeLeft("9 个工作日", "")
    assert part_of(True, True, late) == "returned"
    assert part_of(False, True, late) == "soon"
    assert part_of(False, True, far) == part_of(False, True, None) == "asked"
    assert part_of(False, False, far) == part_of(False, False, None) == "rest"
    assert list(PARTS) == ["returned", "soon", "asked", "rest"]
