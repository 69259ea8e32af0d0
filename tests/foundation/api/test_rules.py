"""密钥与限速的规则。"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.api.rules import (
    MINUTE,
    Pace,
    Token,
    household,
    key_refusal,
    scopes_fault,
)

DAY = date(2020, 10, 20)


@given(
    st.integers(1, 200),
    st.lists(st.floats(0, 20, allow_nan=False), max_size=120),
)
def test_no_minute_lets_through_more_than_a_burst_and_a_refill(
    per_minute: int, gaps: list[float]
) -> None:
    pace, arrival, now = Pace(per_minute), 0.0, 1_700_000_000.0
    admitted: list[float] = []
    for gap in gaps:
        now += gap
        if not pace.wait(arrival, now):
            arrival = pace.after(arrival, now)
            admitted.append(now)
    for start in admitted:
        inside = sum(start <= moment < start + MINUTE for moment in admitted)
        assert inside <= 2 * per_minute


@given(st.integers(1, 6000))
def test_a_whole_minutes_worth_may_come_at_once_and_the_next_waits_its_interval(
    per_minute: int,
) -> None:
    pace, arrival, now = Pace(per_minute), 0.0, 1_700_000_000.0
    for _ in range(min(per_minute, 300)):
        assert pace.wait(arrival, now) == 0
        arrival = pace.after(arrival, now)
    if per_minute <= 300:
        assert pace.wait(arrival, now) == pytest.approx(pace.interval, abs=1e-3)
        assert pace.wait(arrival, now + pace.interval + 1e-5) == 0


def test_a_clock_that_ran_ahead_does_not_shut_anyone_out() -> None:
    pace, now = Pace(60), 1_700_000_000.0
    spoilt = now + 86_400
    assert pace.wait(spoilt, now) == 0
    assert pace.after(spoilt, now) == now + 1


def test_an_ipv6_household_counts_as_one_and_a_mapped_address_as_ipv4() -> None:
    assert household("2001:db8:1:2::1") == household("2001:db8:1:2:ffff::9")
    assert household("2001:db8:1:2::1") != household("2001:db8:1:3::1")
    assert household("::ffff:10.1.2.3") == household("10.1.2.3") == "10.1.2.3"
    assert household("不是地址") == ""


def test_a_token_is_read_back_and_nothing_else_is_a_token() -> None:
    token = Token("0123456789ab", "s" * 43)
    assert Token.parse(str(token)) == token
    assert token.matches(token.digest)
    assert not token.matches(Token("0123456789ab", "t" * 43).digest)
    for text in ("", "yg_", f"{token} ", f"{token}x", str(token).upper(), "\0"):
        assert Token.parse(text) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"state": "revoked"}, "已经撤销"),
        ({"valid_from": date(2020, 10, 21)}, "自 2020-10-21 起"),
        ({"valid_until": date(2020, 10, 19)}, "到 2020-10-19 为止"),
        ({"networks": ["10.2.0.0/16"]}, "来源地址"),
        ({"networks": ["10.1.0.0/16", "::1"]}, ""),
        ({"address": "不是地址", "networks": ["10.1.0.0/16"]}, "来源地址"),
        ({"valid_from": DAY, "valid_until": DAY}, ""),
    ],
)
def test_why_a_key_does_not_open_is_told(changes: dict[str, object], told: str) -> None:
    values = {
        "state": "active", "valid_from": date(2020, 1, 1), "valid_until": date(2021, 1, 1),
        "networks": [], "on": DAY, "address": "10.1.2.3",
    }  # fmt: skip
    refusal = key_refusal(**values | changes)
    assert told in refusal if told else refusal == ""


def test_one_key_acts_in_one_role() -> None:
    assert scopes_fault(["drafter", "drafter", ""]) == ""
    assert "分别发" in scopes_fault(["drafter", "request_officer"])
