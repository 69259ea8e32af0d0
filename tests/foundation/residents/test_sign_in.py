"""公众的实名登录：对着另一个进程里真的提供者；与工作人员的登录互不相认。"""

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.actors import actor, organisation
from tests.foundation.accounts import test_sign_on as staff
from tests.foundation.accounts.test_sign_on import House
from tests.foundation.residents.conftest import (
    BACK,
    FIRM,
    FIRM_CODE,
    ME,
    NUMBER,
    PERSON,
    SIGN_IN,
    agreed,
    citizen,
    is_in,
    there_and_back,
)
from tests.workbench import sign_in as staff_sign_in
from yangguang.foundation.accounts.models import Session, SignOnIdentity, User
from yangguang.foundation.audit.models import AuditEvent, DigestKey
from yangguang.foundation.oidc import client as oidc
from yangguang.foundation.residents.access import require_resident
from yangguang.foundation.residents.claims import read_vocabulary
from yangguang.foundation.residents.models import Resident, ResidentSession
from yangguang.foundation.residents.selectors import SignedIn, resident_of
from yangguang.foundation.residents.services import discard

pytestmark = pytest.mark.django_db


def whole_database() -> str:
    """库里公众实名和审计的每一个字。"""
    tables = (Resident, ResidentSession, AuditEvent, DigestKey)
    return json.dumps([list(t.objects.values()) for t in tables], default=str, ensure_ascii=False)


def test_a_person_agrees_signs_in_and_sees_what_is_held(province: House) -> None:
    client = Client()
    asked = client.get(ME)
    assert asked.headers["Location"] == f"{SIGN_IN}?next=%2Finteract%2Fme%2F"
    told = client.get(SIGN_IN).content.decode()
    for word in ("从甘肃省统一身份认证取什么", "第二十九条", "一年没有登录", "不取手机号"):
        assert word in told
    answer = there_and_back(province, client)
    assert answer.headers["Location"] == ME
    shown = client.get(ME)
    page = shown.content.decode()
    assert (
        "马晓梅" in page
        and NUMBER not in page
        and f"{NUMBER[:3]}*************{NUMBER[-2:]}" in page
    )
    assert shown.headers["Cache-Control"].find("no-store") >= 0
    kept = whole_database()
    for secret in ("马晓梅", NUMBER, "citizen-1"):
        assert secret not in kept
    assert client.cookies["resident"].value not in kept
    event = AuditEvent.objects.get()
    assert event.action == "residents.sign_in"
    assert (event.user, event.user_name) == (None, event.target_label)
    assert User.objects.count() == 0 and Session.objects.count() == 0


def test_whoever_was_sent_without_the_statement_is_shown_it_first(province: House) -> None:
    client = Client()
    for query in ("", "?agreed=x", "?agreed=%00"):
        answer = client.get(f"{SIGN_IN}go/{query}")
        assert answer.status_code in (302, 400) and province.address not in str(answer.headers)
    assert not ResidentSession.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [
        "issuer", "audience", "other-client", "audiences", "party", "nonce", "no-nonce", "expired",
        "no-expiry", "early", "no-subject", "forged", "retired", "none", "symmetric", "altered",
        "rubbish", "no-token", "mixed-up", "denied",
    ],
)  # fmt: skip
def test_an_answer_wrong_in_one_place_opens_nothing(province: House, fault: str) -> None:
    province.told(rotate="RSA", fault=fault)
    client = Client()
    answer = there_and_back(province, client)
    page = answer.content.decode()
    assert answer.status_code == 422 and "没有登录成" in page and "重新登录" in page
    assert not is_in(client) and not Resident.objects.exists()
    province.told(fault="")
    there_and_back(province, client)
    assert is_in(client), "好了就进得来"


def test_a_rotated_key_is_fetched(province: House, monkeypatch: pytest.MonkeyPatch) -> None:
    there_and_back(province, Client())
    monkeypatch.setattr(oidc, "REFRESH_SECONDS", 0)
    province.told(rotate="EC")
    client = Client()
    there_and_back(province, client)
    assert is_in(client) and Resident.objects.count() == 1


