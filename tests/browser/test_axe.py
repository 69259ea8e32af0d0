"""无障碍：axe-core 在每类页面上查，亮色暗色、平常大字都没有严重的和要紧的。

页面的内容安全策略不准插入脚本，所以这里绕过它；策略本身另有测试。
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from scripts.demo_site import STAFF, WORKBENCH, dynamic_pages, staff_lists, staff_pages

from tests.browser.test_public_pages import NAMES
from yangguang.foundation.workbench.registry import all_viewsets

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
GRAVE = ("serious", "critical")
BY_LOOK = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""结果随颜色和字号变的规则，每种样子都查；其余的在亮色平常下查过就够。"""
LOOKS: tuple[tuple[Literal["light", "dark"], bool], ...] = (("dark", False), ("light", True))
"""亮色平常之外的样子：配色，是否大字。颜色不随大字变，字大了要求只会松，暗色大字不必另查。"""
NEIGHBOURS = {"county-column", "county-organisation", "county-not-found"}
"""与州里同一个模板的；县的主色在它的首页和文件页上查。"""
UNFOLDED = 3
"""折起的展开几处来查：一页里折起的都是同一类。"""


PHONE: ViewportSize = {"width": 360, "height": 900}
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def phone(chromium: Browser, whole_address: str) -> Iterator[Page]:
    """手机上的一页，各测试接连着用。"""
    context = chromium.new_context(
        viewport=PHONE,
        bypass_csp=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        base_url=whole_address,
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def examine(page: Page, *rules: str) -> list[str]:
    """axe 查出的严重和要紧的毛病，每处一句；``rules`` 为空就查全部规则。"""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{each['id']}（{each['impact']}）：{node['html'][:120]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def faults(page: Page, address: str) -> list[str]:
    """一个地址在各种样子下的毛病。"""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.evaluate(AXE)
    page.evaluate(
        "count => [...document.querySelectorAll('details')].slice(0, count).forEach(e => { e.open = true })",
        UNFOLDED,
    )
    found = examine(page)
    switch = page.locator("#elder")
    for scheme, large in LOOKS:
        if large and not switch.count():
            continue
        page.emulate_media(color_scheme=scheme)
        if switch.count():
            switch.set_checked(large)
        look = f"{address} {scheme} {'大字' if large else '平常'} "
        found += [look + each for each in examine(page, *BY_LOOK)]
    page.evaluate("localStorage.clear()")
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEIGHBOURS])
def test_no_baked_page_shuts_anyone_out(phone: Page, demo_pages: dict[str, str], name: str) -> None:
    assert faults(phone, demo_pages[name]) == []


@pytest.mark.parametrize("name", dynamic_pages())
def test_no_answer_of_the_application_shuts_anyone_out(phone: Page, name: str) -> None:
    assert faults(phone, dynamic_pages()[name]) == []


def test_the_suggestions_shut_no_one_out(phone: Page) -> None:
    phone.emulate_media(color_scheme="light")
    phone.goto("/")
    phone.evaluate(AXE)
    box = phone.get_by_role("combobox")
    box.click()
    box.press_sequentially("政务公开")
    phone.get_by_role("option").first.wait_for()
    phone.keyboard.press("ArrowDown")
    assert examine(phone) == []


@pytest.fixture(scope="module")
def shares(phone: Page, whole_address: str) -> dict[str, list[str]]:
    """各人看哪几种界面。"""
    return staff_lists(phone, whole_address)


def test_every_screen_of_the_registry_is_looked_at(shares: dict[str, list[str]]) -> None:
    looked = [path for paths in shares.values() for path in paths]
    assert {f"{WORKBENCH}{viewset.slug}/" for viewset in all_viewsets()} <= set(looked)
    assert len(looked) == len(set(looked)), "同一种界面只看一遍"


@pytest.mark.parametrize("username", STAFF)
def test_no_page_of_the_workbench_shuts_anyone_out(
    phone: Page, whole_address: str, shares: dict[str, list[str]], username: str
) -> None:
    lists = shares[username]
    pages = staff_pages(phone, whole_address, username, lists)
    assert len(pages) >= len(lists)
    found = [fault for path in pages for fault in on_both_widths(phone, path)]
    phone.set_viewport_size(PHONE)
    assert found == []


def on_both_widths(page: Page, path: str) -> list[str]:
    """工作台的一页：手机和桌面的摆法不同，各查一遍；暗色的颜色与宽窄无关，在桌面上查。"""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    page.goto(path)
    page.evaluate(AXE)
    found = [f"{path} 手机 {each}" for each in examine(page)]
    page.set_viewport_size(DESK)
    found += [f"{path} 桌面 {each}" for each in examine(page)]
    page.emulate_media(color_scheme="dark")
    return [*found, *(f"{path} 暗色 {each}" for each in examine(page, *BY_LOOK))]


def test_the_sign_in_page_shuts_no_one_out(phone: Page) -> None:
    phone.context.clear_cookies()
    assert faults(phone, "/workbench/sign-in/") == []


def test_what_shuts_people_out_is_found(phone: Page) -> None:
    phone.emulate_media(color_scheme="light")
    phone.goto("/")
    phone.evaluate(AXE)
    phone.evaluate(
        "document.querySelector('main').innerHTML = '<input><p style=\\'color:#bbb\\'>看不清的字</p><img src=\\'/x.png\\'>'"
    )
    assert {each.split("（")[0] for each in examine(phone)} >= {
        "color-contrast",
        "image-alt",
        "label",
    }
