"""任职的期间和范围，口令的要求。"""

from datetime import date

import pytest

from yangguang.foundation.accounts.rules import Actor, assignment_holds, password_faults


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
