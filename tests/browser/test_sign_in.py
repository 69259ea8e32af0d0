"""登录的两步，在真的浏览器里：手机上、只用键盘、没有脚本，都走得通。"""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_axe import AXE, examine
from tests.browser.test_keyboard import walk
from tests.second_steps import code, with_totp
from tests.town import Town
from yangguang.foundation.accounts.models import RecoveryCode, Totp, User
from yangguang.foundation.accounts.second_steps import renew_codes

pytestmark = pytest.mark.browser
PASSWORD = "Sunshine-2020"


@pytest.fixture
def approver(live: Visitor, town: Town, settings) -> User:
    settings.SECOND_STEP_REQUIRED = True
    user = User.objects.get(pk=town.approver.user_id)
    user.set_password(PASSWORD)
    user.save()
    return user


def first_step(page: Page, user: User) -> None:
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def is_sound(page: Page) -> None:
    """不横着滚，按得着的够大，没有英文（账号、密钥除外）。"""
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), page.url
    low = page.evaluate(
        """() => [...document.querySelectorAll('main .btn, main input:not([type=hidden])')]
             .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
             .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert low == [], page.url
    text = page.locator("main").inner_text()
    assert re.findall(r"[A-Za-z]{2,}", re.sub(r"approver-[a-z-]+|Linux", "", text)) == [], page.url


def test_the_first_time_an_approver_sets_up_a_code_and_keeps_the_recovery_codes(
    live: Visitor, approver: User
) -> None:
    page = live.open("/workbench/documents/", width=360, bypass_csp=True)
    first_step(page, approver)
    expect(page.get_by_role("heading", name="设第二步验证")).to_be_visible()
    is_sound(page)
    page.get_by_text("扫不了").click()
    link = page.get_by_role("link", name="在这部手机的应用里打开").get_attribute("href")
    assert link is not None
    (shown,) = parse_qs(urlsplit(link).query)["secret"]
    assert page.locator(".key").inner_text().replace(" ", "") == shown
    assert page.locator(".qr").evaluate("e => e.naturalWidth") > 200
    page.evaluate(AXE)
    assert examine(page) == []
    page.get_by_label("动态码").fill("000000")
    page.get_by_role("button", name="设好").click()
    expect(page.get_by_role("alert")).to_contain_text("这个码不对")
    secret = base64.b32decode(shown)
    page.get_by_label("动态码").fill(code(secret=secret))
    page.get_by_role("button", name="设好").click()
    expect(page.get_by_role("heading", name="记下备用码")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    is_sound(page)
    page.evaluate(AXE)
    assert examine(page) == []
    live.troubles[:] = [each for each in live.troubles if "422" not in each]
    page.get_by_role("link", name="记下了，继续").click()
    expect(page).to_have_url(re.compile("/workbench/documents/$"))


@pytest.mark.parametrize("scripted", [True, False])
def test_on_a_phone_with_the_keyboard_alone(live: Visitor, approver: User, scripted: bool) -> None:
    with_totp(approver)
    page = live.open("/workbench/", width=360, java_script_enabled=scripted)
    if scripted:
        expect(page.get_by_label("用户名")).to_be_focused()
        page.keyboard.type(approver.username)
        walk(page, identity="id_password")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
    else:
        first_step(page, approver)
    expect(page.get_by_role("heading", name="登录的第二步")).to_be_visible()
    expect(page.get_by_label("动态码")).to_be_focused()
    page.keyboard.type(code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今天要办").first).to_be_visible()


def test_a_lost_phone_a_recovery_code_and_a_new_phone(live: Visitor, approver: User) -> None:
    with_totp(approver)
    (one, *_) = renew_codes(approver, actor=None)
    before = Totp.objects.get().secret
    page = live.open("/workbench/account/", width=360)
    first_step(page, approver)
    is_sound(page)
    page.get_by_label("动态码").fill(one)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("用掉了一个备用码，还剩 9 个")).to_be_visible()
    page.get_by_role("link", name="换手机").click()
    expect(page.get_by_text("原来的动态码随即作废")).to_be_visible()
    is_sound(page)
    page.get_by_text("扫不了").click()
    secret = base64.b32decode(page.locator(".key").inner_text().replace(" ", ""))
    page.get_by_label("动态码").fill(code(secret=secret))
    page.get_by_role("button", name="设好").click()
    expect(page.get_by_text("动态码设好了。")).to_be_visible()
    is_sound(page)
    assert Totp.objects.get().secret != before
    page.get_by_role("button", name="换一批备用码").click()
    expect(page.get_by_role("heading", name="记下备用码")).to_be_visible()
    assert RecoveryCode.objects.filter(used_at__isnull=True).count() == 10
