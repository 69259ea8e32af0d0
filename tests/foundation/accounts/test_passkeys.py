"""通行密钥：设、当第二步、单用它登录、去掉；答得有一处不对的都不认。"""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from tests.actors import actor, organisation
from tests.authenticator import PRESENT, Authenticator
from tests.second_steps import with_totp
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import Passkey, RecoveryCode, Session, Totp, User
from yangguang.foundation.accounts.passkeys import ASKED, MAX_PASSKEYS
from yangguang.foundation.accounts.rules import Actor, passkeys_work
from yangguang.foundation.accounts.second_steps import forget_second_steps
from yangguang.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PASSWORD = "Sunshine-2020"
SIGN_IN = "/workbench/sign-in/"
GET, ASK = f"{SIGN_IN}passkey/", f"{SIGN_IN}passkey/ask/"
NEW, ASK_NEW = "/workbench/account/passkeys/", "/workbench/account/passkeys/ask/"
HOST = {"HTTP_HOST": "localhost:8000"}
ORIGIN = "http://localhost:8000"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True


@pytest.fixture
def who(db: None) -> Actor:
    found = actor("approver", organisation("office"), username="someone")
    user = User.objects.get(pk=found.user_id)
    user.set_password(PASSWORD)
    user.save()
    return found


def user() -> User:
    return User.objects.get(username="someone")


def browser() -> Client:
    return Client(**HOST)


