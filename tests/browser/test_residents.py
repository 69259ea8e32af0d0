"""公众的实名登录，在真的浏览器里走一遍：手机上、没有脚本也走得通。"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_axe import AXE, examine
from tests.browser.test_blocks import follow, own_tree  # noqa: F401
from tests.foundation.accounts.test_sign_on import House, house, process  # noqa: F401
from tests.foundation.residents.conftest import FIRM, NUMBER, province  # noqa: F401
from tests.town import Town

pytestmark = pytest.mark.browser


def is_sound(page: Page, *, examined: bool = True) -> None:
    """不横着滚，按得着的够大，没有英文，没有完整的证件号码，无障碍检查没有问题。"""
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), page.url
    low = page.evaluate(
        """() => [...document.querySelectorAll('main .btn')]
             .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"""
    )
    assert low == [], page.url
    text = page.locator("main").inner_text().replace("test-prefecture", "")
    assert re.findall(r"[a-z]{2,}", text) == [] and NUMBER not in text, page.url
    if examined:
        page.evaluate(AXE)
        assert examine(page) == []


@pytest.mark.parametrize("scripted", [True, False])
def test_a_firms_agent_agrees_comes_back_and_leaves_for_good(
    live: Visitor,
    town: Town,
    own_tree: None,  # noqa: F811
    province: House,  # noqa: F811
    scripted: bool,
) -> None:
    follow()
    province.told(claims=json.dumps(FIRM))
    options = {"bypass_csp": True} if scripted else {"java_script_enabled": False}
    page = live.open("/interact/me/", width=360, **options)
    expect(page.get_by_role("heading", name="实名登录")).to_be_visible()
    if scripted:
        is_sound(page)
    page.get_by_role("link", name="同意，去登录").click()
    expect(page.get_by_role("heading", name="我的", exact=True)).to_be_visible()
    expect(page.get_by_text("临夏某某有限公司")).to_be_visible()
    if scripted:
        is_sound(page)
    page.get_by_role("link", name="注销", exact=True).click()
    if scripted:
        is_sound(page)
    page.get_by_role("button", name="注销，全部删去").click()
    expect(page.get_by_role("heading", name="注销了")).to_be_visible()
    if scripted:
        is_sound(page)
    page.goto(f"{live.address}/interact/me/")
    expect(page.get_by_role("heading", name="实名登录")).to_be_visible()
    live.troubles[:] = [
        each for each in live.troubles if not each.startswith(f"向外请求：{province.address}")
    ]
