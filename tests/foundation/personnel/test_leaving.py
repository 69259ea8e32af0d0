"""当日停用：会话当场结束，任职、代理、链接一并作废；恢复要重新来过。"""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from tests.actors import actor
from tests.foundation.personnel.conftest import Office
from tests.staff import enrolled
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment, Session
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.foundation.personnel.services import accept, reset_access

PASSWORD = "Sunshine-2020"


def test_the_one_who_leaves_is_out_with_his_next_click(office: Office) -> None:
    user = office.user(office.drafter)
    user.set_password(PASSWORD)
    user.save()
    desk = sign_in(office.drafter)
    record = f"/workbench/people/{office.member(office.drafter).pk}/"
    admin = sign_in(office.county_admin)
    admin.fill(f"{record}do/leave/", message="调离")
    assert desk.client.get("/workbench/").headers["Location"].startswith("/workbench/sign-in/")
    assert not Session.objects.filter(user=user).exists()
    assert not RoleAssignment.objects.filter(user=user, ended_at__isnull=True).exists()
    back = Client()
    back.post("/workbench/sign-in/", {"username": user.username, "password": PASSWORD})
    assert back.get("/workbench/").status_code == 302
    closed = AuditEvent.objects.get(action="accounts.close")
    assert closed.public == {"assignments": 1, "links": 0, "sessions": 1}
    assert "调离" in admin.get(record).content.decode()


def test_a_session_already_in_flight_finds_nothing_to_write_back_to(office: Office) -> None:
    """停用那一刻还在办的请求：会话已经删去，不会由它再存回去。"""
    desk = sign_in(office.drafter)
    session = desk.client.session
    assert session["entry"]
    perform(
        office.member(office.drafter),
        "leave",
        actor=office.county_admin,
        key="leave",
        message="调离",
    )
    session["anything"] = 1
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.filter(user=office.drafter.user_id).exists()


def test_he_comes_back_only_with_a_new_post_and_a_new_password(office: Office) -> None:
    member = office.member(office.drafter)
    perform(member, "leave", actor=office.county_admin, key="leave", message="调离")
    with pytest.raises(Refused, match="请先恢复"):
        reset_access(member, actor=office.county_admin, key="reset", message="回来了")
    perform(member, "reinstate", actor=office.county_admin, key="back", message="回来了")
    token = reset_access(member, actor=office.county_admin, key="again", message="回来了").token
    user = accept(token, PASSWORD)
    client = Client()
    client.post("/workbench/sign-in/", {"username": user.username, "password": PASSWORD})
    assert "没有有效的任职" in client.get("/workbench/identity/").content.decode()


def test_a_system_administrator_stops_any_business_account_but_none_of_the_three(
    office: Office,
) -> None:
    system = actor("system_admin", office.prefecture, subtree=True)
    perform(office.member(office.reviewer), "leave", actor=system, key="one", message="账号被盗")
    with pytest.raises(Refused, match="三员"):
        perform(office.member(office.security), "leave", actor=system, key="two", message="试试")
    with pytest.raises(Refused, match="三员"):
        perform(enrolled(system), "leave", actor=system, key="three", message="试试")


def test_nobody_stops_himself_nor_one_above_him(office: Office) -> None:
    with pytest.raises(Refused, match="别的管理员"):
        perform(
            office.member(office.county_admin), "leave", actor=office.county_admin, key="one",
            message="试试",
        )  # fmt: skip
    supervisor = enrolled(actor("supervisor", office.county))
    with pytest.raises(Refused, match="安全管理员"):
        perform(supervisor, "leave", actor=office.county_admin, key="two", message="试试")


def test_what_a_leaver_still_holds_is_on_the_administrators_first_page(office: Office) -> None:
    from yangguang.foundation.api.services import issue

    system = actor("system_admin", office.county)
    today = timezone.localdate()
    issue(
        "公文系统", organisation=office.county, scopes=[], networks=[], valid_from=today,
        valid_until=today, per_minute=60, actor=system, key="issue",
    )  # fmt: skip
    member = enrolled(system)
    RoleAssignment.objects.filter(user=member.user).update(ended_at=timezone.now())
    perform(member, "leave", actor=office.county_admin, key="leave", message="调离")
    page = sign_in(office.county_admin).get("/workbench/").content.decode()
    assert "手上的事还没有交接" in page and "接口密钥 1 件" in page
