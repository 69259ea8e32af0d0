"""H5 解读：手机上一张一张左右滑，键盘也翻得动；宽屏和纸上照样一页读完。"""

from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.browser.stories import bake, faults
from tests.sources.interpretations.conftest import PARTS, issued, published
from tests.town import Town
from yangguang.hub.publications.selectors import path_of, publication_of

pytestmark = pytest.mark.browser
TOPS = "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
STILL = "e => new Promise(done => setTimeout(() => done(e.scrollLeft), 1000))"


def h5(town: Town) -> str:
    """发布了的一份 H5，没有另外的作品；返回公开页面的地址。"""
    made = published(town, issued(town, "publish"), title="新规矩，划着看", form="h5")
    bake()
    return path_of(publication_of(made, "interpretation"))


def test_cards_are_swiped_on_a_phone_and_read_as_one_page_elsewhere(
    live: Visitor, town: Town
) -> None:
    path = h5(town)
    phone: Any = live.open(path, width=360)
    assert faults(phone) == []
    cards, strip = phone.locator(".swiped > section"), phone.locator(".swiped")
    assert cards.count() == len(PARTS)
    assert phone.locator(".swiped .count").all_inner_texts()[0] == f"1 / {len(PARTS)}"
    assert len(set(cards.evaluate_all(TOPS))) == 1
    assert strip.evaluate("e => e.scrollWidth > e.clientWidth")
    strip.focus()
    for _ in range(8):
        phone.keyboard.press("ArrowRight")
    moved = strip.evaluate(STILL)
    middle = strip.evaluate("e => e.getBoundingClientRect().left + e.clientWidth / 2")
    centres = cards.evaluate_all(
        "all => all.map(e => (r => r.left + r.width / 2)(e.getBoundingClientRect()))"
    )
    assert moved > 0 and min(abs(each - middle) for each in centres) < 8, "停在一张卡片上"
    phone.emulate_media(media="print")
    assert len(set(cards.evaluate_all(TOPS))) == len(PARTS)

    wide: Any = live.open(path, width=1440)
    assert faults(wide) == []
    tops = wide.locator(".swiped > section").evaluate_all(TOPS)
    assert tops == sorted(tops) and len(set(tops)) == len(PARTS)
    assert wide.locator(".swiped").evaluate("e => e.scrollWidth <= e.clientWidth")
    for text in PARTS.values():
        wide.get_by_text(text).wait_for()
