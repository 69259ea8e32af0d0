"""免打扰、期限的档、默认的提醒方式。"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.notify.rules import (
    AT_ONCE,
    CHANNELS,
    CONTACT,
    DIGEST,
    KINDS,
    MILESTONES,
    OFF,
    Quiet,
    first_moment,
    milestone,
    usual_pace,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = Quiet()


def weekday(day: date) -> bool:
    return day.weekday() < 5


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2020-09-24 10:00", "2020-09-24 10:00"),
        ("2020-09-24 20:59", "2020-09-24 20:59"),
        ("2020-09-24 21:00", "2020-09-25 07:30"),
        ("2020-09-24 03:00", "2020-09-24 07:30"),
        ("2020-09-25 22:00", "2020-09-28 07:30"),  # 星期五夜里：星期一早上
        ("2020-09-26 12:00", "2020-09-28 07:30"),  # 星期六：星期一早上，不是零点
    ],
)
def test_what_comes_at_night_or_on_a_rest_day_waits_for_the_next_working_morning(
    now: str, first: str
) -> None:
    assert first_moment(at(now), USUAL, weekday) == at(first)


def test_a_quiet_time_within_one_day_and_none_at_all() -> None:
    noon = Quiet(time(12, 0), time(14, 0), skips_rest_days=False)
    assert first_moment(at("2020-09-26 12:00"), noon, weekday) == at("2020-09-26 14:00")
    assert first_moment(at("2020-09-26 14:00"), noon, weekday) == at("2020-09-26 14:00")
    never = Quiet(time(8, 0), time(8, 0), skips_rest_days=False)
    assert first_moment(at("2020-09-26 08:00"), never, weekday) == at("2020-09-26 08:00")


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2022, 12, 31)),
    since=st.times(),
    until=st.times(),
    skips=st.booleans(),
)
def test_the_first_moment_is_allowed_and_nothing_before_it_is(
    now: datetime, since: time, until: time, skips: bool
) -> None:
    quiet, start = Quiet(since, until, skips), now.replace(tzinfo=SHANGHAI)
    first = first_moment(start, quiet, weekday)

    def allowed(moment: datetime) -> bool:
        clock = moment.time()
        return not quiet.covers(clock) and (not skips or weekday(moment.date()))

    assert first >= start
    assert allowed(first)
    if first > start:
        assert not allowed(start)
        assert not allowed(first - timedelta(microseconds=1))


def test_a_deadline_is_told_once_a_step_however_often_it_is_looked_at() -> None:
    due = date(2020, 9, 30)
    steps = [milestone(due, due - timedelta(days=left)) for left in range(7, -3, -1)]
    assert steps == [7, 7, 7, 7, 3, 3, 1, 0, -1, -1]
    assert set(steps) == {*MILESTONES, -1}


def test_short_messages_are_for_what_is_urgent_and_contacts_never_leave() -> None:
    assert usual_pace("alarm", "sms") == AT_ONCE
    assert usual_pace("waiting", "sms") == OFF
    assert usual_pace("waiting", "email") == AT_ONCE
    assert usual_pace("deadline", "email") == DIGEST
    assert {usual_pace(CONTACT, channel) for channel in CHANNELS} == {OFF}
    assert {kind.code for kind in KINDS.values() if not kind.outward} == {CONTACT}
