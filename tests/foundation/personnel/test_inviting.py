"""邀请、一次性链接、授予和结束任职。"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors import actor, organisation
from tests.foundation.personnel.conftest import Office
from tests.second_steps import with_totp
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RecoveryCode, RoleAssignment, Session, Totp, User
from yangguang.foundation.accounts.second_steps import renew_codes
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.lifecycle.services import OutOfScope, Refused
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.personnel.models import EntryLink
from yangguang.foundation.personnel.selectors import find_link
from yangguang.foundation.personnel.services import (
    Wanted,
    accept,
    edit_member,
    end_assignment,
    grant,
    invite,
    reset_access,
    reset_second_step,
)

Asks = Callable[..., Wanted]
PASSWORD = "Sunshine-2020"


def told(error: pytest.ExceptionInfo[Refused]) -> str:
    return "".join(error.value.reasons)


def test_a_person_is_invited_sets_his_own_password_and_signs_in(office: Office) -> None:
    desk = sign_in(office.county_admin)
    answer = desk.fill(
        "/workbench/people/new/", display_name="王芳", username="wang.fang", role="drafter",
        organisation=office.county.pk, post="科员",
    )  # fmt: skip
    found = re.search(
        r'value="(http://testserver(/workbench/join/[^"]+/))"', answer.content.decode()
    )
    assert found, answer.content.decode()
    token = found[2].split("/")[3]
    assert token not in str(list(AuditEvent.objects.values_list("public", "note")))
    assert not EntryLink.objects.filter(digest__contains=token).exists()

    visitor = Client()
    page = visitor.get(found[2])
    assert "wang.fang" in page.content.decode() and page.headers["Referrer-Policy"] == "no-referrer"
    weak = visitor.post(found[2], {"password": "wang.fang-A1", "again": "wang.fang-A1"})
    assert weak.status_code == 422 and "不能包含用户名" in weak.content.decode()
    set_up = visitor.post(found[2], {"password": PASSWORD, "again": PASSWORD})
    assert set_up.headers["Location"] == "/workbench/sign-in/"
    assert "已经用过" in visitor.get(found[2]).content.decode()

    visitor.post("/workbench/sign-in/", {"username": "wang.fang", "password": PASSWORD})
    assert "信息员" in visitor.get("/workbench/").content.decode()
    member = User.objects.get(username="wang.fang").staff
    assert member.state == "active" and member.organisation == office.county
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {
        "accounts.assign",
        "accounts.issue_link",
        "accounts.set_password",
        "people.accept",
    } <= actions


def test_before_he_accepts_nobody_can_sign_in_as_him(office: Office, wanted: Asks) -> None:
    issued = invite("wang.fang", "王芳", "", wanted(), actor=office.county_admin, key="one")
    user = issued.member.user
    assert not user.is_active and not user.has_usable_password()
    client = Client()
    client.post("/workbench/sign-in/", {"username": "wang.fang", "password": ""})
    assert client.get("/workbench/").status_code == 302


def test_the_same_form_twice_invites_once_and_shows_the_link_once(
    office: Office, wanted: Asks
) -> None:
    first = invite("wang.fang", "王芳", "", wanted(), actor=office.county_admin, key="one")
    again = invite("wang.fang", "王芳", "", wanted(), actor=office.county_admin, key="one")
    assert first.token and not again.token and again.member == first.member
    assert User.objects.filter(username="wang.fang").count() == 1


def test_every_reason_against_an_invitation_is_told_together(office: Office, wanted: Asks) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    asked = wanted("supervisor", office.prefecture, valid_until=yesterday)
    with pytest.raises(Refused) as refused:
        invite("王芳", " ", "", asked, actor=office.county_admin, key="one")
    reasons = told(refused)
    for part in ("请找安全管理员", "止日不能早于起日", "用户名用小写字母", "请写姓名"):
        assert part in reasons
    with pytest.raises(Refused, match="已经有人用了"):
        invite("xin.xi", "同名", "", wanted(), actor=office.county_admin, key="two")


@pytest.mark.parametrize("spoil", ["used", "cancelled", "expired", "unknown"])
def test_a_link_that_is_no_good_says_why(office: Office, wanted: Asks, spoil: str) -> None:
    token = invite("wang.fang", "王芳", "", wanted(), actor=office.admin, key="one").token
    now = timezone.now()
    links = EntryLink.objects.all()
    if spoil == "used":
        accept(token, PASSWORD)
    elif spoil == "cancelled":
        links.update(cancelled_at=now)
    elif spoil == "expired":
        links.update(issued_at=now - timedelta(hours=80), expires_at=now - timedelta(hours=1))
    else:
        token = "nonsense"
    with pytest.raises(Refused):
        accept(token, "Moonlight-2021")
    page = Client().get(f"/workbench/join/{token}/")
    assert page.status_code == 200 and "链接不能用" in page.content.decode()
    assert not User.objects.get(username="wang.fang").check_password("Moonlight-2021")


def test_a_reset_ends_the_password_and_the_sessions_and_the_earlier_link(
    office: Office,
) -> None:
    user = office.user(office.drafter)
    user.set_password(PASSWORD)
    user.save()
    sign_in(office.drafter)
    member = office.member(office.drafter)
    first = reset_access(member, actor=office.county_admin, key="one", message="手机丢了")
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert not Session.objects.filter(user=user).exists()
    second = reset_access(member, actor=office.county_admin, key="two", message="没收到")
    link = find_link(first.token)
    assert link is not None and "作废" in link.fault
    assert accept(second.token, "Moonlight-2021").check_password("Moonlight-2021")
    assert EntryLink.objects.get(used_at__isnull=False).purpose == "reset"


def test_a_lost_phone_is_reset_by_whoever_manages_the_account_and_ends_the_sessions(
    office: Office,
) -> None:
    user = with_totp(office.user(office.drafter))
    renew_codes(user, actor=None)
    desk, member = sign_in(office.drafter), office.member(office.drafter)
    manager = sign_in(office.county_admin)
    record = f"/workbench/people/{member.pk}/"
    assert "动态码；备用码还剩 10 个" in manager.get(record).content.decode()
    with pytest.raises(Refused, match="怎样核实"):
        reset_second_step(member, actor=office.county_admin, key="one", message=" ")
    with pytest.raises(OutOfScope):
        reset_second_step(
            member, actor=actor("organisation_admin", elsewhere()), key="k", message="无"
        )
    page = manager.fill(f"{record}second-step/", message="本人到办公室，核对了工作证")
    assert "已重设，结束了 1 个会话" in page.content.decode()
    assert not Totp.objects.exists() and not RecoveryCode.objects.exists()
    assert desk.client.get("/workbench/").status_code == 302
    event = AuditEvent.objects.get(action="accounts.reset_second_step")
    assert event.target_id == str(user.pk) and "工作证" in event.note
    assert "重设第二步验证" not in manager.get(record).content.decode().split("经过")[0]
    with pytest.raises(Refused, match="没有设"):
        reset_second_step(member, actor=office.county_admin, key="two", message="再来")


def elsewhere() -> Organisation:
    return organisation("elsewhere")


def test_nobody_resets_the_second_step_of_someone_he_could_not_appoint(office: Office) -> None:
    with_totp(office.user(office.drafter))
    actor("supervisor", office.county, username="xin.xi")
    member = office.member(office.drafter)
    with pytest.raises(Refused, match="请找安全管理员"):
        reset_second_step(member, actor=office.county_admin, key="one", message="代他登录")
    own = office.member(office.county_admin)
    with pytest.raises(Refused, match="别的管理员"):
        reset_second_step(own, actor=office.county_admin, key="two", message="自己来")
    assert Totp.objects.exists()


def test_an_administrator_cannot_take_over_someone_whose_role_he_could_not_grant(
    office: Office,
) -> None:
    supervisor = actor("supervisor", office.county, username="xin.xi")
    member = office.member(office.drafter)
    with pytest.raises(Refused, match="请找安全管理员"):
        reset_access(member, actor=office.county_admin, key="one", message="代他登录")
    assert reset_access(member, actor=office.security, key="two", message="核实过本人").token
    assert supervisor.user_id == office.drafter.user_id


def test_what_lies_outside_the_scope_is_not_there(office: Office, wanted: Asks) -> None:
    theirs = office.member(office.admin)
    for act in (
        lambda: grant(theirs, wanted(), actor=office.county_admin, key="one"),
        lambda: reset_access(theirs, actor=office.county_admin, key="two", message="无"),
    ):
        with pytest.raises(OutOfScope):
            act()


def test_a_post_is_granted_once_and_not_twice_over(office: Office, wanted: Asks) -> None:
    member = office.member(office.drafter)
    for _ in range(2):
        grant(member, wanted("reviewer"), actor=office.county_admin, key="one")
    assert RoleAssignment.objects.filter(user=member.user, role="reviewer").count() == 1
    with pytest.raises(Refused, match="已经任county审核人"):
        grant(member, wanted("reviewer"), actor=office.county_admin, key="two")


def test_ending_a_post_takes_effect_at_once_and_warns_when_nobody_is_left(
    office: Office, wanted: Asks
) -> None:
    desk = sign_in(office.drafter)
    member, held = office.member(office.drafter), office.user(office.drafter).assignments.get()
    with pytest.raises(Refused, match="缘由"):
        end_assignment(member, held, actor=office.county_admin, key="one", message=" ")
    warning = end_assignment(member, held, actor=office.county_admin, key="two", message="调岗")
    assert "现在没有别人了" in warning
    assert desk.client.get("/workbench/documents/").status_code == 302
    held.refresh_from_db()
    with pytest.raises(Refused, match="已经失效"):
        end_assignment(member, held, actor=office.county_admin, key="three", message="再来")
    grant(member, wanted(), actor=office.county_admin, key="four")
    again = member.user.assignments.get(ended_at__isnull=True)
    actor("drafter", office.county, username="ling.wai")
    assert not end_assignment(member, again, actor=office.county_admin, key="five", message="调岗")


def test_a_person_is_moved_to_another_unit_by_whoever_manages_both(office: Office) -> None:
    path = f"/workbench/people/{office.member(office.drafter).pk}/edit/"
    moved = sign_in(office.admin).fill(
        path, organisation=office.prefecture.pk, display_name="信息员甲"
    )
    assert moved.status_code == 200
    member = office.member(office.drafter)
    assert (member.organisation, member.user.display_name) == (office.prefecture, "信息员甲")
    assert sign_in(office.county_admin).get(path).status_code == 404


def test_the_list_of_people_costs_the_same_however_many_there_are(
    office: Office, wanted: Asks, django_assert_max_num_queries: Any
) -> None:
    desk = sign_in(office.admin)
    for number in range(25):
        invite(
            f"person{number}", f"人员{number}", "", wanted(), actor=office.admin, key=f"k{number}"
        )
    with django_assert_max_num_queries(9):
        page = desk.get("/workbench/people/").content.decode()
    assert "共 30 条" in page and page.count("已邀请") > 25
    assert (
        "共 30 条"
        not in desk.get("/workbench/people/?role=reviewer").content.decode().split("符合条件")[0]
    )


def test_only_what_was_changed_of_a_person_is_written_down(office: Office) -> None:
    member = office.member(office.drafter)
    same = {
        "display_name": member.user.display_name,
        "organisation": member.organisation,
        "post": member.post,
    }
    edit_member(member, **same, actor=office.county_admin)
    assert not AuditEvent.objects.filter(action="people.edit").exists()
    edit_member(member, **same | {"post": "副主任科员"}, actor=office.county_admin)
    event = AuditEvent.objects.get(action="people.edit")
    assert event.fields == ["post"]
    assert office.member(office.drafter).post == "副主任科员"
