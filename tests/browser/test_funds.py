"""一笔资金的公开页面在真的浏览器里：手机上不横着滚，图有话可听，表格下载得到，axe 查不出要紧的毛病。"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_axe import faults
from tests.sources.funds.conftest import below, go, opened
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.projector import catch_up
from yangguang.sources.funds.selectors import publication_of
from yangguang.sources.funds.sheet import CELLS

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


def test_as_many_rows_are_added_as_there_are_allocations(
    sign_in: Callable[..., Page], town: Town
) -> None:
    page = sign_in(User.objects.get(pk=town.drafter.user_id), "/workbench/funds/new/", width=360)
    rows = page.locator("fieldset[data-row]")
    before = rows.count()
    rows.last.get_by_label("项目").fill("前一笔的")
    more = page.get_by_role("button", name="再加一笔")
    more.click()
    more.click()
    expect(rows).to_have_count(before + 2)
    expect(rows.last.locator("legend")).to_have_text(f"第 {before + 2} 笔")
    expect(rows.last.get_by_label("分配单位")).to_be_focused()
    expect(rows.last.get_by_label("项目")).to_have_value("")
    rows.last.get_by_label("项目").fill("后一笔的")
    assert page.evaluate(
        "new FormData(document.querySelector('main form')).getAll('flows').length"
    ) == ((before + 2) * len(CELLS))
    ids = page.locator("fieldset[data-row] input").evaluate_all("all => all.map(e => e.id)")
    assert len(ids) == len(set(ids)) and faults(page, page.url) == []
