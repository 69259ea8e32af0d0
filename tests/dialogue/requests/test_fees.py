"""信息处理费：表上的每一个数，和“超额累进”的每一处边。"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from yangguang.dialogue.requests.fees import by_pages, by_requests, for_request
from yangguang.foundation.commands import BadInput


@pytest.mark.parametrize(
    ("number", "yuan"),
    [
        (0, 0), (10, 0), (11, 100), (20, 1000), (30, 2000), (31, 2200), (40, 4000), (41, 4300),
        (50, 7000), (51, 7400), (60, 11000), (70, 16000), (100, 37000),
    ],
)  # fmt: skip
def test_by_requests_each_tier_of_ten_costs_a_hundred_more_a_request(
    number: int, yuan: int
) -> None:
    assert by_requests(number).yuan == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [
        (0, 0), (30, 0), (31, 10), (44, 140), (57, 270), (68, 380), (72, 420), (100, 700),
        (101, 720), (109, 880), (119, 1080), (200, 2700), (201, 2740), (300, 6700),
    ],
)  # fmt: skip
def test_by_pages_thirty_are_free_and_each_part_has_its_price(pages: int, yuan: int) -> None:
    assert by_pages(pages).yuan == yuan


def request_price(ordinal: int) -> int:
    """第几件这一件的价钱，照条文直接写。"""
    if ordinal <= 10:
        return 0
    if ordinal <= 30:
        return 100
    return 100 * ((ordinal - 31) // 10 + 2)


def page_price(ordinal: int) -> int:
    return next((p for last, p in ((30, 0), (100, 10), (200, 20)) if ordinal <= last), 40)


@given(st.integers(0, 2_000))
def test_the_whole_is_what_each_one_costs_added_up(number: int) -> None:
    assert by_requests(number).yuan == sum(map(request_price, range(1, number + 1)))
    assert by_pages(number).yuan == sum(map(page_price, range(1, number + 1)))
    assert number == 0 or for_request(number) == request_price(number)


@given(st.integers(1, 2_000))
def test_the_steps_cover_every_one_once_and_add_up(number: int) -> None:
    for charge in (by_requests(number), by_pages(number)):
        covered = [n for step in charge.steps for n in range(step.first, step.last + 1)]
        assert covered == list(range(1, number + 1))
        assert sum(step.yuan for step in charge.steps) == charge.yuan


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="不能是负数"):
        by_pages(-1)


def ask(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("fee", *arguments, "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert isinstance(found, dict)
    return found


def test_the_command_gives_the_sum_and_the_working() -> None:
    found = ask("--requests-in-month", "41")
    assert found["yuan"] == 4300
    steps = found["steps"]
    assert isinstance(steps, list)
    assert [each["yuan"] for each in steps] == [0, 2000, 2000, 300]
    assert steps[-1]["text"] == "第 41 件：1 × 300 元 = 300 元"
    assert ask("--pages", "119")["yuan"] == 1080


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "须给出一个"),
        (("--pages", "3", "--requests-in-month", "3"), "不能与"),
        (("--pages", "-1"), "不能是负数"),
        (("--pages", "三"), "不是整数"),
        (("--pages", "9999999"), "太大"),
    ],
)
def test_what_cannot_be_charged_is_told_in_chinese(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises((BadInput, CommandError), match=told):
        ask(*arguments)
