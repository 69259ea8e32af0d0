"""分解任务告诉谁：等核实的是监督员，退回的、快到期的是承担的单位，不是它的上级。"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.oversight.plans.test_services import JUNE, _report, _share
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.notify.producers import remind_of_deadlines
from yangguang.foundation.notify.selectors import unread_of
from yangguang.oversight.plans.models import ActionPlan
from yangguang.oversight.plans.services import send_back

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]


def kinds(who: Actor) -> list[str]:
    return [message.kind for message in unread_of(who.user_id)]


def test_a_report_waits_for_the_supervisor_and_comes_back_to_the_unit(
    plan: ActionPlan, act: Act, supervisor: Actor
) -> None:
    drafter, above = act("drafter", "金县"), act("approver", "州政府", subtree=True)
    elsewhere = act("supervisor", "银县")
    share = _share("金县")
    _report(share, act)
    assert kinds(supervisor) == ["waiting"]
    assert kinds(elsewhere) == kinds(drafter) == []
    share.refresh_from_db()
    send_back(share, actor=supervisor, key="back", message="请补佐证。")
    assert kinds(supervisor) == []
    approver = act("approver", "金县")
    assert kinds(approver) == kinds(drafter) == ["returned"]
    assert kinds(above) == []
    share.refresh_from_db()
    _report(share, act, key="r2")
    assert kinds(approver) == kinds(drafter) == []


def test_a_unit_is_reminded_of_its_own_deadline_until_it_has_reported(
    plan: ActionPlan, act: Act, settings: Any
) -> None:
    approver, other = act("approver", "金县"), act("approver", "州政府", subtree=True)
    settings.READING_DAY = date(2022, 6, 20)
    remind_of_deadlines()
    assert kinds(approver) == []
    settings.READING_DAY = date(2022, 6, 25)
    remind_of_deadlines()
    remind_of_deadlines()
    (told,) = unread_of(approver.user_id).filter(due_on=JUNE, title=str(_share("金县")))
    assert told.kind == "deadline" and told.why == "期限临近，7 天以内（2022-06-30）"
    assert not unread_of(other.user_id).filter(title=told.title).exists()
    share = _share("金县")
    _report(share, act)
    assert not unread_of(approver.user_id).filter(pk=told.pk).exists()
    settings.READING_DAY = date(2022, 7, 1)
    remind_of_deadlines()
    assert not unread_of(approver.user_id).filter(title=told.title).exists()
