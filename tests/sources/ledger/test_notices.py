"""期限之前十个、五个、一个工作日各提醒一次：别处印发的由台账提醒，本系统的由公文提醒。"""

from datetime import date
from typing import Any

import pytest

from tests.sources.ledger.test_checking import entered
from tests.sources.ledger.test_following import signed
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.notify.models import Message
from yangguang.foundation.notify.producers import remind_of_deadlines
from yangguang.foundation.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def days_before(due: date, count: int, at: Organisation) -> date:
    calendar = Calendars().of(at)
    day = due
    while calendar.between(day, due) < count or not calendar.is_working_day(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day


def told_on(day: date, settings: Any, who: Actor) -> list[str]:
    settings.READING_DAY = day
    before = set(Message.objects.values_list("pk", flat=True))
    remind_of_deadlines()
    fresh = Message.objects.filter(user=who.user_id).exclude(pk__in=before)
    return [each.why.split("（")[0] for each in fresh]


def test_ten_five_and_one_working_days_before_and_when_it_has_passed(
    clerk: Actor, bureau: Organisation, settings: Any
) -> None:
    entry = entered(clerk, bureau, 1, online_on=None)
    due = entry.publish_due
    assert due is not None
    assert told_on(days_before(due, 11, bureau), settings, clerk) == []
    for count in (10, 5, 1):
        day = days_before(due, count, bureau)
        assert told_on(day, settings, clerk) == [f"期限临近，{count} 个工作日以内"]
        assert told_on(day, settings, clerk) == []
    assert told_on(due, settings, clerk) == ["今天到期"]
    assert told_on(date.fromordinal(due.toordinal() + 1), settings, clerk) == ["期限已过"]


def test_what_is_online_or_ours_is_not_reminded_of_twice(
    town: Town, clerk: Actor, bureau: Organisation, settings: Any
) -> None:
    entered(clerk, bureau, 1)
    entry = signed(town)
    assert entry.publish_due is not None
    day = days_before(entry.publish_due, 5, town.organisation)
    assert told_on(day, settings, clerk) == []
    settings.READING_DAY = None
    assert Message.objects.filter(user=town.drafter.user_id, kind="deadline").count() == 1
