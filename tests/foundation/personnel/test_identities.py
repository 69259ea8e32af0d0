"""管理员替人绑定、解除统一身份认证。"""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors import actor
from tests.foundation.accounts.test_sign_on import (  # noqa: F401  提供者的夹具
    House,
    house,
    is_in,
    process,
    there_and_back,
)
from tests.foundation.personnel.conftest import Office
from tests.second_steps import code, with_totp
from tests.staff import enrolled
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.models import Role, Session, SignOnIdentity, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.audit.services import personal_value_was
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, perform
from yangguang.foundation.notify.models import Message
from yangguang.foundation.oidc.provider import Provider
from yangguang.foundation.personnel.identities import bind_identity, unbind_identity

ISSUER = "https://id.example"
WHY = "对应表第 12 行，打电话核对过"


@pytest.fixture
def connected(settings: Any) -> None:
    settings.SIGN_ON = Provider(ISSUER, "yangguang", "secret", "省统一身份认证")


def bound(office: Office, who: Actor, subject: str, *, by: Actor | None = None) -> None:
    bind_identity(
        office.member(who), ISSUER, subject, actor=by or office.county_admin,
        key=f"bind-{subject}-{who.user_id}", message=WHY,
    )  # fmt: skip


def refused(call: Any) -> str:
    with pytest.raises(Refused) as error:
        call()
    return "".join(error.value.reasons)


def path(office: Office, who: Actor, tail: str = "") -> str:
    return f"/workbench/people/{office.member(who).pk}/sign-on/{tail}"


def stale(desk: Desk) -> None:
    """上次证明是本人，是十分钟以前了。"""
    session = desk.client.session
    session["entry"] = session["entry"] | {"at": session["entry"]["at"] - 601}
    session.save()


def test_an_administrator_binds_whom_he_manages_and_the_person_signs_in_and_is_told(
    office: Office,
    house: House,  # noqa: F811
) -> None:
    desk = sign_in(office.county_admin)
    record = f"/workbench/people/{office.member(office.drafter).pk}/"
    assert "绑定统一身份认证" in desk.get(record).content.decode()
    done = desk.fill(path(office, office.drafter), subject=" person-1 ", message=WHY)
    page = done.content.decode()
    assert "绑好了" in page and "解除统一身份认证" in page
    client = Client()
    there_and_back(house, client)
    assert is_in(client) and Session.objects.filter(user=office.drafter.user_id).count() == 1
    event = AuditEvent.objects.get(action="accounts.bind_sign_on")
    assert event.user_id == office.county_admin.user_id and event.note == WHY
    assert "person-1" not in str(event.public) and personal_value_was(event, "subject", "person-1")
    message = Message.objects.get(user=office.drafter.user_id)
    assert (message.kind, message.href) == ("account", "/workbench/account/")
    assert WHY in message.why and "person-1" not in message.title + message.why


def test_it_is_undone_with_the_sessions_it_opened_and_no_others(
    office: Office,
    house: House,  # noqa: F811
) -> None:
    bind_identity(
        office.member(office.drafter), house.address, "person-1", actor=office.county_admin,
        key="bind", message=WHY,
    )  # fmt: skip
    by_sign_on, by_password = Client(), sign_in(office.drafter).client
    there_and_back(house, by_sign_on)
    desk = sign_in(office.county_admin)
    answer = desk.fill(path(office, office.drafter, "remove/"), message="绑错了")
    page = answer.content.decode()
    assert "结束了 1 个" in page and "重设登录" in page
    assert not is_in(by_sign_on) and is_in(by_password)
    assert not SignOnIdentity.objects.exists()
    assert AuditEvent.objects.get(action="accounts.unbind_sign_on").note == "绑错了"
    assert Message.objects.filter(user=office.drafter.user_id, kind="account").count() == 2
    member = office.member(office.drafter)
    assert "不用解除" in refused(
        lambda: unbind_identity(member, actor=office.county_admin, key="again", message="再")
    )


def test_a_clash_is_said_in_words_and_names_only_whom_one_may_see(office: Office) -> None:
    bound(office, office.drafter, "one")
    assert "已经绑定了一个身份" in refused(lambda: bound(office, office.drafter, "two"))
    assert "（xin.xi）的账号" in refused(lambda: bound(office, office.reviewer, "one"))
    stranger = actor("drafter", office.prefecture, username="wai.ren")
    enrolled(stranger)
    bound(office, stranger, "three", by=office.security)
    told = refused(lambda: bound(office, office.reviewer, "three"))
    assert "管理范围之外" in told and "wai.ren" not in told
    assert SignOnIdentity.objects.count() == 2


