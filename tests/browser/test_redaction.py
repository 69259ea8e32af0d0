"""遮盖处理，在真的浏览器里：鼠标画、手指画、键盘挪，做成、下载，框里的像素全黑。"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_axe import AXE, BY_LOOK, examine
from tests.dialogue.redaction.conftest import TITLE, Room, room_of
from tests.dialogue.redaction.making import has_ink, is_black, picture_of, text_of
from tests.dialogue.redaction.papers import IDENTITY, MOBILE, Paper, text
from tests.town import Town
from yangguang.dialogue.redaction.boxes import Box
from yangguang.dialogue.redaction.models import Redaction
from yangguang.foundation.accounts.models import User

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]
BASE = "/workbench/redactions/"


def two_pages() -> bytes:
    """两页：头一页有一个号码，第二页横着看。"""
    paper = Paper.blank()
    paper.page(text(IDENTITY, 100, 300) + text("kept", 120, 400))
    paper.page(text(MOBILE, 60, 300), rotate=90)
    return paper.saved()


@pytest.fixture
def room(live: Visitor, town: Town, settings: Any) -> Room:
    return room_of(town, settings)


@pytest.fixture
def officer(room: Room) -> User:
    return User.objects.get(pk=room.officer.user_id)


def drag(page: Page, paper: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """在一页上从 ``start`` 拖到 ``end``，都是占整页的几分之几。"""
    paper.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 120)")
    area = paper.bounding_box()
    assert area is not None
    at = [(area["x"] + x * area["width"], area["y"] + y * area["height"]) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=4)
    page.mouse.up()


def test_a_box_is_drawn_moved_undone_saved_made_and_downloaded_black(
    sign_in: Opens, room: Room, officer: User, tmp_path: Path
) -> None:
    redaction = room.begun(two_pages())
    page = sign_in(officer, f"{BASE}{redaction.pk}/marks/", width=1440)
    first = page.locator("#page-1 [data-paper]")
    expect(first.locator("img")).to_have_js_property("complete", True)
    offered = page.locator("#page-1").get_by_role("checkbox", name="身份证号")
    offered.check()
    expect(page.get_by_text("遮盖 1 处")).to_be_visible()

    drag(page, first, (0.1, 0.05), (0.4, 0.1))
    expect(page.get_by_text("遮盖 2 处")).to_be_visible()
    drag(page, first, (0.6, 0.05), (0.7, 0.1))
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("遮盖 2 处")).to_be_visible()

    page.locator("#page-2").get_by_role("button", name="在这一页加一个框").click()
    box = page.locator("#page-2 .mark-box:focus")
    expect(box).to_have_attribute(
        "aria-label", "第 2 页，自己画的，遮盖，左 35.0%，上 45.0%，宽 30.0%，高 5.0%"
    )
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#page-2 .mark-box:focus")).to_have_attribute(
        "aria-label", "第 2 页，自己画的，遮盖，左 34.8%，上 45.0%，宽 30.0%，高 5.2%"
    )
    drag(page, page.locator("#page-2 [data-paper]"), (0.05, 0.05), (0.1, 0.1))
    page.get_by_role("button", name="删去选中的").click()
    expect(page.get_by_text("遮盖 3 处")).to_be_visible()

    page.get_by_role("button", name="存下").click()
    expect(page.get_by_text("已存下：遮盖 3 处")).to_be_visible()
    page.get_by_role("button", name="制作").click()
    expect(page.get_by_text("已制作。")).to_be_visible()
    expect(page.get_by_alt_text("做成的第 2 页")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="做成的一份").click()
    assert downloading.value.suggested_filename == f"{TITLE}（遮盖）.pdf"
    target = tmp_path / "made.pdf"
    downloading.value.save_as(target)
    output = target.read_bytes()
    assert text_of(output) == ""
    marks = Redaction.objects.get().marks
    assert [mark.page for mark in marks] == [1, 1, 2]
    assert all(is_black(picture_of(output, mark.page), mark) for mark in marks)
    drawn = Box(1, 0.11, 0.06, 0.28, 0.03)
    assert is_black(picture_of(output, 1), drawn), "就在拖过的地方"
    assert has_ink(picture_of(output, 1), Box(1, 0.29, 0.3, 0.1, 0.05)), "没有框的字还在"


def test_a_finger_draws_only_when_asked_to_and_the_handles_are_large_enough(
    sign_in: Opens, room: Room, officer: User
) -> None:
    redaction = room.begun(two_pages())
    page = sign_in(
        officer, f"{BASE}{redaction.pk}/marks/", width=360, has_touch=True, is_mobile=True
    )
    toggle = page.get_by_role("button", name="用手指画")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    paper = page.locator("#page-1 [data-paper]")
    assert paper.evaluate("e => getComputedStyle(e).touchAction") == "auto"
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert paper.evaluate("e => getComputedStyle(e).touchAction") == "none"
    paper.scroll_into_view_if_needed()
    paper.evaluate(
        """paper => {
          const area = paper.getBoundingClientRect();
          const fire = (name, x, y) => paper.dispatchEvent(new PointerEvent(name, {
            pointerType: "touch", pointerId: 7, button: name === "pointermove" ? -1 : 0, bubbles: true,
            cancelable: true, clientX: area.left + x * area.width, clientY: area.top + y * area.height,
          }));
          paper.setPointerCapture = () => {};
          fire("pointerdown", .2, .2); fire("pointermove", .5, .3); fire("pointerup", .5, .3);
        }"""
    )
    expect(page.get_by_text("遮盖 1 处")).to_be_visible()
    handle = page.locator(".mark-box.chosen .mark-handle.end")
    area = handle.bounding_box()
    assert area is not None and min(area["width"], area["height"]) >= 44


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_pages_fit_the_screen_and_are_read_aloud_properly(
    live: Visitor, sign_in: Opens, room: Room, officer: User, width: int
) -> None:
    made = room.made(two_pages())
    begun = room.begun(two_pages())
    page = sign_in(officer, BASE, width=width, bypass_csp=True)
    for path in (BASE, f"{BASE}new/", f"{BASE}{made.pk}/", f"{BASE}{begun.pk}/marks/"):
        page.goto(live.address + path)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path
        low = page.evaluate(
            """() => [...document.querySelectorAll('.btn, summary, input:not([type=hidden]):not([type=checkbox])')]
              .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
              .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert low == [], path
        page.evaluate(AXE)
        found = examine(page)
        page.emulate_media(color_scheme="dark")
        assert found + examine(page, *BY_LOOK) == [], path
        page.emulate_media(color_scheme="light")
