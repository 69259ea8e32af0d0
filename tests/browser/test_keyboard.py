"""只用键盘：从首页走到一份文件的附件，走过搜索提示和大字；每一站都看得见焦点在哪里，没有一处出不来。"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

STEPS = 150
"""一页上最多按这么多次 Tab；还没到，就是到不了。"""

FOCUS = """() => {
  const e = document.activeElement;
  const rings = [e, e.closest('label') ?? e].map(each => getComputedStyle(each));
  return {
    name: (e.getAttribute('aria-label') || e.textContent || e.id).trim(),
    href: e.getAttribute('href') ?? '',
    id: e.id,
    seen: rings.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2),
  };
}"""


@pytest.fixture
def stray(visit: Visitor, whole_address: str) -> Visitor:
    """同一位访客，去后面有应用的那一处。"""
    visit.address = whole_address
    return visit


def walk(page: Page, *, name: str = "", href: str = "", identity: str = "") -> None:
    """按 Tab 走到要去的地方；途中每一站都看得见焦点。"""
    passed = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["seen"], f"焦点在“{at['name']}”，看不见"
        passed.append(at["name"])
        if (
            re.search(name, at["name"])
            and re.search(href, at["href"])
            and identity in ("", at["id"])
        ):
            return
    pytest.fail(f"走不到 {name}{href}{identity}，走过的是 {passed}")


@pytest.mark.parametrize("scripted", [True, False])
def test_from_home_to_an_attachment_by_the_keyboard_alone(
    visit: Visitor, demo_pages: dict[str, str], scripted: bool, tmp_path: Path
) -> None:
    page = visit.open("/", width=360, java_script_enabled=scripted, accept_downloads=True)
    walk(page, name="^机构$")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/organisations/$"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # 跳到正文
    walk(page, name="^州农业农村局$")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/organisations/linxia-agriculture/$"))
    walk(page, href=re.escape(demo_pages["attachment"]))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(demo_pages["attachment"])))
    walk(page, href="/files/")
    with page.expect_download() as begun:
        page.keyboard.press("Enter")
    kept = tmp_path / begun.value.suggested_filename
    begun.value.save_as(kept)
    assert kept.suffix and kept.stat().st_size > 1000


def test_search_suggestions_and_a_result_by_the_keyboard_alone(stray: Visitor) -> None:
    page = stray.open("/", width=360)
    walk(page, identity="find")
    page.keyboard.type("政务公开")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("option")).to_have_count(0)  # 提示不留人
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    walk(page, href=r"/document/\d+/\d+\.html")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/document/\d+/\d+\.html"))


def test_large_type_is_switched_and_switched_back_by_the_keyboard_alone(visit: Visitor) -> None:
    size = "getComputedStyle(document.documentElement).fontSize"
    page = visit.open("/", width=360)
    walk(page, identity="elder")
    page.keyboard.press("Space")
    assert page.evaluate(size) == "22px"
    page.reload()
    assert page.evaluate(size) == "22px"
    walk(page, identity="elder")
    page.keyboard.press("Space")
    assert page.evaluate(size) == "17px"


@pytest.mark.parametrize("name", ["home", "document", "tasks"])
def test_no_place_on_a_page_holds_the_keyboard_captive(
    visit: Visitor, demo_pages: dict[str, str], name: str
) -> None:
    page = visit.open(demo_pages[name], width=360)
    count = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
                   .filter(e => e.checkVisibility()).length"""
    )
    for _ in range(count):
        page.keyboard.press("Tab")
    walk_back = [page.evaluate("document.activeElement.closest('footer') !== null")]
    for _ in range(count - 1):
        page.keyboard.press("Shift+Tab")
    walk_back.append(page.evaluate("document.activeElement.className === 'skip'"))
    assert walk_back == [True, True], "一头走到页脚，一头走回跳到正文"