def test_one_cannot_bind_oneself_nor_whom_one_does_not_manage_nor_without_saying_why(
    office: Office,
) -> None:
    admin, drafter = office.county_admin, office.member(office.drafter)
    assert "自己的账号" in refused(lambda: bound(office, admin, "x"))
    assert "请写明" in refused(
        lambda: bind_identity(drafter, ISSUER, "x", actor=admin, key="a", message=" ")
    )
    assert "编号" in refused(
        lambda: bind_identity(drafter, ISSUER, " ", actor=admin, key="b", message=WHY)
    )
    with pytest.raises(OutOfScope):
        bind_identity(
            office.member(office.security), ISSUER, "x", actor=admin, key="c", message=WHY
        )
    # 任着管理员授不出的角色：替他绑定，等于拿到他的权力
    actor("supervisor", office.county, username="xin.xi")
    assert "监督员" in refused(lambda: bound(office, office.drafter, "x"))
    perform(office.member(office.reviewer), "leave", actor=admin, key="leave", message="调离")
    assert "停用着" in refused(lambda: bound(office, office.reviewer, "x"))
    assert not SignOnIdentity.objects.exists() and not Message.objects.exists()


def test_the_same_form_twice_binds_once(office: Office) -> None:
    bound(office, office.drafter, "one")
    bound(office, office.drafter, "one")
    assert AuditEvent.objects.filter(action="accounts.bind_sign_on").count() == 1
    assert Message.objects.count() == 1


def test_the_administrator_must_have_proved_himself_lately_and_loses_nothing_typed(
    office: Office, connected: None, settings: Any
) -> None:
    settings.SECOND_STEP_REQUIRED = True
    with_totp(User.objects.get(pk=office.county_admin.user_id))
    desk = sign_in(office.county_admin)
    where = path(office, office.drafter)
    form = desk.form(where) | {"subject": "one", "message": WHY}
    stale(desk)
    assert desk.get(where).headers["Location"].startswith("/workbench/sign-in/second-step/")
    answer = desk.post(where, form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "再验证一次是本人" in page and WHY in page
    assert not SignOnIdentity.objects.exists()
    back = desk.client.post(f"/workbench/sign-in/second-step/?next={where}", {"code": code()})
    assert back.headers["Location"] == where
    assert "绑好了" in desk.post(where, form).content.decode()
    without = sign_in(office.county_admin, second=False)
    assert without.get(where).status_code != 200


def test_only_the_two_kinds_of_administrators_and_only_within_their_reach(
    office: Office, connected: None
) -> None:
    may = {"organisation_admin", "security_admin"}
    for role in Role.values:
        who = actor(role, office.county, username=f"try-{role}")
        enrolled(who)
        target = actor("drafter", office.county, username=f"for-{role}")
        member = enrolled(target)
        where = f"/workbench/people/{member.pk}/sign-on/"
        form = {"key": f"k-{role}", "subject": f"s-{role}", "message": WHY}
        desk = sign_in(who)
        assert desk.get(where).status_code == (200 if role in may else 404), role
        assert desk.client.post(where, form).status_code == (302 if role in may else 404), role
        removing = {"key": f"r-{role}", "message": WHY}
        answer = desk.client.post(f"{where}remove/", removing)
        assert answer.status_code == (302 if role in may else 404), role
    assert AuditEvent.objects.filter(action="accounts.bind_sign_on").count() == len(may)
    assert AuditEvent.objects.filter(action="accounts.unbind_sign_on").count() == len(may)


def test_where_none_is_connected_old_bindings_can_still_be_undone(office: Office) -> None:
    desk = sign_in(office.county_admin)
    record = f"/workbench/people/{office.member(office.drafter).pk}/"
    assert "绑定统一身份认证" not in desk.get(record).content.decode()
    answer = desk.client.get(path(office, office.drafter), follow=True)
    assert "没有接统一身份认证" in answer.content.decode()
    SignOnIdentity.objects.create(
        user_id=office.drafter.user_id, issuer=ISSUER, subject="old", bound_at=timezone.now()
    )
    assert "解除统一身份认证" in desk.get(record).content.decode()
    desk.fill(path(office, office.drafter, "remove/"), message="单位换了")
    assert not SignOnIdentity.objects.exists()
