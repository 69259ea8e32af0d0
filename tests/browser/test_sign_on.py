"""用统一身份认证登录，在真的浏览器里走一遍：绑定，退出，再从那边回来。"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_sign_in import PASSWORD, approver, first_step, is_sound  # noqa: F401
from tests.foundation.accounts.test_sign_on import House, house, process  # noqa: F401
from tests.second_steps import code, with_totp
from yangguang.foundation.accounts.models import SignOnIdentity, User

pytestmark = pytest.mark.browser


def test_an_approver_binds_his_identity_and_then_signs_in_with_it(
    live: Visitor,
    approver: User,  # noqa: F811
    house: House,  # noqa: F811
) -> None:
    with_totp(approver)
    page = live.open("/workbench/account/", width=360)
    is_sound(page)
    first_step(page, approver)
    page.get_by_label("动态码").fill(code())
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="绑定").click()
    expect(page.get_by_role("heading", name="绑定省统一身份认证")).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="去省统一身份认证").click()
    expect(page.get_by_text("绑好了，以后可以用省统一身份认证登录。")).to_be_visible()
    is_sound(page)
    assert SignOnIdentity.objects.get().user == approver

    page.context.clear_cookies()
    page.goto(f"{live.address}/workbench/documents/")
    page.get_by_role("link", name="用省统一身份认证登录").click()
    expect(page.get_by_role("heading", name="登录的第二步")).to_be_visible()
    page.get_by_label("动态码").fill(code(1))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile("/workbench/documents/$"))

    page.context.clear_cookies()
    house.told(fault="audience")
    page.goto(f"{live.address}/workbench/")
    page.get_by_role("link", name="用省统一身份认证登录").click()
    expect(page.get_by_text("核对不上")).to_be_visible()
    is_sound(page)
    outward = f"向外请求：{house.address}/authorize?"
    live.troubles[:] = [
        each for each in live.troubles if not each.startswith(outward) and "422" not in each
    ]