def test_an_answer_is_good_once_here_and_for_ten_minutes(province: House) -> None:
    client = Client()
    back = province.visited(client.get(agreed(client)).headers["Location"])
    stranger = Client()
    assert stranger.get(back).status_code == 422 and not is_in(stranger)
    client.get(back)
    assert is_in(client)
    client.post("/interact/sign-out/")
    assert client.get(back).status_code == 422 and not is_in(client)
    # 另起了一趟的，前一趟的答复作废
    twice = Client()
    old = province.visited(twice.get(agreed(twice)).headers["Location"])
    twice.get(agreed(twice))
    assert twice.get(old).status_code == 422 and not is_in(twice)
    late = Client()
    back = province.visited(late.get(agreed(late)).headers["Location"])
    ResidentSession.objects.update(begun_at=timezone.now() - timedelta(minutes=11))
    assert late.get(back).status_code == 422 and not is_in(late)


@pytest.mark.parametrize("fault", ["configuration-broken", "configuration-hangs"])
def test_a_province_that_does_not_answer_is_told(province: House, fault: str) -> None:
    province.told(fault=fault)
    client = Client()
    answer = client.get(agreed(client))
    assert answer.status_code == 502 and "没有应答" in answer.content.decode()


# ---- 两边互不相认 ----


def test_a_resident_at_the_staff_sign_on_is_nobody_and_the_reverse(province: House) -> None:
    who = actor("drafter", organisation("office"), username="someone")
    SignOnIdentity.objects.create(
        user_id=who.user_id, issuer=province.address, subject="officer", bound_at=timezone.now()
    )
    client = Client()
    there_and_back(province, client)
    assert is_in(client) and not staff.is_in(client)
    answer = staff.there_and_back(province, client)
    assert answer.status_code == 422 and "还没有绑定" in answer.content.decode()
    assert not staff.is_in(client)
    # 工作人员的身份到公众这边，只是一个公众
    province.told(subject="officer")
    other = Client()
    there_and_back(province, other)
    assert is_in(other) and not staff.is_in(other)
    assert Session.objects.filter(user__isnull=False).count() == 0


def test_a_token_for_one_client_does_not_open_the_other(province: House) -> None:
    who = actor("drafter", organisation("office"), username="someone")
    SignOnIdentity.objects.create(
        user_id=who.user_id, issuer=province.address, subject="citizen-1", bound_at=timezone.now()
    )
    province.told(fault="other-client")
    client = Client()
    assert staff.there_and_back(province, client).status_code == 422
    assert there_and_back(province, client).status_code == 422
    assert not staff.is_in(client) and not is_in(client)
    # 一边的答复拿到另一边的地址去
    province.told(fault="")
    answer = province.visited(client.get(staff.SIGN_ON).headers["Location"])
    assert client.get(f"{BACK}?{urlsplit(answer).query}").status_code == 422
    answer = province.visited(client.get(agreed(client)).headers["Location"])
    assert client.get(f"{staff.BACK}?{urlsplit(answer).query}").status_code == 422
    assert not staff.is_in(client) and not is_in(client)


def test_a_session_of_one_side_is_nothing_on_the_other(province: House) -> None:
    client = Client()
    there_and_back(province, client)
    token = client.cookies["resident"].value
    forged = Client()
    forged.cookies[django_settings.SESSION_COOKIE_NAME] = token
    assert not staff.is_in(forged)
    desk = staff_sign_in(actor("system_admin", organisation("office")))
    assert not is_in(desk.client)
    key = desk.client.cookies[django_settings.SESSION_COOKIE_NAME].value
    crossed = Client()
    crossed.cookies["resident"] = key
    assert not is_in(crossed)


# ---- 身份 ----


def test_a_firm_and_its_agent_and_the_same_person_for_himself_are_two(province: House) -> None:
    there_and_back(province, Client())
    province.told(claims=json.dumps(FIRM))
    client = Client()
    there_and_back(province, client)
    page = client.get(ME).content.decode()
    assert "临夏某某有限公司" in page and FIRM_CODE in page and "经办人" in page
    assert NUMBER not in page and Resident.objects.count() == 2
    there_and_back(province, Client())
    assert Resident.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"level": ""}, "还没有实名认证"),
        ({"level": "registered"}, "还没有实名认证"),
        ({"name": " "}, "没有姓名"),
        ({"paper_number": NUMBER[:-1]}, "居民身份证的号码不合格"),
        ({"paper_number": citizen("19800231")}, "居民身份证的号码不合格"),
        ({"paper_kind": "library_card"}, "认不得证件的种类"),
        ({"paper_kind": "uscc", "paper_number": FIRM_CODE}, "没有经办人自己的证件"),
        ({"kind": "robot"}, "没有说明是自然人还是单位"),
        ({"kind": "legal"}, "没有单位的名称"),
        ({"kind": "legal", "firm_name": "某公司", "firm_code": "123"}, "统一社会信用代码不合格"),
        ({"paper_number": citizen(f"{timezone.localdate().year - 13}0101")}, "请监护人"),
    ],
)
def test_an_identity_that_is_not_whole_is_refused_in_words(
    province: House, changes: dict[str, str], told: str
) -> None:
    province.told(claims=json.dumps(PERSON | changes))
    client = Client()
    answer = there_and_back(province, client)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not is_in(client) and not Resident.objects.exists()