def first_step(name: str = "someone") -> Client:
    client = browser()
    client.post(SIGN_IN, {"username": name, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/workbench/").status_code == 200


def ask(client: Client, path: str = ASK) -> dict[str, Any]:
    return json.loads(client.post(path).content)


def enrolled() -> Authenticator:
    """头一次登录设好了的。"""
    client, device = first_step(), Authenticator(ORIGIN)
    client.post(NEW, {"credential": device.create(ask(client, ASK_NEW))})
    assert Passkey.objects.exists() and is_in(client)
    return device


def enter(client: Client, device: Authenticator, **spoil: Any) -> Any:
    return client.post(GET, {"credential": device.get(ask(client), **spoil)})


def last() -> str:
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    return event.action


@pytest.mark.parametrize(
    ("host", "domain", "secure", "work"),
    [
        ("www.example.gov.cn", "www.example.gov.cn", True, True),
        ("bench.example.gov.cn", "example.gov.cn", True, True),
        ("www.example.gov.cn", "www.example.gov.cn", False, False),
        ("badexample.gov.cn", "example.gov.cn", True, False),
        ("example.gov.cn", "www.example.gov.cn", True, False),
        ("localhost", "localhost", False, True),
        ("yongjing.localhost", "yongjing.localhost", False, True),
        ("127.0.0.1", "127.0.0.1", True, False),
        ("::1", "::1", True, False),
        ("", "", True, False),
    ],
)
def test_where_passkeys_work(host: str, domain: str, secure: bool, work: bool) -> None:
    assert passkeys_work(host, domain, is_secure=secure) is work


def test_where_they_do_not_they_are_not_offered(who: Actor) -> None:
    numbers = Client(HTTP_HOST="127.0.0.1:8000")
    assert "data-passkey" not in numbers.get(SIGN_IN).content.decode()
    assert numbers.post(ASK).status_code == 404
    assert "data-passkey" in browser().get(SIGN_IN).content.decode()


def test_set_up_at_the_first_sign_in_it_brings_recovery_codes(who: Actor) -> None:
    client, device = first_step(), Authenticator(ORIGIN)
    options = ask(client, ASK_NEW)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["user"]["name"] == "someone" and options["attestation"] == "none"
    given = {"credential": device.create(options), "name": "办公室的电脑"}
    done = client.post(NEW, given)
    assert "记下备用码" in done.content.decode() and is_in(client)
    assert RecoveryCode.objects.count() == 10
    key = Passkey.objects.get()
    assert (key.name, key.transports) == ("办公室的电脑", ["internal"])
    assert Session.objects.get(user=user()).method == "口令、通行密钥"
    assert "办公室的电脑" in client.get("/workbench/account/").content.decode()


def test_it_passes_as_the_second_step_and_alone(who: Actor) -> None:
    device = enrolled()
    second = first_step()
    page = second.get(f"{SIGN_IN}second-step/").content.decode()
    assert "用通行密钥" in page and "备用码" in page and "动态码" not in page
    options = ask(second)
    assert [each["id"] for each in options["allowCredentials"]] == [
        Passkey.objects.get().credential_id
    ]
    second.post(GET, {"credential": device.get(options)})
    assert is_in(second)
    alone = browser()
    options = ask(alone)
    assert not options.get("allowCredentials") and options["userVerification"] == "required"
    answer = alone.post(GET, {"credential": device.get(options), "next": "/workbench/documents/"})
    assert answer.headers["Location"] == "/workbench/documents/" and is_in(alone)
    methods = set(Session.objects.filter(user=user()).values_list("method", flat=True))
    assert methods == {"口令、通行密钥", "通行密钥"}
    assert Passkey.objects.get().sign_count == 2


OTHER = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    "spoil",
    [
        {"origin": "https://evil.example"}, {"origin": "http://localhost:8001"},
        {"domain": "evil.example"}, {"type": "webauthn.create"}, {"challenge": "c3RhbGU"},
        {"flags": PRESENT}, {"flags": 0}, {"key": OTHER}, {"step": 0},
    ],
    ids=lambda spoil: "-".join(f"{k}" for k in spoil),
)  # fmt: skip
def test_an_answer_wrong_in_one_place_opens_nothing(who: Actor, spoil: dict[str, Any]) -> None:
    device = enrolled()
    assert is_in_after(browser(), device)
    for client in (browser(), first_step()):
        answer = enter(client, device, **spoil)
        assert answer.status_code == 302 and not is_in(client)
        assert last() == "accounts.fail_second_step"
        page = client.get(answer.headers["Location"]).content.decode()
        assert "没有验成" in page


def is_in_after(client: Client, device: Authenticator) -> bool:
    enter(client, device)
    return is_in(client)


def test_a_question_is_answered_once_and_by_whom_it_was_put_to(who: Actor) -> None:
    device = enrolled()
    client = browser()
    given = device.get(ask(client))
    other = browser()
    ask(other)
    other.post(GET, {"credential": given})
    assert not is_in(other)
    client.post(GET, {"credential": given})
    assert is_in(client)
    again = browser()
    again.post(GET, {"credential": given})
    assert not is_in(again)


def test_a_question_grows_stale(who: Actor) -> None:
    device, client = enrolled(), browser()
    options = ask(client)
    session = client.session
    session[ASKED] = session[ASKED] | {"at": session[ASKED]["at"] - 301}
    session.save()
    client.post(GET, {"credential": device.get(options)})
    assert not is_in(client)


@pytest.mark.parametrize(
    "rubbish",
    ["", "{}", "[]", "null", "{", '{"id": 1}', '{"id": "x", "response": 3}', "9" * 30_000],
)
def test_rubbish_opens_nothing_and_breaks_nothing(who: Actor, rubbish: str) -> None:
    device = enrolled()
    for client in (browser(), first_step()):
        ask(client)
        assert client.post(GET, {"credential": rubbish}).status_code == 302 and not is_in(client)
    # 编号是真的，里面是乱的
    known = json.dumps({"id": Passkey.objects.get().credential_id, "response": {"x": rubbish[:9]}})
    client = browser()
    ask(client)
    assert client.post(GET, {"credential": known}).status_code == 302 and not is_in(client)
    setting = sign_in(who)
    setting.client.post(ASK_NEW, **HOST)
    assert setting.client.post(NEW, {"credential": rubbish}, **HOST).status_code == 302
    assert Passkey.objects.count() == 1 and device.count == 0


def test_another_mans_passkey_is_no_second_step(who: Actor) -> None:
    device = enrolled()
    other = actor("approver", organisation("elsewhere"), username="another")
    user = User.objects.get(pk=other.user_id)
    user.set_password(PASSWORD)
    user.save()
    with_totp(user)
    client = first_step("another")
    enter(client, device)
    assert not is_in(client)


def test_whoever_is_stopped_or_was_reset_gets_in_no_more(who: Actor) -> None:
    device = enrolled()
    User.objects.update(is_active=False)
    assert not is_in_after(browser(), device)
    User.objects.update(is_active=True)
    assert is_in_after(browser(), device)
    forget_second_steps(user(), actor=None)
    assert not Passkey.objects.exists() and not is_in_after(browser(), device)


@pytest.mark.parametrize("spoil", [{"flags": PRESENT}, {"origin": "https://evil.example"}, {"challenge": "c3RhbGU"}])  # fmt: skip
def test_what_is_set_up_wrongly_is_not_kept(who: Actor, spoil: dict[str, Any]) -> None:
    client = first_step()
    device = Authenticator(ORIGIN)
    answer = client.post(NEW, {"credential": device.create(ask(client, ASK_NEW), **spoil)})
    assert answer.headers["Location"].startswith(f"{SIGN_IN}set-up/")
    assert not Passkey.objects.exists() and not is_in(client)


def test_knowing_the_password_alone_one_cannot_add_one(who: Actor) -> None:
    enrolled()
    client = first_step()
    assert client.post(ASK_NEW).status_code == 302
    assert client.post(NEW, {"credential": "x"}).status_code == 302
    assert Passkey.objects.count() == 1


def test_the_same_one_is_kept_once_and_there_are_so_many_at_most(who: Actor) -> None:
    device = enrolled()
    desk = sign_in(who)
    client = desk.client
    client.defaults |= HOST
    options = ask(client, ASK_NEW)
    assert len(options["excludeCredentials"]) == 1
    client.post(NEW, {"credential": device.create(options)})
    assert Passkey.objects.count() == 1
    for number in range(2, MAX_PASSKEYS + 2):
        fresh = Authenticator(ORIGIN)
        client.post(NEW, {"credential": fresh.create(ask(client, ASK_NEW))})
        assert Passkey.objects.count() == min(number, MAX_PASSKEYS)


def test_the_last_one_of_a_powerful_role_stays_and_nobody_removes_anothers(who: Actor) -> None:
    enrolled()
    client = sign_in(who).client
    path = f"{NEW}{Passkey.objects.get().pk}/remove/"
    assert "不能一种也不留" in client.post(path, follow=True).content.decode()
    stranger = sign_in(actor("approver", organisation("elsewhere")))
    assert stranger.client.post(path).status_code == 404
    with_totp(user())
    assert "去掉了" in client.post(path, follow=True).content.decode()
    assert not Passkey.objects.exists() and Totp.objects.exists()
    assert last() == "accounts.remove_second_step"
