"""真的 kill -9：网站进程和作业进程轮流被杀，多半杀在半路；起来以后一件不丢，没有半截。"""

import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.drilling import count, tell
from tests.drills.office import PUBLISHING, Office, Work, measure, vendor
from tests.town import Town
from tests.web import Web, free_port

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(town: Town, tmp_path: Path) -> Iterator[Office]:
    for root in (settings.SITE_ROOT, settings.SEAL_ROOT):
        shutil.rmtree(root, ignore_errors=True)
    trace = tmp_path / "trace"
    trace.mkdir()
    environment = {"YANGGUANG_TRACE": str(trace)}
    web = Web(free_port(), tmp_path / "web.log", environment)
    office = Office(town, web, Work(tmp_path / "work.log", environment), trace, random.Random(3))
    try:
        office.open()
        yield office
    finally:
        office.close()


def test_killed_again_and_again_nothing_is_lost_and_nothing_is_half_published(
    office: Office, capsys: Any
) -> None:
    kills = count("KILLS", 100)
    usual = max(measure(lambda: office.submit(office.prepare())) for _ in range(3)) / 2
    office.check()
    struck: Counter[str] = Counter()
    midway = 0
    for number in range(1, kills + 1):
        which = ("网站", "作业")[number % 2]
        if which == "网站":
            where, half = office.strike_web(office.prepare(), usual)
        else:
            where, half = office.strike_work(office.prepare(PUBLISHING), 0.4)
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
