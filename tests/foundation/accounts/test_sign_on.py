"""用统一身份认证登录：对着另一个进程里真的提供者，照办的进得来，有一处不照办的进不来。"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener, urlopen

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

import tests.oidc_provider as provider_script
from tests.actors import actor, organisation
from tests.second_steps import code, with_totp
from tests.staff import enrolled
from tests.web import free_port
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment, Session, SignOnIdentity, User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.sign_on import SENT, client_of
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.audit.services import personal_value_was
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.oidc import client as oidc
from yangguang.foundation.oidc.provider import Provider
from yangguang.foundation.personnel.services import reset_access

pytestmark = pytest.mark.django_db
SIGN_ON, BACK = "/workbench/sign-in/sign-on/", "/workbench/sign-in/sign-on/back/"
ACCOUNT = "/workbench/account/"


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """看它要转到哪里去。"""


class House:
    """另一个进程里的提供者。"""

    def __init__(self, address: str) -> None:
        self.address = address

    def told(self, **settings: str) -> dict[str, Any]:
        """吩咐它，返回它现在的样子。"""
        with urlopen(f"{self.address}/control?{urlencode(settings)}", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def visited(self, address: str) -> str:
        """浏览器到它那里，它要我们转到哪里去；不带主机名。"""
        assert address.startswith(f"{self.address}/authorize?"), address
        try:
            build_opener(Stay).open(address, timeout=10)
        except Exception as answer:  # noqa: BLE001  不跟着转的，urllib 当作错误给出
            location = urlsplit(getattr(answer, "headers", {}).get("Location", ""))
            assert location.netloc == "testserver", answer
            return f"{location.path}?{location.query}"
        raise AssertionError("提供者没有送回来")


@pytest.fixture(scope="module")
def process() -> Iterator[str]:
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, str(Path(provider_script.__file__)), str(port)], stdout=subprocess.PIPE
    )
    assert running.stdout is not None and running.stdout.readline() == b"ready\n"
    yield f"http://127.0.0.1:{port}"
    running.kill()
    running.wait()


@pytest.fixture
def house(process: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    settings.SIGN_ON = Provider(
        process, provider_script.CLIENT, provider_script.SECRET, "省统一身份认证",
        frozenset({"two"}),
    )  # fmt: skip
    monkeypatch.setattr(oidc, "STEP_SECONDS", 1)
    monkeypatch.setattr(oidc, "WHOLE_SECONDS", 2)
    client_of.cache_clear()
    found = House(process)
    found.told(subject="person-1", acr="", fault="", claims="{}", about="")
    return found


@pytest.fixture
def who(house: House) -> Actor:
    """绑定了 ``person-1`` 的信息员。"""
    found = actor("drafter", organisation("office"), username="someone")
    enrolled(found)
    SignOnIdentity.objects.create(
        user_id=found.user_id, issuer=house.address, subject="person-1", bound_at=timezone.now()
    )
    return found


def there_and_back(house: House, client: Client, **query: str) -> Any:
    gone = client.get(f"{SIGN_ON}?{urlencode(query)}")
    assert gone.status_code == 302, gone.content.decode()
    return client.get(house.visited(gone.headers["Location"]))


def is_in(client: Client) -> bool:
    return client.get("/workbench/").status_code == 200


def test_whoever_was_bound_beforehand_signs_in_and_goes_where_he_meant(
    house: House, who: Actor
) -> None:
    client = Client()
    page = client.get("/workbench/sign-in/?next=/workbench/documents/").content.decode()
    assert "用省统一身份认证登录" in page
    answer = there_and_back(house, client, next="/workbench/documents/")
    assert answer.headers["Location"] == "/workbench/documents/" and is_in(client)
    assert Session.objects.get(user=who.user_id).method == "统一身份认证"
    assert SignOnIdentity.objects.get().used_at is not None
    event = AuditEvent.objects.get(action="accounts.sign_in")
    assert event.public == {"method": "统一身份认证"} and SENT not in client.session


def test_each_errand_has_secrets_of_its_own(house: House, who: Actor) -> None:
    asked = [parse_qs(urlsplit(Client().get(SIGN_ON).headers["Location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43 and asked[0][name] != asked[1][name]
    assert asked[0]["code_challenge_method"] == ["S256"] and asked[0]["response_type"] == ["code"]


@pytest.mark.parametrize(
    "fault",
    [
        "issuer", "audience", "audiences", "party", "nonce", "no-nonce", "expired", "no-expiry",
        "early", "no-subject", "forged", "retired", "none", "symmetric", "altered", "rubbish",
        "no-token", "mixed-up", "denied",
    ],
)  # fmt: skip
def test_an_answer_wrong_in_one_place_opens_nothing(house: House, who: Actor, fault: str) -> None:
    house.told(rotate="RSA", fault=fault)
    client = Client()
    answer = there_and_back(house, client)
    assert answer.status_code == 422 and not is_in(client)
    page = answer.content.decode()
    assert "没有办成" in page and "用口令登录" in page and "access_denied" not in page
    house.told(fault="")
    there_and_back(house, client)
    assert is_in(client), "好了就进得来"


@pytest.mark.parametrize(
    "fault",
    [
        "configuration-hangs", "configuration-broken", "configuration-rubbish",
        "configuration-endless", "configuration-drips", "configuration-elsewhere",
        "configuration-issuer",
    ],
)  # fmt: skip
def test_a_provider_that_does_not_answer_is_told_and_does_not_hold_us_up(
    house: House, who: Actor, fault: str
) -> None:
    house.told(fault=fault)
    since = time.monotonic()
    answer = Client().get(SIGN_ON)
    assert answer.status_code == 502 and time.monotonic() - since < 6
    assert "用口令登录" in answer.content.decode()


@pytest.mark.parametrize(
    "fault",
    [
        "token-hangs", "token-broken", "token-rubbish", "token-endless", "token-drips",
        "token-elsewhere", "keys-hangs", "keys-broken", "keys-rubbish", "keys-elsewhere",
    ],
)  # fmt: skip
def test_nor_does_one_that_stops_answering_half_way(house: House, who: Actor, fault: str) -> None:
    house.told(fault=fault)
    client = Client()
    since = time.monotonic()
    answer = there_and_back(house, client)
    assert answer.status_code == 422 and not is_in(client) and time.monotonic() - since < 8


def test_a_provider_that_is_down(house: House, who: Actor, settings: Any) -> None:
    settings.SIGN_ON = Provider(f"http://127.0.0.1:{free_port()}", "c", "s", "省统一身份认证")
    assert Client().get(SIGN_ON).status_code == 502


def test_a_rotated_key_is_fetched_once_and_rubbish_does_not_make_us_fetch_again(
    house: House, who: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_and_back(house, Client())
    asked = house.told()
    there_and_back(house, Client())
    assert house.told()["keys"] == asked["keys"], "记着的不再取"
    assert house.told()["configuration"] == asked["configuration"]
    house.told(rotate="EC")
    monkeypatch.setattr(oidc, "REFRESH_SECONDS", 0)
    client = Client()
    there_and_back(house, client)
    assert is_in(client) and house.told()["keys"] == asked["keys"] + 1
    monkeypatch.setattr(oidc, "REFRESH_SECONDS", 3600)
    house.told(fault="retired")
    for _ in range(3):
        there_and_back(house, Client())
    assert house.told()["keys"] == asked["keys"] + 1


def test_a_provider_that_takes_the_password_in_the_form_only(house: House, who: Actor) -> None:
    house.told(fault="post-only")
    client = Client()
    there_and_back(house, client)
    assert is_in(client)


# ---- 来回要对得上 ----


def test_what_was_not_begun_here_is_not_finished_here(house: House, who: Actor) -> None:
    gone = Client().get(SIGN_ON)
    back = house.visited(gone.headers["Location"])
    stranger = Client()
    assert stranger.get(back).status_code == 422 and not is_in(stranger)
    other = Client()
    other.get(SIGN_ON)
    answer = other.get(back)
    assert answer.status_code == 422 and "不是从这里开始的" in answer.content.decode()
    assert not is_in(other)


def test_an_answer_is_good_once_and_for_ten_minutes(house: House, who: Actor) -> None:
    client = Client()
    back = house.visited(client.get(SIGN_ON).headers["Location"])
    client.get(back)
    assert is_in(client)
    client.post("/workbench/sign-out/")
    assert client.get(back).status_code == 422 and not is_in(client)
    late = Client()
    back = house.visited(late.get(SIGN_ON).headers["Location"])
    session = late.session
    session[SENT] = session[SENT] | {"at": session[SENT]["at"] - 601}
    session.save()
    assert late.get(back).status_code == 422 and not is_in(late)


# ---- 谁进得来 ----


def test_someone_who_was_not_bound_gets_no_account_and_no_rights(house: House, who: Actor) -> None:
    house.told(subject="stranger")
    before = User.objects.count(), RoleAssignment.objects.count()
    client = Client()
    answer = there_and_back(house, client)
    assert answer.status_code == 422 and "还没有绑定" in answer.content.decode()
    assert not is_in(client) and (User.objects.count(), RoleAssignment.objects.count()) == before


def test_the_same_number_at_another_provider_is_somebody_else(house: House, who: Actor) -> None:
    SignOnIdentity.objects.update(issuer="https://id.example")
    client = Client()
    assert there_and_back(house, client).status_code == 422 and not is_in(client)


def test_whoever_was_stopped_stays_out(house: House, who: Actor) -> None:
    User.objects.update(is_active=False)
    client = Client()
    assert there_and_back(house, client).status_code == 422 and not is_in(client)


def test_the_second_step_is_asked_for_all_the_same(house: House, who: Actor) -> None:
    with_totp(User.objects.get(pk=who.user_id))
    client = Client()
    answer = there_and_back(house, client, next="/workbench/documents/")
    assert answer.headers["Location"].startswith("/workbench/sign-in/second-step/")
    assert not is_in(client)
    answer = client.post("/workbench/sign-in/second-step/", {"code": code()})
    assert is_in(client)
    assert Session.objects.get(user=who.user_id).method == "统一身份认证、动态码"


@pytest.mark.parametrize(("acr", "enters"), [("two", True), ("one", False), ("", False)])
def test_unless_the_provider_says_it_saw_two_and_we_agreed_to_believe_it(
    house: House, who: Actor, acr: str, enters: bool, settings: Any
) -> None:
    settings.SECOND_STEP_REQUIRED = True
    RoleAssignment.objects.update(role="approver")
    house.told(acr=acr)
    client = Client()
    there_and_back(house, client)
    assert is_in(client) is enters


# ---- 绑定 ----


def bound(house: House, client: Client) -> Any:
    page = html.fromstring(client.post(f"{ACCOUNT}sign-on/").content)
    (address,) = page.xpath("//main//a[contains(@class, 'btn') and not(contains(@class, 'quiet'))]/@href")  # fmt: skip
    return client.get(house.visited(address), follow=True)


def test_one_binds_oneself_after_signing_in(house: House) -> None:
    someone = actor("drafter", organisation("office"), username="someone")
    desk = sign_in(someone)
    assert "还没有绑定" in desk.get(ACCOUNT).content.decode()
    assert "绑好了" in bound(house, desk.client).content.decode()
    found = SignOnIdentity.objects.get()
    assert (found.user_id, found.subject) == (someone.user_id, "person-1")
    event = AuditEvent.objects.get(action="accounts.bind_sign_on")
    assert "person-1" not in str(event.public) and personal_value_was(event, "subject", "person-1")
    client = Client()
    there_and_back(house, client)
    assert is_in(client)
    # 一个身份只属于一个人，一个人只绑一个
    other = sign_in(actor("drafter", organisation("elsewhere")))
    assert "已经绑定了别的账号" in bound(house, other.client).content.decode()
    house.told(subject="person-2")
    assert "先解除原来的" in bound(house, desk.client).content.decode()
    assert SignOnIdentity.objects.count() == 1


def test_binding_needs_a_fresh_proof_and_stays_with_who_began_it(house: House) -> None:
    someone = actor("drafter", organisation("office"), username="someone")
    other = actor("drafter", organisation("elsewhere"), username="other")
    desk = sign_in(someone)
    assert desk.client.get(f"{ACCOUNT}sign-on/").status_code == 405
    page = html.fromstring(desk.client.post(f"{ACCOUNT}sign-on/").content)
    back = house.visited(page.xpath("//main//a[1]/@href")[0])
    session = desk.client.session
    kept = session[SENT]
    changed = sign_in(other)
    session = changed.client.session
    session[SENT] = kept
    session.save()
    assert "换了人" in changed.client.get(back).content.decode()
    assert not SignOnIdentity.objects.exists()
    session = desk.client.session
    session["entry"] = session["entry"] | {"at": session["entry"]["at"] - 601}
    session.save()
    asked = desk.client.post(f"{ACCOUNT}sign-on/")
    assert asked.headers["Location"].startswith("/workbench/sign-in/second-step/")


def test_it_is_undone_by_oneself_by_a_reset_and_by_leaving(house: House, who: Actor) -> None:
    user = User.objects.get(pk=who.user_id)
    desk = sign_in(who)
    assert "登录不了" in desk.post(f"{ACCOUNT}sign-on/remove/", {}).content.decode()
    user.set_password("Sunshine-2020")
    user.save()
    desk = sign_in(who)
    assert "绑定解除了" in desk.post(f"{ACCOUNT}sign-on/remove/", {}).content.decode()
    assert not SignOnIdentity.objects.exists()
    office = user.staff.organisation
    boss = actor("security_admin", office, subtree=True)
    for undo in (
        lambda: reset_access(user.staff, actor=boss, key="reset", message="核实过"),
        lambda: perform(user.staff, "leave", actor=boss, key="leave", message="调离"),
    ):
        SignOnIdentity.objects.create(
            user=user, issuer=house.address, subject="person-1", bound_at=timezone.now()
        )
        undo()
        assert not SignOnIdentity.objects.exists()
    assert AuditEvent.objects.filter(action="accounts.unbind_sign_on").count() == 3


def test_where_none_is_connected_there_is_nothing(settings: Any) -> None:
    assert settings.SIGN_ON is None
    client = Client()
    assert "统一身份认证" not in client.get("/workbench/sign-in/").content.decode()
    for path in (SIGN_ON, BACK):
        assert "没有接统一身份认证" in client.get(path, follow=True).content.decode()