def test_the_province_may_speak_in_its_own_words_and_in_the_userinfo(
    province: House, settings: Any
) -> None:
    settings.RESIDENT_VOCABULARY = read_vocabulary(
        "name=realname kind=utype kind:1=natural level=auth level:3=in_person "
        "paper_kind=ctype paper_kind:10=identity_card paper_number=cno"
    )
    about = {"realname": "马晓梅", "utype": 1, "auth": "3", "ctype": "10", "cno": NUMBER.lower()}
    province.told(claims="{}", about=json.dumps(about))
    client = Client()
    there_and_back(province, client)
    assert "马晓梅" in client.get(ME).content.decode()
    assert Resident.objects.get().level == "in_person"
    # 令牌里说过的以令牌为准；资料不是同一个人的不信
    province.told(claims=json.dumps({"realname": "令牌"}))
    there_and_back(province, client, again="1")
    assert "令牌" in client.get(ME).content.decode()
    province.told(about=json.dumps(about | {"sub": "somebody-else"}))
    assert there_and_back(province, Client()).status_code == 422


def test_signing_in_again_updates_what_is_held(province: House) -> None:
    client = Client()
    there_and_back(province, client)
    province.told(claims=json.dumps(PERSON | {"name": "马晓眉"}))
    there_and_back(province, client, again="1")
    assert "马晓眉" in client.get(ME).content.decode() and Resident.objects.count() == 1


# ---- 用它的页面 ----


def asked(client: Client, level: str = "verified", method: str = "get") -> HttpResponse:
    @require_resident(level)
    def page(request: HttpRequest, resident: SignedIn) -> HttpResponse:
        return HttpResponse(resident.real_name.name)

    request = getattr(RequestFactory(), method)("/interact/ask/?a=1")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return page(request)


def test_a_page_asks_for_a_resident_and_for_the_level_it_needs(province: House) -> None:
    client = Client()
    assert parse_qs(urlsplit(asked(client)["Location"]).query)["next"] == ["/interact/ask/?a=1"]
    there_and_back(province, client)
    assert asked(client).content.decode() == "马晓梅"
    low = asked(client, "in_person")
    assert low.status_code == 403 and "实人" in low.content.decode()
    province.told(claims=json.dumps(PERSON | {"level": "in_person"}))
    there_and_back(province, client, again="1")
    assert asked(client, "in_person").status_code == 200


def test_knowing_who_it_is_takes_one_query_and_none_for_a_visitor(province: House) -> None:
    client = Client()
    there_and_back(province, client)
    request = RequestFactory().get("/interact/")
    with CaptureQueriesContext(
        connection,
    ) as none:
        assert resident_of(request) is None
    request.COOKIES = {"resident": client.cookies["resident"].value}
    with CaptureQueriesContext(connection) as one:
        found = resident_of(request)
    assert found is not None and found.real_name.paper.number == NUMBER
    assert NUMBER not in repr(found) and "马晓梅" not in repr(found)
    assert (len(none), len(one)) == (0, 1)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/interact/", "/workbench/", "javascript:1"]
)
def test_nobody_is_led_elsewhere(province: House, target: str) -> None:
    assert there_and_back(province, Client(), next=target).headers["Location"] == ME
    there = there_and_back(province, Client(), next="/interact/me/leave/")
    assert there.headers["Location"] == "/interact/me/leave/"


# ---- 退出、过时、注销 ----


def test_signing_out_ends_this_session_and_leaves_the_others(province: House) -> None:
    one, other = Client(), Client()
    there_and_back(province, one)
    there_and_back(province, other)
    kept = one.cookies["resident"].value
    page = one.post("/interact/sign-out/").content.decode()
    assert "退出了" in page and "那边可能还登录着" in page
    one.cookies["resident"] = kept
    assert not is_in(one) and is_in(other)
    assert one.get("/interact/sign-out/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/interact/sign-out/").status_code == 403


