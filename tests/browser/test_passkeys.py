"""通行密钥在真的 Chromium 里：验证器是浏览器自带的虚拟的那一台（CDP 的 WebAuthn）。"""

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_keyboard import walk
from tests.browser.test_sign_in import approver, first_step, is_sound  # noqa: F401  合用的夹具
from yangguang.foundation.accounts.models import Passkey, User

pytestmark = pytest.mark.browser


@pytest.fixture
def local(live: Visitor) -> Visitor:
    """通行密钥不认 IP 地址，从 localhost 进。"""
    live.address = live.address.replace("127.0.0.1", "localhost")
    return live


def authenticator(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """给这一页接上一台验证器；``verifies`` 是验不验得过本人。"""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def test_a_passkey_is_set_up_and_then_signs_in_alone_by_the_keyboard(
    local: Visitor,
    approver: User,  # noqa: F811
) -> None:
    page = local.open("/workbench/documents/", width=360)
    session, device = authenticator(page)
    first_step(page, approver)
    expect(page.get_by_role("heading", name="或者：通行密钥")).to_be_visible()
    is_sound(page)
    page.get_by_label("名称").fill("这部手机")
    walk(page, name="^设通行密钥$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="记下备用码")).to_be_visible()
    page.get_by_role("link", name="记下了，继续").click()
    expect(page).to_have_url(re.compile("/workbench/documents/$"))
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [each["rpId"] for each in kept] == ["localhost"] and kept[0]["isResidentCredential"]

    page.goto(f"{local.address}/workbench/account/")
    expect(page.get_by_text("通行密钥：这部手机")).to_be_visible()
    is_sound(page)
    page.context.clear_cookies()
    page.goto(f"{local.address}/workbench/documents/")
    is_sound(page)
    walk(page, name="^用通行密钥登录$")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/workbench/documents/$"))
    assert Passkey.objects.get().sign_count > 0

    # 当第二步
    page.context.clear_cookies()
    page.goto(f"{local.address}/workbench/")
    first_step(page, approver)
    expect(page.get_by_label("备用码")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("heading", name="今天要办").first).to_be_visible()


def test_whoever_is_not_verified_is_told_and_can_go_another_way(
    local: Visitor,
    approver: User,  # noqa: F811
) -> None:
    page = local.open("/workbench/", width=360)
    authenticator(page, verifies=False)
    first_step(page, approver)
    page.get_by_role("button", name="设通行密钥").click()
    expect(page.get_by_role("status").filter(has_text="没有验成")).to_be_visible()
    expect(page.get_by_role("button", name="设通行密钥")).to_be_enabled()
    assert not Passkey.objects.exists()
    expect(page.get_by_label("动态码")).to_be_visible()


def test_without_scripts_only_what_works_is_shown(local: Visitor, approver: User) -> None:  # noqa: F811
    page = local.open("/workbench/", width=360, java_script_enabled=False)
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
    first_step(page, approver)
    expect(page.get_by_label("动态码")).to_be_visible()
    expect(page.get_by_role("heading", name="或者：通行密钥")).to_be_hidden()
    expect(page.get_by_role("button", name="设通行密钥")).to_be_hidden()
