"""登录、选身份、退出。"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors import actor, organisation
from yangguang.foundation.accounts.models import RoleAssignment, User
from yangguang.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PASSWORD = "Sunshine-2020"
SIGN_IN = "/workbench/sign-in/"


@pytest.fixture
def user() -> User:
    office = organisation("office")
    someone = User.objects.get(pk=actor("drafter", office, username="someone").user_id)
    someone.set_password(PASSWORD)
    someone.save()
    return someone


def sign_in(client: Client, password: str = PASSWORD, **extra: str):
    return client.post(SIGN_IN, {"username": "someone", "password": password, **extra})


def test_the_workbench_asks_a_stranger_to_sign_in_and_then_goes_where_they_meant(
    client: Client, user: User
) -> None:
    asked = client.get("/workbench/documents/")
    assert asked.headers["Location"] == f"{SIGN_IN}?next=%2Fworkbench%2Fdocuments%2F"
    page = client.get(asked.headers["Location"]).content.decode()
    assert 'name="next" value="/workbench/documents/"' in page
    assert sign_in(client, next="/workbench/documents/").headers["Location"] == (
        "/workbench/documents/"
    )
    event = AuditEvent.objects.get(action="accounts.sign_in", target_id=str(user.pk))
    assert (event.user, event.user_name) == (user, user.display_name), "登录的人，不是系统"
    assert (event.assignment, event.role) == (None, "")
    assert event.organisation == user.assignments.get().organisation, "本机构的审计管理员看得到"


def test_no_one_is_sent_to_another_site_after_signing_in(client: Client, user: User) -> None:
    assert sign_in(client, next="https://evil.example/").headers["Location"] == "/workbench/"
    assert (
        client.get("/workbench/identity/?next=//evil.example/")
        .content.decode()
        .count('value="/workbench/"')
    )


def test_a_wrong_password_does_not_say_which_half_was_wrong(client: Client, user: User) -> None:
    wrong = sign_in(client, "nonsense")
    assert wrong.status_code == 422
    nobody = client.post(SIGN_IN, {"username": "nobody", "password": "nonsense"})
    assert "用户名或口令不对" in wrong.content.decode()
    assert "用户名或口令不对" in nobody.content.decode()
    (event,) = AuditEvent.objects.filter(action="accounts.fail_password")
    assert (event.user, event.organisation) == (user, user.assignments.get().organisation)
    assert "nonsense" not in str(event.public) + event.note
    assert client.post(SIGN_IN, {"username": "someone", "password": ""}).status_code == 422
    assert AuditEvent.objects.filter(action="accounts.fail_password").count() == 1, "没有填不算"


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(
    client: Client, user: User
) -> None:
    for _ in range(4):
        assert sign_in(client, "nonsense").status_code == 422
    assert sign_in(client, "nonsense").status_code == 429
    locked = sign_in(client)
    assert locked.status_code == 429 and "停用半小时" in locked.content.decode()
    told = AuditEvent.objects.filter(user=user).order_by("pk").values_list("action", flat=True)
    assert list(told) == ["accounts.fail_password"] * 4 + ["accounts.lock"]


def test_signing_out_needs_a_post_and_is_recorded(client: Client, user: User) -> None:
    sign_in(client)
    assert client.get("/workbench/sign-out/").status_code == 405
    client.post("/workbench/sign-out/")
    assert client.get("/workbench/").status_code == 302
    assert AuditEvent.objects.filter(action="accounts.sign_out").exists()


def test_with_several_posts_one_is_chosen_and_another_mans_post_is_no_choice(
    client: Client, user: User
) -> None:
    county = organisation("county")
    second = RoleAssignment.objects.create(
        user=user, organisation=county, role="reviewer", valid_from=timezone.localdate()
    )
    foreign = RoleAssignment.objects.get(pk=actor("approver", county).assignment_id)
    sign_in(client)
    assert client.get("/workbench/").headers["Location"].startswith("/workbench/identity/")
    assert client.post("/workbench/identity/", {"assignment": foreign.pk}).status_code == 404
    assert client.post("/workbench/identity/", {"assignment": "x"}).status_code == 404
    chosen = client.post("/workbench/identity/", {"assignment": second.pk})
    assert chosen.headers["Location"] == "/workbench/"
    assert "审核人" in client.get("/workbench/").content.decode()
    assert AuditEvent.objects.get(action="accounts.assume").assignment_id == second.pk


def test_a_post_that_ended_yesterday_opens_nothing_today(client: Client, user: User) -> None:
    sign_in(client)
    assert client.get("/workbench/").status_code == 200
    RoleAssignment.objects.filter(user=user).update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    assert client.get("/workbench/").status_code == 302
    assert "没有有效的任职" in client.get("/workbench/identity/").content.decode()


def test_a_post_after_the_session_ended_says_how_to_keep_what_was_typed(client: Client) -> None:
    late = client.post("/workbench/documents/new/", {"text": "写了很久的稿子"})
    assert late.status_code == 401
    assert "还在上一页里" in late.content.decode()
