"""会话：列出来，结束，到期；任职在会话当中失效；工作台限定来源地址。"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors import actor, organisation
from tests.workbench import Desk, sign_in
from yangguang.foundation.accounts.jobs import discard
from yangguang.foundation.accounts.models import RoleAssignment, Session, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.sessions import ENTRY
from yangguang.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PASSWORD, BETTER = "Sunshine-2020", "Moonlight-2021"
SIGN_IN, ACCOUNT = "/workbench/sign-in/", "/workbench/account/"


@pytest.fixture
def someone(db: None) -> Actor:
    found = actor("drafter", organisation("office"), username="someone")
    user = User.objects.get(pk=found.user_id)
    user.set_password(PASSWORD)
    user.save()
    return found


def enter(**extra: str) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"})
    client.post(SIGN_IN, {"username": "someone", "password": PASSWORD}, **extra)
    return client


def aged(client: Client, **hours: float) -> None:
    """把会话里的时刻往前拨。"""
    session = client.session
    moved = {name: int(session[ENTRY][name] - by * 3600) for name, by in hours.items()}
    session[ENTRY] = session[ENTRY] | moved
    session.save()


def test_every_session_is_listed_with_where_and_how_and_can_be_ended_at_once(
    someone: Actor,
) -> None:
    here, there = enter(REMOTE_ADDR="10.0.0.1"), enter(REMOTE_ADDR="10.0.0.2")
    page = here.get(ACCOUNT).content.decode()
    assert "10.0.0.1" in page and "10.0.0.2" in page and "视窗，火狐浏览器" in page
    assert "用口令登录" in page
    other = Session.objects.exclude(pk=here.session.session_key).get()
    assert other.session_key not in page
    here.post(f"{ACCOUNT}sessions/{other.handle}/end/")
    assert there.get("/workbench/").status_code == 302
    assert here.get("/workbench/").status_code == 200
    assert AuditEvent.objects.filter(action="accounts.end_sessions").count() == 1


def test_no_one_ends_another_mans_session(someone: Actor) -> None:
    theirs = enter()
    stranger = sign_in(actor("drafter", organisation("elsewhere")))
    handle = Session.objects.get(user=someone.user_id).handle
    assert stranger.client.post(f"{ACCOUNT}sessions/{handle}/end/").status_code == 404
    assert theirs.get("/workbench/").status_code == 200


def test_a_new_password_keeps_this_session_and_ends_the_others(someone: Actor) -> None:
    here, there = enter(), enter()
    form = {"current": PASSWORD, "password": BETTER, "again": BETTER}
    wrong = here.post(f"{ACCOUNT}password/", form | {"current": "nonsense"})
    assert wrong.status_code == 422 and "现在的口令不对" in wrong.content.decode()
    weak = here.post(f"{ACCOUNT}password/", form | {"password": "short", "again": "short"})
    assert weak.status_code == 422 and "至少 10 位" in weak.content.decode()
    assert here.post(f"{ACCOUNT}password/", form).status_code == 302
    assert here.get("/workbench/").status_code == 200
    assert there.get("/workbench/").status_code == 302
    assert User.objects.get(username="someone").check_password(BETTER)


@pytest.mark.parametrize("hours", [{"at": 8.0}, {"seen": 1.1}])
def test_a_session_ends_by_itself(someone: Actor, hours: dict[str, float]) -> None:
    client = enter()
    aged(client, **hours)
    assert client.get("/workbench/").headers["Location"].startswith(SIGN_IN)


def test_when_it_was_last_used_is_written_every_few_minutes_not_every_time(
    someone: Actor, django_assert_num_queries: Any
) -> None:
    client = enter()
    aged(client, seen=0.05)
    before = Session.objects.get().seen_at
    client.get("/workbench/account/")
    assert Session.objects.get().seen_at == before
    aged(client, seen=0.2)
    client.get("/workbench/account/")
    seen = Session.objects.get().seen_at
    assert seen is not None and timezone.now() - seen < timedelta(minutes=1)


def test_expired_sessions_are_swept(someone: Actor) -> None:
    enter()
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    discard()
    assert not Session.objects.exists()


# ---- 任职在会话当中失效 ----


def ended(who: Actor) -> None:
    RoleAssignment.objects.filter(pk=who.assignment_id).update(ended_at=timezone.now())


def test_a_role_that_ends_in_the_middle_stops_the_next_request_and_keeps_what_was_typed(
    someone: Actor,
) -> None:
    desk = sign_in(someone)
    assert desk.get("/workbench/documents/new/").status_code == 200
    ended(someone)
    late = desk.client.post("/workbench/documents/new/", {"text": "写了很久的稿子"})
    assert late.status_code == 401
    assert "这个任职已经失效" in late.content.decode()
    assert "还在上一页里" in late.content.decode()


def test_it_does_not_quietly_go_on_as_somebody_else(someone: Actor) -> None:
    county = organisation("county")
    second = RoleAssignment.objects.create(
        user_id=someone.user_id, organisation=county, role="reviewer", valid_from="2020-01-01"
    )
    desk = sign_in(someone)
    ended(someone)
    page = desk.client.get("/workbench/documents/")
    assert page.headers["Location"].startswith("/workbench/identity/")
    told = desk.get("/workbench/identity/").content.decode()
    assert "到期了，或者已经结束" in told
    desk.post("/workbench/identity/", {"assignment": second.pk})
    assert "审核人" in desk.get("/workbench/").content.decode()


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(someone: Actor) -> None:
    desk: Desk = sign_in(someone)
    ended(someone)
    part = desk.client.get("/workbench/documents/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"].startswith("/workbench/identity/")
    assert part.content == b""


# ---- 来源地址 ----


def test_the_workbench_opens_only_from_where_it_may(someone: Actor, settings: Any) -> None:
    settings.WORKBENCH_NETWORKS = ("10.1.0.0/16",)
    outside = Client(REMOTE_ADDR="203.0.113.7")
    for path in (SIGN_IN, "/workbench/", "/workbench/documents/"):
        page = outside.get(path)
        assert page.status_code == 403
        assert "203.0.113.7" in page.content.decode()
    assert outside.get("/search/").status_code != 403
    assert Client(REMOTE_ADDR="10.1.9.9").get(SIGN_IN).status_code == 200
    # 登录之后换到外面去，也打不开
    client = enter(REMOTE_ADDR="10.1.9.9")
    assert client.get("/workbench/", REMOTE_ADDR="10.1.9.9").status_code == 200
    assert client.get("/workbench/", REMOTE_ADDR="203.0.113.7").status_code == 403
