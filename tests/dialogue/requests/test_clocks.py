"""答复期限：随机的经过与逐日数出来的相同；停着的没有届满日，说得出缘由。"""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialogue.requests.histories import drawn, walked
from tests.drilling import count, tell
from yangguang.dialogue.requests.clocks import (
    Course,
    Opinion,
    correction_deadline,
    internal_deadline,
    pauses,
    reply_deadline,
)
from yangguang.foundation.calendar.rules import spoken
from yangguang.foundation.calendar.tables import packaged_calendar

NATIONAL, LINXIA = packaged_calendar("national"), packaged_calendar("linxia")
CALENDARS = {"national": NATIONAL, "linxia": LINXIA}
RECEIVED = date(2020, 9, 14)


def agree(seed: int, number: int) -> None:
    random = Random(seed)
    for _ in range(number):
        history = drawn(random)
        found = reply_deadline(CALENDARS[history.region], history.course)
        assert found is not None and found.due == walked(history), history


@pytest.mark.parametrize("seed", range(4))
def test_the_due_day_of_any_history_is_the_one_counted_day_by_day(seed: int) -> None:
    agree(seed, 500)


@pytest.mark.drill
def test_the_due_days_of_very_many_histories_are_those_counted_day_by_day() -> None:
    number = count("HISTORIES", 100_000)
    agree(2026, number)
    tell("histories", count=number)


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=6
    )
)  # fmt: skip
def test_overlapping_opinions_cost_each_day_once(asked: list[tuple[int, int]]) -> None:
    opinions = [
        Opinion(RECEIVED + timedelta(sent), RECEIVED + timedelta(sent + long))
        for sent, long in asked
    ]
    merged = pauses(opinions)
    covered = {
        day
        for each in merged
        for day in range((each.sent - RECEIVED).days + 1, (each.received - RECEIVED).days + 1)
    }
    assert covered == {day for sent, long in asked for day in range(sent + 1, sent + long + 1)}
    assert all(one.received < two.sent for one, two in zip(merged, merged[1:], strict=False))


@pytest.mark.parametrize(
    ("course", "why"),
    [
        (Course(None), "第三十一条"),
        (Course(RECEIVED, correction_asked=RECEIVED), "第三十条"),
        (Course(RECEIVED, charged=RECEIVED), "国办函〔2020〕109号"),
        (Course(RECEIVED, opinions=(Opinion(RECEIVED),)), "第三十三条"),
    ],
)
def test_a_clock_that_stands_still_has_no_due_day_and_says_why(course: Course, why: str) -> None:
    assert reply_deadline(NATIONAL, course) is None
    assert why in course.standstill


def test_every_step_of_the_answer_names_its_rule() -> None:
    course = Course(
        RECEIVED, RECEIVED, date(2020, 9, 21), (Opinion(date(2020, 9, 22), date(2020, 9, 28)),),
        extended_days=3,
    )  # fmt: skip
    found = reply_deadline(LINXIA, course)
    assert found is not None
    assert all(step.rule and step.text for step in found.steps)
    assert spoken(found.due) in " ".join(step.text for step in found.steps)


def test_a_reasoned_delay_replaces_the_term_and_says_so() -> None:
    until = date(2020, 12, 31)
    found = reply_deadline(NATIONAL, Course(RECEIVED, delayed_until=until))
    assert found is not None and found.due == until
    assert found.steps[-1].rule == "条例第三十五条"


def test_correction_is_asked_within_seven_working_days_and_only_once() -> None:
    found = correction_deadline(NATIONAL, Course(date(2021, 2, 1)))
    assert found is not None and found.due == date(2021, 2, 9)
    assert correction_deadline(NATIONAL, Course(RECEIVED, correction_asked=RECEIVED)) is None


def test_the_internal_day_lies_working_days_before_the_legal_one() -> None:
    # 10 月 9、10 日（周六）上班，前面是长假
    assert internal_deadline(NATIONAL, date(2020, 10, 12), 3) == date(2020, 9, 30)
    assert internal_deadline(NATIONAL, date(2020, 10, 12), 0) == date(2020, 10, 12)
