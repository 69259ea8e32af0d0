"""任职的期间和范围，三员分立，会话的期限，口令的要求。"""

from datetime import UTC, date, datetime, timedelta

import pytest

from yangguang.foundation.accounts.devices import device
from yangguang.foundation.accounts.rules import (
    Actor,
    Held,
    assignment_holds,
    password_faults,
    separation_faults,
    session_is_over,
)


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2020, 8, 31), False),
        (date(2020, 9, 1), True),
        (date(2020, 9, 30), True),
        (date(2020, 10, 1), False),
    ],
)
def test_an_assignment_holds_from_its_first_day_to_its_last(on: date, holds: bool) -> None:
    assert assignment_holds(date(2020, 9, 1), date(2020, 9, 30), on) is holds


def test_an_assignment_reaches_below_only_when_it_says_so() -> None:
    narrow = Actor(1, "甲", 1, "supervisor", 7, "00010002", False)
    wide = Actor(1, "甲", 1, "supervisor", 7, "00010002", True)
    assert narrow.covers(7, "00010002") and wide.covers(7, "00010002")
    assert not narrow.covers(8, "000100020001")
    assert wide.covers(8, "000100020001")
    assert not wide.covers(9, "00010003")


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Sunny-2020-Day", 0),
        ("短Aa1-", 1),
        ("alllowercase", 1),
        ("wangwu-Pass-2020", 1),
        ("abc", 2),
    ],
)
def test_passwords_are_long_varied_and_without_the_user_name(password: str, faults: int) -> None:
    assert len(password_faults(password, "wangwu")) == faults


SINCE, UNTIL = date(2026, 1, 1), date(2026, 6, 30)


def held(role: str, start: date = SINCE, end: date | None = None) -> Held:
    return Held(role, start, end, role)


@pytest.mark.parametrize(
    ("wanted", "other", "apart"),
    [
        ("system_admin", held("security_admin"), False),
        ("audit_admin", held("drafter"), False),
        ("drafter", held("audit_admin"), False),
        ("organisation_admin", held("system_admin"), False),
        ("system_admin", held("system_admin"), True),
        ("reviewer", held("drafter"), True),
        ("organisation_admin", held("drafter"), True),
        ("system_admin", held("security_admin", SINCE, UNTIL), False),
        ("system_admin", held("security_admin", date(2025, 1, 1), date(2025, 12, 31)), True),
        ("system_admin", held("drafter", date(2025, 1, 1), SINCE), False),
    ],
)
def test_the_three_administrators_are_three_persons_without_business_roles(
    wanted: str, other: Held, apart: bool
) -> None:
    reasons = separation_faults(held(wanted), [other])
    assert (reasons == []) is apart
    assert apart or "三员分立" in reasons[0]


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("signed_in", "seen", "over"),
    [
        (timedelta(hours=1), timedelta(minutes=1), False),
        (timedelta(hours=7, minutes=59), timedelta(0), False),
        (timedelta(hours=8), timedelta(0), True),
        (timedelta(hours=2), timedelta(minutes=64), False),
        (timedelta(hours=2), timedelta(minutes=65), True),
    ],
)
def test_a_session_ends_after_a_working_day_or_after_lying_idle(
    signed_in: timedelta, seen: timedelta, over: bool
) -> None:
    limits = {"longest": timedelta(hours=8), "idle": timedelta(hours=1)}
    assert session_is_over(NOON - signed_in, NOON - seen, NOON, **limits) is over


def test_whoever_acts_for_another_signs_with_both_names_and_answers_for_both() -> None:
    own = Actor(1, "乙", 1, "approver", 7, "0001", False)
    deputy = Actor(1, "乙", 2, "approver", 7, "0001", False, 9, "甲")
    assert (own.signature, own.persons) == ("乙", {1})
    assert (deputy.signature, deputy.persons) == ("乙（代甲）", {1, 9})


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "视窗，Edge 浏览器"),
        ("Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit Chrome/99 Mobile Safari MicroMessenger/8.0", "鸿蒙，微信"),
        ("curl/8.0", "认不出的程序"),
        ("", "认不出的程序"),
    ],
)  # fmt: skip
def test_a_browser_is_told_in_words_people_use(agent: str, told: str) -> None:
    assert device(agent) == told
