"""三员照任命文件任免，只有命令行一条路。"""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.actors import actor, organisation
from tests.second_steps import with_totp
from tests.staff import enrolled
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment, Totp, User
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.personnel.services import accept

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("appoint", *arguments, "--json", stdout=out, stderr=StringIO())
    except CommandError as ended:
        return ended.returncode, None
    return 0, json.loads(out.getvalue())


def test_the_first_administrator_of_an_empty_house_comes_from_the_command_line() -> None:
    organisation("prefecture")
    given = ("audit.zhang", "audit_admin", "--document", "州政办〔2026〕9号")
    code, answer = run(*given, "--name", "张三", "--organisation", "prefecture")
    assert code == 0
    user = accept(answer["link"].split("/")[3], "Sunshine-2020")
    assert user.is_active and user.staff.state == "active"
    assert user.assignments.get().includes_subtree
    event = AuditEvent.objects.get(action="accounts.assign")
    assert event.user is None and event.note == "州政办〔2026〕9号"
    assert run(*given, "--dismiss") == (0, {"ended": 1})
    assert user.assignments.get().ended_at is not None
    assert run(*given, "--dismiss")[0] == 2


def test_the_three_stay_apart_on_the_command_line_too() -> None:
    office = organisation("prefecture")
    actor("drafter", office, username="li.si")
    code, _ = run(
        "li.si", "system_admin", "--document", "文", "--organisation", "prefecture"
    )  # fmt: skip
    assert code == 2
    assert not RoleAssignment.objects.filter(role="system_admin").exists()
    code, _ = run("new.one", "system_admin", "--document", "文", "--organisation", "nowhere")
    assert code == 2 and not User.objects.filter(username="new.one").exists()


def test_an_administrator_who_lost_phone_or_password_is_let_in_again_from_the_command_line() -> (
    None
):
    office = organisation("prefecture")
    who = actor("audit_admin", office, username="audit.zhang")
    enrolled(who)
    user = with_totp(User.objects.get(pk=who.user_id))
    user.set_password("Sunshine-2020")
    user.save()
    desk = sign_in(who)
    given = ("audit.zhang", "audit_admin", "--document", "当面核对身份证", "--restore")
    code, answer = run(*given)
    assert code == 0
    user.refresh_from_db()
    assert not user.has_usable_password() and not Totp.objects.exists()
    assert desk.client.get("/workbench/").status_code == 302
    assert accept(answer["link"].split("/")[3], "Moonlight-2021") == user
    event = AuditEvent.objects.get(action="accounts.reset_second_step")
    assert event.note == "当面核对身份证" and event.user is None
    assert run("audit.zhang", "system_admin", "--document", "文", "--restore")[0] == 2
    assert run("audit.zhang", "audit_admin", "--document", " ", "--restore")[0] == 2
