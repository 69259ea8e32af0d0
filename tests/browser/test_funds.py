"""一笔资金的公开页面在真的浏览器里：手机上不横着滚，图有话可听，表格下载得到，axe 查不出要紧的毛病。"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_axe import faults
from tests.sources.funds.conftest import below, go, opened
from tests.town import Town
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.projector import catch_up
from yangguang.sources.funds.selectors import publication_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_resident_follows_the_money_down_and_takes_the_table_home(
    live: Visitor, town: Town, width: int
) -> None:
    fund = go(town, opened(town, below(town)), "submit", "pass", "approve", "publish")
    seal_all()
    catch_up()
    path = path_of(publication_of(fund))
    page = live.open(path, width=width, bypass_csp=True)
    expect(page.locator("h1")).to_have_text("测试补助资金")
    expect(
        page.get_by_role("img", name="东县人民政府分配给东县甲镇人民政府 300 元")
    ).to_be_visible()
    with page.expect_download() as held:
        page.get_by_role("link", name="测试补助资金.xlsx").click()
    assert held.value.suggested_filename == "测试补助资金.xlsx"
    assert faults(page, live.address + path) == []
    for large in (False, True):
        page.locator("#elder").set_checked(large)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