@pytest.mark.parametrize(("field", "minutes"), [("begun_at", 241), ("seen_at", 36)])
def test_a_session_ends_by_itself(province: House, field: str, minutes: int) -> None:
    client = Client()
    there_and_back(province, client)
    moment = timezone.now() - timedelta(minutes=minutes)
    ResidentSession.objects.update(**{field: moment})
    assert not is_in(client)
    discard(timezone.now())
    assert not ResidentSession.objects.exists() and Resident.objects.count() == 1


def test_whoever_leaves_leaves_nothing_behind(province: House) -> None:
    one, other = Client(), Client()
    there_and_back(province, one)
    there_and_back(province, other)
    assert "不留副本" in one.get(f"{ME}leave/").content.decode()
    assert is_in(one), "看一看不算"
    assert "注销了" in one.post(f"{ME}leave/").content.decode()
    assert not is_in(one) and not is_in(other)
    assert not Resident.objects.exists() and not ResidentSession.objects.exists()
    assert AuditEvent.objects.filter(action="residents.leave").count() == 1
    assert "马晓梅" not in whole_database()


def test_whoever_did_not_come_for_a_year_is_forgotten(province: House) -> None:
    there_and_back(province, Client())
    assert discard(timezone.now() + timedelta(days=364)) == 0
    assert discard(timezone.now() + timedelta(days=366)) == 1
    assert not Resident.objects.exists()


def test_a_changed_secret_key_keeps_one_record_a_person(province: House, settings: Any) -> None:
    client = Client()
    there_and_back(province, client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-protects-nothing"
    assert is_in(client)
    there_and_back(province, Client())
    settings.SECRET_KEY_FALLBACKS = []
    assert Resident.objects.count() == 1 and is_in(client)
    settings.SECRET_KEY = "a-key-that-came-without-the-old-ones"
    assert not is_in(client), "解不开的当作没有登录，重新登录就好"


# ---- 设置 ----


def test_where_none_is_connected_nobody_is_asked_to_sign_in(settings: Any) -> None:
    assert settings.RESIDENT_SIGN_ON is None
    page = Client().get(SIGN_IN)
    assert page.status_code == 200 and "都不用登录" in page.content.decode()
    assert Client().get(BACK, follow=True).status_code == 200


PROVINCE = {
    "YANGGUANG_RESIDENT_ISSUER": "https://id.example.gov.cn",
    "YANGGUANG_RESIDENT_CLIENT": "public",
    "YANGGUANG_RESIDENT_SECRET": "secret",
    "YANGGUANG_RESIDENT_NAME": "省统一身份认证",
}
STAFF = {
    name.replace("RESIDENT", "SIGN_ON"): value for name, value in PROVINCE.items()
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (PROVINCE, ""),
        (PROVINCE | {"YANGGUANG_RESIDENT_SECRET": ""}, "还缺 YANGGUANG_RESIDENT_SECRET"),
        ({"YANGGUANG_RESIDENT_CLIENT": "public"}, "要一起设"),
        ({"YANGGUANG_SIGN_ON_CLIENT": "staff"}, "要一起设"),
        ({"YANGGUANG_RESIDENT_CLAIMS": "name=realname"}, "要一起设"),
        (PROVINCE | {"YANGGUANG_RESIDENT_ISSUER": "http://id.example"}, "https://"),
        (PROVINCE | {"YANGGUANG_RESIDENT_SCOPE": "profile"}, "要有 openid"),
        (PROVINCE | {"YANGGUANG_RESIDENT_CLAIMS": "phone=tel"}, "看不懂"),
        (PROVINCE | {"YANGGUANG_RESIDENT_CLAIMS": "level:9=highest"}, "代号不对"),
        (PROVINCE | STAFF, "合用一个客户端"),
    ],
)
def test_production_does_not_start_half_configured(changes: dict[str, str], told: str) -> None:
    var = str(django_settings.VAR_ROOT)
    environment = changes | {
        "YANGGUANG_SECRET_KEY": "x", "YANGGUANG_HOSTS": "www.example.gov.cn",
        "YANGGUANG_DATABASE": f"sqlite:///{var}/none.sqlite3", "YANGGUANG_VAR": var,
        "DJANGO_SETTINGS_MODULE": "yangguang.settings.production",
    }  # fmt: skip
    code = "import django; django.setup(); from django.conf import settings; print(settings.RESIDENT_SIGN_ON.name)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    if told:
        assert ran.returncode != 0 and "ImproperlyConfigured" in ran.stderr and told in ran.stderr
    else:
        assert ran.stdout.strip() == "省统一身份认证", ran.stderr
