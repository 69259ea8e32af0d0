"""重试的间隔与日程的下一次。"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.jobs.rules import next_daily, next_interval, retry_delay

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_each_failure_doubles_the_wait_up_to_an_hour() -> None:
    waits = [retry_delay(n, timedelta(seconds=10)).total_seconds() for n in range(1, 12)]
    assert waits[:5] == [10, 20, 40, 80, 160]
    assert waits[-2:] == [3600, 3600]
    assert retry_delay(10_000, timedelta(seconds=10)) == timedelta(hours=1)
    with pytest.raises(ValueError, match="还没有失败"):
        retry_delay(0, timedelta(seconds=1))


def test_daily_means_the_next_such_hour_by_the_local_clock() -> None:
    at = time(3, 0)
    before = datetime(2020, 10, 19, 18, 59, tzinfo=UTC)
    assert next_daily(before, at, SHANGHAI) == datetime(2020, 10, 20, 3, 0, tzinfo=SHANGHAI)
    on_it = datetime(2020, 10, 19, 19, 0, tzinfo=UTC)
    assert next_daily(on_it, at, SHANGHAI) == datetime(2020, 10, 21, 3, 0, tzinfo=SHANGHAI)


@given(
    due=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    minutes=st.integers(1, 60 * 24 * 40),
)
def test_the_next_interval_is_the_first_after_now_on_the_same_beat(
    due: datetime, now: datetime, minutes: int
) -> None:
    every = timedelta(minutes=minutes)
    found = next_interval(due, every, now)
    assert found > now
    assert (found - due) % every == timedelta()
    assert found == due or found - every <= now
