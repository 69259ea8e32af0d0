"""检索在真的浏览器里：边写边提示用键盘走得通，没有脚本照样搜；各种宽度不横向滚动。"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.hub.search.conftest import follow
from tests.hub.search.supervising import promotion, supervisor, synonyms
from tests.outlets.website.conftest import Desk, desk, kinds_registered  # noqa: F401
from yangguang.foundation.accounts.models import User
from yangguang.hub.search.models import Promotion, SynonymGroup
from yangguang.hub.search.services import count_fruitless

pytestmark = pytest.mark.browser


@pytest.fixture
def office(transactional_db: None, desk: Desk) -> Desk:  # noqa: F811
    """发布了几条、烘好了页面、建好了索引的小州。"""
    desk.publish("政务公开工作方案", document_number="东州办发〔2020〕81号")
    desk.publish("关于加强政务公开工作的通知")
    desk.publish("防汛预案")
    who = supervisor(desk.organisation)
    synonyms(who, "防汛", "抗洪")
    promotion(who, "政务公开", address="/columns/open/", label="政府信息公开专栏")
    desk.follow()
    follow()
    return desk


@pytest.fixture(params=["/", "/search/"])
def page(office: Desk, live: Visitor, request: pytest.FixtureRequest) -> Page:
    """首页（烘好的，搜索框在页眉里）和检索页。"""
    return live.open(request.param)


def test_suggestions_are_walked_by_arrows_opened_by_enter_and_closed_by_escape(page: Page) -> None:
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.click()
    box.press_sequentially("政务公开")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text("有 2 条提示，按上下键选")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_text("政务公开工作方案")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("关于加强政务公开工作的通知")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("政务公开")
    box.press_sequentially("工作方")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/note/\d+/\d+\.html$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("政务公开工作方案")


def test_enter_without_choosing_searches_and_a_click_opens(page: Page) -> None:
    box = page.get_by_role("combobox")
    box.click()
    box.press_sequentially("2020 81")
    option = page.get_by_role("option")
    expect(option).to_have_text("东州办发〔2020〕81号　政务公开工作方案文号")
    assert option.bounding_box()["height"] >= 44  # type: ignore[index]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=2020\+81"))
    expect(page.locator(".found .name").first).to_have_text("政务公开工作方案")
    page.get_by_role("combobox").fill("防汛")
    page.get_by_role("option", name="防汛预案").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("防汛预案")


def test_when_the_application_is_away_the_box_is_a_plain_box(page: Page, live: Visitor) -> None:
    page.route("**/search/suggest*", lambda route: route.abort())
    box = page.get_by_role("combobox")
    box.click()
    box.press_sequentially("政务公开")
    page.wait_for_timeout(400)
    expect(page.get_by_role("option")).to_have_count(0)
    page.unroute("**/search/suggest*")
    page.keyboard.press("Enter")
    expect(page.locator(".found .name").first).to_be_visible()
    live.troubles.clear()


def test_without_scripts_nothing_is_lost(office: Desk, live: Visitor) -> None:
    page = live.open("/", java_script_enabled=False)
    page.get_by_label("搜索", exact=True).first.fill("抗洪")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator(".found .name")).to_have_text("防汛预案")
    page.get_by_role("link", name="只查“抗洪”").click()
    expect(page.get_by_text("没有找到“抗洪”")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_scrolls_sideways_and_what_is_pressed_is_large_enough(
    office: Desk, live: Visitor, width: int
) -> None:
    page = live.open("/search/", width=width)
    for words in ("", "政务公开", "抗洪", "没有这样的词", "政" * 200):
        page.goto(f"{live.address}/search/?q={words}")
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) <= 0, words
        low = page.evaluate(
            """() => [...document.querySelectorAll('main a, main button, main input:not([type=hidden])')]
              .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5 && !e.closest('p.small, .crumbs'))
              .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert low == [], words


@pytest.mark.parametrize("width", [360, 1440])
def test_the_offices_pages_fit_and_are_in_chinese(
    office: Desk, live: Visitor, sign_in: Callable[..., Page], width: int
) -> None:
    for _ in range(3):
        count_fruitless(office.site, "吃低保")
    who = User.objects.get(username="supervisor-donghe-all")
    page = sign_in(who, "/workbench/fruitless/", width=width)
    expect(page.get_by_role("link", name="立同义词")).to_be_visible()
    group, made = SynonymGroup.objects.get().pk, Promotion.objects.get().pk
    for path in (
        "fruitless/", "synonyms/", "synonyms/new/?words=吃低保&site=donghe", f"synonyms/{group}/",
        "promotions/", "promotions/new/", f"promotions/{made}/", f"promotions/{made}/edit/",
    ):  # fmt: skip
        page.goto(f"{live.address}/workbench/{path}")
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) <= 0, path
        shown = page.locator("main").inner_text().replace("/columns/open/", "")
        shown = shown.replace(who.display_name, "")
        assert set(re.findall(r"[A-Za-z]{2,}", shown)) <= {"xlsx", "csv"}, path
