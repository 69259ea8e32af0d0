"""动态码照 RFC 6238，一步只认一次；备用码。"""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from yangguang.foundation.accounts.one_time_codes import (
    address,
    code_for,
    folded,
    is_recovery_code,
    new_recovery_codes,
    new_secret,
    spelled,
    step_at,
    step_matching,
)

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238 附录 B 的八位码，取末六位。"""
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_for(SECRET, step_at(at)) == code
    assert step_matching(SECRET, code, at, after=0) == seconds // 30


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = step_at(NOON)


@pytest.mark.parametrize(
    ("off", "holds"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_off_by_one_step(off: int, holds: bool) -> None:
    typed = code_for(SECRET, NOW + off)
    assert (step_matching(SECRET, typed, NOON, after=0) == NOW + off) is holds


def test_a_step_that_was_used_and_those_before_it_are_good_no_more() -> None:
    for off in (-1, 0):
        assert step_matching(SECRET, code_for(SECRET, NOW + off), NOON, after=NOW) is None
    assert step_matching(SECRET, code_for(SECRET, NOW + 1), NOON, after=NOW) == NOW + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "①②③④⑤⑥", "12345\0"])
def test_what_is_no_code_matches_nothing(typed: str) -> None:
    assert step_matching(SECRET, typed, NOON, after=0) is None


def test_spaces_hyphens_and_wide_digits_are_how_people_type() -> None:
    code = code_for(SECRET, NOW)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert step_matching(SECRET, f" {code[:3]} {code[3:]}", NOON, after=0) == NOW
    assert step_matching(SECRET, f"{wide[:3]}-{wide[3:]}", NOON, after=0) == NOW


def test_the_address_in_the_picture_carries_what_an_app_needs() -> None:
    found = urlsplit(address(SECRET, "wang.fang", "阳光工作台"))
    assert (found.scheme, found.netloc) == ("otpauth", "totp") and "+" not in found.query
    values = parse_qs(found.query)
    assert values["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert values["issuer"] == ["阳光工作台"] and values["period"] == ["30"]
    assert spelled(SECRET).replace(" ", "") == values["secret"][0]
    assert len(new_secret()) == 20 and new_secret() != new_secret()


def test_recovery_codes_are_ten_long_and_all_different() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(is_recovery_code(code) and len(folded(code)) == 16 for code in codes)
    assert not is_recovery_code("287082") and not is_recovery_code("１２３ abc")
