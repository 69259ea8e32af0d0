"""真的 kill -9：网站进程和作业进程轮流被杀，多半杀在半路；起来以后一件不丢，没有半截。"""

import sys
from collections import Counter
from typing import Any

import pytest

from tests.drilling import count, tell
from tests.drills.office import PUBLISHING, Office, vendor

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


def test_killed_again_and_again_nothing_is_lost_and_nothing_is_half_published(
    office: Office, capsys: Any
) -> None:
    kills = count("KILLS", 100)
    office.open()
    for _ in range(6):
        office.submit(office.prepare())
    office.check()
    struck: Counter[str] = Counter()
    midway = 0
    for number in range(1, kills + 1):
        which = ("网站", "作业")[number % 2]
        if which == "网站":
            where, half = office.strike_web(office.prepare(PUBLISHING))
        else:
            where, half = office.strike_work(office.prepare(PUBLISHING))
        struck[f"{which} {where}"] += 1
        midway += half
        office.check()
        with capsys.disabled():
            sys.stdout.write(
                f"第 {number} 次 kill -9：{which}进程，断在 {where}，"
                f"{'事办到一半' if half else '两件事之间'}；起来后核对无误\n"
            )
            sys.stdout.flush()
    tell(
        "kills", database=vendor(), count=kills, midway=midway, struck=struck,
        acknowledged=len(office.keys), retried=office.retried,
    )  # fmt: skip
    assert midway * 2 >= kills, f"{kills} 次里只有 {midway} 次断在半路"
