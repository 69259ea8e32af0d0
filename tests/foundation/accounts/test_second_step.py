"""登录的第二步：谁必须有，头一次设，核对，一码一次，连错停用，备用码，增减。"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from tests.actors import actor, organisation
from tests.processes import finish, start, together
from tests.second_steps import code, with_totp
from tests.workbench import sign_in
from yangguang.foundation.accounts import second_steps
from yangguang.foundation.accounts.models import (
    RecoveryCode,
    Role,
    RoleAssignment,
    SecondStepTries,
    Session,
    Totp,
    User,
)
from yangguang.foundation.accounts.rules import PRIVILEGED, Actor, needs_second_step, removal_faults
from yangguang.foundation.accounts.services import WAITING
from yangguang.foundation.accounts.sessions import ENTRY
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.encryption import unseal

pytestmark = pytest.mark.django_db
PASSWORD = "Sunshine-2020"
SIGN_IN, SECOND, SET_UP = (
    "/workbench/sign-in/", "/workbench/sign-in/second-step/", "/workbench/sign-in/set-up/",
)  # fmt: skip
ACCOUNT = "/workbench/account/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True


def someone(role: str = "approver") -> Actor:
    found = actor(role, organisation("office"), username="someone")
    user = User.objects.get(pk=found.user_id)
    user.set_password(PASSWORD)
    user.save()
    return found


def user() -> User:
    return User.objects.get(username="someone")


def first_step(**more: str) -> tuple[Client, Any]:
    client = Client()
    answer = client.post(SIGN_IN, {"username": "someone", "password": PASSWORD, **more})
    return client, answer


def is_in(client: Client) -> bool:
    return client.get("/workbench/").status_code == 200


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def asked_secret(client: Client) -> tuple[bytes, str]:
    """设动态码的那一页：密钥，和表单里带着的。"""
    page = html.fromstring(client.get(SET_UP).content)
    sealed = page.xpath("//input[@name='secret']/@value")[0]
    return unseal(sealed, f"accounts.set-up:{user().pk}"), sealed


# ---- 谁必须有 ----


def test_the_powerful_roles_need_it_and_the_others_may_have_it() -> None:
    assert {
        "system_admin",
        "security_admin",
        "audit_admin",
        "organisation_admin",
        "approver",
        "supervisor",
    } == PRIVILEGED
    assert needs_second_step(["drafter", "approver"]) and not needs_second_step(["drafter"])
    assert removal_faults(["approver"], required=True, left=0)
    assert not removal_faults(["approver"], required=True, left=1)
    assert not removal_faults(["approver"], required=False, left=0)
    assert not removal_faults(["drafter"], required=True, left=0)


@pytest.mark.parametrize("role", Role.values)
def test_a_session_without_it_opens_nothing_to_a_powerful_role(role: str) -> None:
    desk = sign_in(actor(role, organisation("office")), second=False)
    page = desk.client.get("/workbench/")
    if role not in PRIVILEGED:
        assert page.status_code == 200
        return
    assert page.headers["Location"].startswith(SECOND)
    assert desk.client.get("/workbench/people/").headers["Location"].startswith(SECOND)
    assert desk.client.post("/workbench/documents/new/", {"text": "稿子"}).status_code == 401
    part = desk.client.get("/workbench/documents/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"].startswith(SECOND)
    assert desk.client.get(ACCOUNT).status_code == 200


def test_a_powerful_role_given_in_the_middle_stops_a_session_that_has_only_a_password() -> None:
    plain = someone("drafter")
    client, answer = first_step()
    assert answer.headers["Location"] == "/workbench/" and is_in(client)
    given = RoleAssignment.objects.create(
        user_id=plain.user_id, organisation_id=plain.organisation_id, role="approver",
        valid_from="2020-01-01",
    )  # fmt: skip
    assert is_in(client)
    client.post("/workbench/identity/", {"assignment": given.pk})
    stopped = client.get("/workbench/documents/")
    assert stopped.headers["Location"] == f"{SECOND}?next=%2Fworkbench%2Fdocuments%2F"
    assert client.get(stopped.headers["Location"]).headers["Location"].startswith(SET_UP)


def test_where_it_is_not_required_a_password_is_enough_unless_he_has_one(settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = False
    someone()
    client, _ = first_step()
    assert is_in(client)
    with_totp(user())
    client, answer = first_step()
    assert answer.headers["Location"].startswith(SECOND) and not is_in(client)


# ---- 头一次设 ----


def test_at_the_first_sign_in_it_is_set_up_and_the_recovery_codes_are_shown_once() -> None:
    someone()
    client, answer = first_step(next="/workbench/documents/")
    assert answer.headers["Location"] == f"{SECOND}?next=%2Fworkbench%2Fdocuments%2F"
    page = client.get(answer.headers["Location"], follow=True)
    assert page.redirect_chain[-1][0].startswith(SET_UP) and "权力大" in page.content.decode()
    assert not is_in(client), "还没有设好，什么也打不开"
    secret, sealed = asked_secret(client)
    wrong = client.post(SET_UP, {"secret": sealed, "code": "000000"})
    assert wrong.status_code == 422 and "这个码不对" in wrong.content.decode()
    assert "000000" not in wrong.content.decode() and not Totp.objects.exists()
    given = {"secret": sealed, "code": code(secret=secret), "next": "/workbench/documents/"}
    done = client.post(SET_UP, given)
    codes = re.findall(r"<code>([\d ]{19})</code>", done.content.decode())
    assert len(codes) == 10 and 'href="/workbench/documents/"' in done.content.decode()
    assert is_in(client)
    assert Session.objects.get(user=user()).method == "口令、动态码"
    assert actions()[-3:] == [
        "accounts.add_second_step",
        "accounts.renew_codes",
        "accounts.sign_in",
    ]

    stored = Totp.objects.get()
    assert secret.hex() not in stored.secret and len(stored.secret) > 100
    told = str(list(AuditEvent.objects.values_list("public", "note")))
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(digests) == 10
    assert not any(each in told or each.replace(" ", "") in str(digests) for each in codes)


def test_knowing_the_password_alone_one_cannot_set_up_another_one() -> None:
    with_totp(user_of(someone()))
    client, _ = first_step()
    assert client.get(SET_UP).headers["Location"].startswith(SECOND)
    before = Totp.objects.get().secret
    answer = client.post(SET_UP, {"secret": "x", "code": code()})
    assert answer.headers["Location"].startswith(SECOND)
    for path in ("account/codes/", "account/totp/remove/"):
        assert client.post(f"/workbench/{path}").headers["Location"].startswith(SECOND)
    assert Totp.objects.get().secret == before and not RecoveryCode.objects.exists()


def user_of(who: Actor) -> User:
    return User.objects.get(pk=who.user_id)


def test_the_page_is_good_for_half_an_hour_and_for_one_person() -> None:
    someone()
    client, _ = first_step()
    _, sealed = asked_secret(client)
    other = actor("approver", organisation("elsewhere"), username="another")
    desk = sign_in(other)
    late = desk.client.post(SET_UP, {"secret": sealed, "code": "000000"})
    assert late.status_code == 422 and "二维码换了新的" in late.content.decode()


# ---- 核对 ----


@pytest.fixture
def guarded(settings: Any) -> Iterator[User]:
    someone()
    yield with_totp(user())


def test_the_password_alone_opens_nothing_and_the_code_opens_it(guarded: User) -> None:
    client, _ = first_step(next="/workbench/documents/")
    assert not is_in(client) and client.get(ACCOUNT).status_code == 302
    assert Session.objects.get().user is None
    wrong = client.post(SECOND, {"code": "000000"})
    assert wrong.status_code == 422 and "000000" not in wrong.content.decode()
    before = client.session.session_key
    done = client.post(SECOND, {"code": code(), "next": "/workbench/documents/"})
    assert done.headers["Location"] == "/workbench/documents/" and is_in(client)
    assert client.session.session_key != before and WAITING not in client.session
    assert actions()[-2:] == ["accounts.fail_second_step", "accounts.sign_in"]
    assert {event.user for event in AuditEvent.objects.order_by("-pk")[:2]} == {guarded}
    assert not SecondStepTries.objects.exists()


def test_no_code_is_good_twice(guarded: User) -> None:
    here, there = first_step()[0], first_step()[0]
    once = code()
    here.post(SECOND, {"code": once})
    again = there.post(SECOND, {"code": once})
    assert again.status_code == 422 and "刚刚用过" in again.content.decode()
    assert is_in(here) and not is_in(there)
    there.post(SECOND, {"code": code(1)})
    assert is_in(there)


def test_five_wrong_codes_stop_it_from_wherever_they_come_even_for_the_right_one(
    guarded: User,
) -> None:
    for number in range(5):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.post(SIGN_IN, {"username": "someone", "password": PASSWORD})
        answer = client.post(SECOND, {"code": "000000"})
    assert answer.status_code == 429 and "动态码连错五次" in answer.content.decode()
    client, _ = first_step()
    assert client.post(SECOND, {"code": code()}).status_code == 429 and not is_in(client)
    SecondStepTries.objects.update(last_at=timezone.now() - timedelta(minutes=31))
    client.post(SECOND, {"code": code()})
    assert is_in(client) and actions().count("accounts.fail_second_step") == 5


def test_guessing_the_password_over_again_does_not_start_the_count_over(guarded: User) -> None:
    for _ in range(4):
        client, _ = first_step()
        client.post(SECOND, {"code": "000000"})
    assert SecondStepTries.objects.get().count == 4


@pytest.mark.parametrize("spoil", ["late", "password", "stopped"])
def test_the_first_step_does_not_wait_for_ever(guarded: User, spoil: str) -> None:
    client, _ = first_step()
    if spoil == "late":
        session = client.session
        session[WAITING] = session[WAITING] | {"at": session[WAITING]["at"] - 601}
        session.save()
    elif spoil == "password":
        guarded.set_password("Moonlight-2021")
        guarded.save()
    else:
        User.objects.update(is_active=False)
    answer = client.post(SECOND, {"code": code()})
    assert answer.headers["Location"].startswith(SIGN_IN) and not is_in(client)


def test_a_stranger_is_sent_to_the_first_step() -> None:
    for path in (SECOND, SET_UP):
        assert Client().get(path).headers["Location"].startswith(SIGN_IN)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_who_come_at_once_with_the_same_code_one_is_let_in() -> None:
    with_totp(user_of(someone()))
    script = f"""
        from yangguang.foundation.accounts.models import User
        from yangguang.foundation.accounts.second_steps import check_code
        print("ready", flush=True)
        input()
        print(check_code(User.objects.get(username="someone"), "{code()}").method)
    """
    processes = [start(script) for _ in range(2)]
    together(processes)
    assert sorted(finish(each).strip() for each in processes) == ["", "动态码"]


# ---- 备用码 ----


def test_a_recovery_code_is_good_once(guarded: User) -> None:
    codes = second_steps.renew_codes(guarded, actor=None)
    client, _ = first_step()
    page = client.post(SECOND, {"code": codes[0].replace(" ", "-")}, follow=True)
    assert "用掉了一个备用码，还剩 9 个" in page.content.decode() and is_in(client)
    assert Session.objects.get(user=guarded).method == "口令、备用码"
    again, _ = first_step()
    assert again.post(SECOND, {"code": codes[0]}).status_code == 422
    assert not second_steps.check_code(guarded, "1234 5678 9012 3456").method


def test_another_mans_recovery_code_is_no_good(guarded: User) -> None:
    other = with_totp(user_of(actor("approver", organisation("elsewhere"), username="another")))
    (theirs, *_) = second_steps.renew_codes(other, actor=None)
    assert not second_steps.check_code(guarded, theirs).method


def test_a_new_batch_replaces_the_old_one_and_survives_a_new_key_of_the_house(
    guarded: User, settings: Any
) -> None:
    old = second_steps.renew_codes(guarded, actor=None)
    new = second_steps.renew_codes(guarded, actor=None)
    assert not second_steps.check_code(guarded, old[0]).method
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-key"
    assert second_steps.check_code(guarded, new[0]).method == "备用码"
    assert second_steps.check_code(guarded, code()).method == "动态码"


# ---- 我的账号 ----


def entered() -> Client:
    client, _ = first_step()
    client.post(SECOND, {"code": code()})
    return client


def aged(client: Client, minutes: int = 11) -> None:
    session = client.session
    entry = session[ENTRY]
    session[ENTRY] = entry | {"at": entry["at"] - minutes * 60}
    session.save()


def test_to_change_how_one_signs_in_one_proves_it_again(guarded: User) -> None:
    client = entered()
    aged(client)
    asked = client.get(SET_UP)
    assert asked.headers["Location"] == f"{SECOND}?next=%2Fworkbench%2Fsign-in%2Fset-up%2F"
    assert "再验证一次" in client.get(asked.headers["Location"]).content.decode()
    assert client.post(f"{ACCOUNT}codes/").headers["Location"].startswith(SECOND)
    proved = client.post(SECOND, {"code": code(1), "next": SET_UP})
    assert proved.headers["Location"] == SET_UP and client.get(SET_UP).status_code == 200
    assert actions()[-1] == "accounts.confirm"


def test_whoever_has_none_proves_it_with_the_password() -> None:
    someone("drafter")
    client, _ = first_step()
    aged(client)
    assert client.get(SET_UP).headers["Location"].startswith(SECOND)
    assert client.post(SECOND, {"password": "nonsense"}).status_code == 422
    assert client.post(SECOND, {"password": PASSWORD, "next": SET_UP}).status_code == 302
    assert client.get(SET_UP).status_code == 200


def test_a_new_phone_replaces_the_old_one_and_keeps_the_recovery_codes(guarded: User) -> None:
    second_steps.renew_codes(guarded, actor=None)
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    client = entered()
    secret, sealed = asked_secret(client)
    assert "原来的动态码随即作废" in client.get(SET_UP).content.decode()
    answer = client.post(SET_UP, {"secret": sealed, "code": code(secret=secret)})
    assert answer.headers["Location"] == ACCOUNT
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == kept
    assert not second_steps.check_code(guarded, code(1)).method
    assert second_steps.check_code(guarded, code(1, secret=secret)).method
    again = client.post(SET_UP, {"secret": sealed, "code": code(secret=secret)})
    assert again.status_code == 422, "同一个码设两遍"


def test_the_first_one_ends_the_sessions_that_have_only_a_password() -> None:
    someone("drafter")
    here, there = first_step()[0], first_step()[0]
    secret, sealed = asked_secret(here)
    here.post(SET_UP, {"secret": sealed, "code": code(secret=secret)})
    assert is_in(here) and not is_in(there)


def test_a_powerful_role_keeps_at_least_one(guarded: User) -> None:
    client = entered()
    page = client.get(ACCOUNT).content.decode()
    assert "必须有第二步验证" in page and "totp/remove" not in page
    refused = client.post(f"{ACCOUNT}totp/remove/", follow=True).content.decode()
    assert "不能一种也不留" in refused and Totp.objects.exists()


def test_others_may_take_it_away_and_the_recovery_codes_go_with_it(guarded: User) -> None:
    second_steps.renew_codes(guarded, actor=None)
    RoleAssignment.objects.update(role="drafter")
    client = entered()
    assert "totp/remove" in client.get(ACCOUNT).content.decode()
    client.post(f"{ACCOUNT}totp/remove/")
    assert not Totp.objects.exists() and not RecoveryCode.objects.exists()
    assert actions()[-1] == "accounts.remove_second_step"
    assert "没有设动态码" in client.post(f"{ACCOUNT}totp/remove/", follow=True).content.decode()
    assert client.post(f"{ACCOUNT}codes/").headers["Location"] == ACCOUNT
    assert not RecoveryCode.objects.exists()


def test_the_second_step_costs_what_it_costs(
    guarded: User, django_assert_max_num_queries: Any
) -> None:
    client, _ = first_step()
    with django_assert_max_num_queries(33):
        client.post(SECOND, {"code": code()})
