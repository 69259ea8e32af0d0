"""朗读：一句一句读完全文，能暂停、换快慢、停下，只用键盘也行；浏览器不会说话的，看不到它。

无界面的 Chromium 没有装语音，语音的引擎由测试代替：说了什么记下，读完一句由测试说了算。
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

ENGINE = """
  window.said = [];
  window.speaking = null;
  window.voices = [{ lang: "en-US" }, { lang: "zh-HK" }, { lang: "zh-CN" }];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => window.voices,
    speak: (one) => { window.speaking = one; window.said.push(one); },
    cancel: () => { const one = window.speaking; window.speaking = null; if (one) setTimeout(one.onerror); },
  } });
  window.spokenOut = () => { const one = window.speaking; window.speaking = null; one.onend(); };
"""
LETTERS = re.compile(r"[\W_]+")


def equipped(page: Page) -> Page:
    """换上测试的引擎。"""
    page.add_init_script(ENGINE)
    page.reload()
    return page


def last(page: Page, what: str) -> object:
    return page.evaluate(f"said.at(-1).{what}")


def test_a_document_is_read_to_its_end_sentence_by_sentence_by_the_keyboard_alone(
    visit: Visitor, demo_pages: dict[str, str]
) -> None:
    page = equipped(visit.open(demo_pages["document"], width=360))
    height = page.evaluate("document.documentElement.scrollHeight")
    status = page.locator(".aloud [role=status]")
    page.get_by_role("button", name="朗读").focus()
    page.keyboard.press("Enter")
    expect(status).to_have_text("正在朗读")
    assert last(page, "text") == page.locator("h1").inner_text().replace("\n", "")
    assert (last(page, "lang"), last(page, "rate")) == ("zh-CN", 1)
    assert page.evaluate("document.documentElement.scrollHeight") == height

    page.evaluate("spokenOut()")
    page.evaluate("spokenOut()")
    sentence = last(page, "text")
    expect(page.locator(".text > .reading")).to_have_count(1)
    page.keyboard.press("Space")
    expect(status).to_have_text("已暂停")
    page.keyboard.press("Space")
    expect(status).to_have_text("正在朗读")
    assert last(page, "text") == sentence, "从停下的那一句读起"
    page.get_by_label("语速").select_option("最快")
    assert (last(page, "text"), last(page, "rate")) == (sentence, 1.5)
    page.keyboard.press("Escape")
    expect(status).to_have_text("已停止")
    expect(page.locator(".reading")).to_have_count(0)
    expect(page.get_by_role("button", name="停止")).to_be_hidden()

    page.evaluate("said.length = 0")
    page.get_by_role("button", name="朗读").press("Enter")
    assert last(page, "rate") == 1.5, "记得上次的快慢"
    page.evaluate("while (speaking) spokenOut()")
    expect(status).to_have_text("读完了")
    said = page.evaluate("said.map(one => one.text)")
    assert max(map(len, said)) <= 120
    shown = page.locator(".doc-title h1, .text > *").all_text_contents()
    assert LETTERS.sub("", "".join(said)) == LETTERS.sub("", "".join(shown))


def test_the_tasks_are_read_row_by_row_and_a_device_without_chinese_says_so(
    visit: Visitor, demo_pages: dict[str, str]
) -> None:
    page = equipped(visit.open(demo_pages["tasks"]))
    page.get_by_role("button", name="朗读").click()
    page.evaluate("while (speaking) spokenOut()")
    said = page.evaluate("said.map(one => one.text).join('')")
    title = page.locator(".task h3").nth(2).inner_text()
    assert f"3，{title}，牵头" in said and "，2020年10月31日" in said
    page.add_init_script("window.voices = [{ lang: 'en-US' }]")
    page.reload()
    page.get_by_role("button", name="朗读").click()
    expect(page.locator(".aloud [role=status]:not(.unseen)")).to_have_text("这台设备没有装中文语音")
    assert page.evaluate("said.length") == 0


@pytest.mark.parametrize("scripted", [True, False])
def test_who_cannot_listen_sees_no_button(
    visit: Visitor, demo_pages: dict[str, str], scripted: bool
) -> None:
    page = visit.open(demo_pages["document"], java_script_enabled=scripted)
    if scripted:
        expect(page.get_by_role("button", name="朗读")).to_be_visible()
        page.add_init_script(
            "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"
        )
        page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".aloud")).to_be_hidden()
