"""两个人同时改日历：改动一个接一个，缓存的日历不会停在旧的一版。"""

import select
from subprocess import Popen

import pytest

from tests.actors import actor, organisation
from tests.processes import finish, start
from yangguang.foundation.calendar.models import CalendarChange
from yangguang.foundation.calendar.services import load_calendar

WRITER = """
    from datetime import date
    from django.db import transaction
    from yangguang.foundation.accounts.models import RoleAssignment
    from yangguang.foundation.accounts.selectors import actor_of
    from yangguang.foundation.calendar.entries import DayEntry
    from yangguang.foundation.calendar.selectors import in_force
    from yangguang.foundation.calendar.services import enter_day
    someone = actor_of(RoleAssignment.objects.select_related("user", "organisation").get())
    in_force()
    print("ready", flush=True)
    input()
    entry = DayEntry(date(2026, 6, {day}), False, "演练")
    with transaction.atomic():
        enter_day("linxia", entry, source="演练", actor=someone, key="{day}")
        print("entered", flush=True)
        input()
    print(*(str(on) for on in sorted(in_force().tables.days["linxia"])))
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_second_change_waits_for_the_first_so_versions_follow_the_commits() -> None:
    """甲录了还没提交，乙也来录：乙等甲提交，版本号在甲之后，看到的日历里两天都有。"""
    actor("supervisor", organisation("prefecture", division_code="622900"), subtree=True)
    load_calendar()
    first, second = (start(WRITER.format(day=day)) for day in (2, 3))
    try:
        _take_turns(first, second)
    finally:
        # 没走完的进程还占着事务，会挡住清库
        for process in (first, second):
            process.kill()
            process.wait()
    keys = CalendarChange.objects.exclude(action="load").values_list("idempotency_key", flat=True)
    assert list(keys) == ["2", "3"]


def _take_turns(first: Popen[str], second: Popen[str]) -> None:
    assert first.stdout and second.stdout
    assert [p.stdout.readline() for p in (first, second)] == ["ready\n"] * 2
    _say(first)
    assert first.stdout.readline() == "entered\n"
    _say(second)
    assert select.select([second.stdout], [], [], 1.0)[0] == []
    _say(first)
    assert finish(first) == "2026-06-02\n"
    assert second.stdout.readline() == "entered\n"
    _say(second)
    assert finish(second) == "2026-06-02 2026-06-03\n"


def _say(process: Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()
