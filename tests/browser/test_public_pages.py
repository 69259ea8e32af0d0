"""公开页面在真的浏览器里：手机、平板、桌面，亮色暗色、大字、打印，有没有脚本都能用。"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect
from scripts.chromium import WIDTHS

from tests.browser.conftest import Quiet, Threading, Visitor
from yangguang.foundation.calendar.tables import packaged_calendar
from yangguang.outlets.website.serving import SiteServer

pytestmark = pytest.mark.browser

NAMES = (
    "home", "column", "column-list", "column-fixed", "column-year", "document", "attachment",
    "corrected", "article", "tasks", "organisation", "organisations", "topic", "topic-of-plan",
    "topic-part", "topics", "map", "away", "not-found",
    "withdrawn",
    "county-home", "county-column", "county-document", "county-organisation", "county-not-found",
)  # fmt: skip
FIELDS = (
    "索引号",
    "公开方式",
    "发布机构",
    "组配分类",
    "文件编号",
    "发文日期",
    "成文日期",
    "有效性",
)
ABBREVIATIONS = {
    "ICP",
    "SHA",
    "Atom",
    "RSS",
    "DOCX",
    "DOC",
    "PDF",
    "XLSX",
    "XLS",
    "TXT",
    "KB",
    "MB",
    "APP",
}
"""页面上可以出现的拉丁字母：备案、摘要算法、订阅格式、文件类型和大小的单位；方案原文里的 APP。"""

LAST_DUE = "2020-12-31"
"""方案里最晚的一个期限。"""

Pages = dict[str, str]


def _opened(browser: Browser, address: str, path: str, width: int) -> Iterator[Page]:
    visitor = Visitor(browser, address)
    yield visitor.open(path, width=width)
    visitor.close()
    assert visitor.troubles == []


@pytest.fixture(scope="module", params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    """每种宽度。"""
    return int(request.param)


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """每类页面。"""
    return str(request.param)


@pytest.fixture(scope="module")
def shown(
    chromium: Browser, demo_address: str, demo_pages: Pages, name: str, width: int
) -> Iterator[Page]:
    """每类页面、每种宽度打开一次，只看不改的测试接连着看。"""
    yield from _opened(chromium, demo_address, demo_pages[name], width)


@pytest.fixture(scope="module")
def desk(chromium: Browser, demo_address: str, demo_pages: Pages, name: str) -> Iterator[Page]:
    """每类页面在桌面上打开一次。"""
    yield from _opened(chromium, demo_address, demo_pages[name], 1440)


class _Names(HTMLParser):
    """源文件里的元素，按出现的次序。"""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)


def test_every_class_of_page_is_looked_at(demo_pages: Pages) -> None:
    assert set(NAMES) == set(demo_pages)


def test_no_page_scrolls_sideways_not_even_in_large_type(shown: Page) -> None:
    page = shown
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert page.evaluate(overflow) <= 0, "展开以后"
    page.locator("#elder").check()
    assert page.evaluate(overflow) <= 0, "大字"
    page.evaluate("localStorage.clear()")
    page.reload()


def test_text_is_sixteen_pixels_or_more_and_nothing_is_below_thirteen(shown: Page) -> None:
    page = shown
    small = page.evaluate(
        """() => {
          const size = (e) => parseFloat(getComputedStyle(e).fontSize);
          const shown = (e) => e.checkVisibility() && e.textContent.trim();
          const text = 'main h1, main h2, main h3, .lead p, .page-title p:not(.muted), .rows .name,' +
            '.text p, .text h2, .text h3, .places a, .links a, .card b, .btn, .task-body blockquote';
          const wrong = [...document.querySelectorAll(text)].filter(e => shown(e) && size(e) < 16);
          const tiny = [...document.querySelectorAll('body *')].filter(e => shown(e) && size(e) < 13);
          return [...wrong, ...tiny].map(e => e.outerHTML.slice(0, 120));
        }"""
    )
    assert small == []


def test_what_is_pressed_is_forty_four_pixels_high(shown: Page) -> None:
    page = shown
    low = page.evaluate(
        """() => {
          const pressed = '.brand, .elder, .entrances a, .btn, .filters a, .pages a, .card,' +
            '.places a, .links a, .foot li a, .head a, summary';
          return [...document.querySelectorAll(pressed)]
            .filter(e => e.checkVisibility() && getComputedStyle(e).pointerEvents !== 'none')
            .filter(e => e.getBoundingClientRect().height < 43.5)
            .map(e => `${e.getBoundingClientRect().height} ${e.outerHTML.slice(0, 120)}`);
        }"""
    )
    assert low == []


def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(desk: Page) -> None:
    page = desk
    page.reload()
    page.keyboard.press("Tab")
    first = page.evaluate(
        """() => { const e = document.activeElement, box = e.getBoundingClientRect();
                   return [e.textContent.trim(), box.left >= 0 && box.top >= 0]; }"""
    )
    assert first == ["跳到正文", True]
    focusable = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
                   .filter(e => e.checkVisibility()).length"""
    )
    unseen = []
    for _ in range(min(focusable - 1, 40)):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const e = document.activeElement;
              const ring = [e, e.closest('label') ?? e].map(x => getComputedStyle(x));
              const visible = ring.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);
              return visible ? '' : e.outerHTML.slice(0, 120);
            }"""
        )
        if seen:
            unseen.append(seen)
    assert unseen == []
    assert page.evaluate("document.activeElement !== document.body")


def test_the_skip_link_leads_to_the_text(visit: Visitor, demo_pages: Pages) -> None:
    page = visit.open(demo_pages["document"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_no_english_is_seen_or_read_aloud(desk: Page) -> None:
    page = desk
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    text = page.evaluate(
        """() => {
          const named = [...document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')];
          const words = ['aria-label', 'title', 'alt', 'placeholder'];
          return [document.title, document.body.innerText,
                  ...named.flatMap(e => words.map(w => e.getAttribute(w) ?? ''))].join('\\n');
        }"""
    )
    # 信用代码、索引号和摘要里数字字母相间，附件的名字带着后缀，都不是词
    plain = re.sub(r"[A-Za-z]*\d\w*|\.[a-z]{3,4}\b", " ", text)
    words = set(re.findall(r"[A-Za-z]{2,}", plain))
    assert words - ABBREVIATIONS == set()


def test_a_document_shows_its_fields_its_text_and_what_verifies_it(
    visit: Visitor, demo_pages: Pages
) -> None:
    page = visit.open(demo_pages["document"])
    terms = page.locator(".fields dt").all_inner_texts()
    values = dict(zip(terms, page.locator(".fields dd").all_inner_texts(), strict=True))
    assert set(FIELDS) <= set(terms)
    assert values["文件编号"] == "临州办发〔2020〕81号"
    assert values["公开方式"] == "主动公开" and values["有效性"] == "有效"
    assert re.fullmatch(r"[0-9A-Z]{18}/2020-\d{5}", values["索引号"])
    assert "推进权责清单公开" in page.locator(".text").inner_text()
    assert page.locator(".toc li").count() >= 4
    with page.expect_response("**/verify/**") as answered:
        page.evaluate("() => fetch(document.querySelector('.ending a[download]').href)")
    assert answered.value.ok


def test_on_a_phone_the_fields_are_folded_and_one_tap_opens_them(
    visit: Visitor, demo_pages: Pages
) -> None:
    page = visit.open(demo_pages["document"], width=360, has_touch=True)
    way = page.locator(".fields dt", has_text="公开方式")
    assert not way.is_visible()
    page.get_by_text("索引号、文号等字段").tap()
    assert way.is_visible()
    page.locator(".toc summary").tap()
    third = page.locator(".toc a").nth(2)
    third.tap()
    heading = page.locator(str(third.get_attribute("href"))).bounding_box()
    assert heading is not None and 0 <= heading["y"] < 900


@pytest.mark.parametrize("scripted", [True, False])
def test_the_plan_shows_forty_three_rows_and_each_opens_to_its_text(
    visit: Visitor, demo_pages: Pages, scripted: bool
) -> None:
    page = visit.open(demo_pages["tasks"], width=360, java_script_enabled=scripted)
    assert page.locator("details.task").count() == 43
    assert page.locator(".part > h2").count() == 8, "七个部分和保障措施"
    third = page.locator("details.task").nth(2)
    assert not third.locator("blockquote").is_visible()
    third.locator("summary").click()
    assert third.locator("blockquote").is_visible()
    assert "2020年10月底前" in third.locator("blockquote").inner_text()
    assert third.locator(".units a", has_text="永靖县政府").is_visible()


def test_a_unit_is_two_taps_away_from_what_it_owes(visit: Visitor, demo_pages: Pages) -> None:
    page = visit.open(demo_pages["home"], width=360, java_script_enabled=False)
    page.get_by_role("link", name="逐项看").click()
    page.get_by_text("按单位看").click()
    page.locator(".by-unit").get_by_role("link", name=re.compile("^州教育局")).click()
    assert page.url.endswith("/organisations/linxia-education/#shares")
    assert page.locator(".owed tbody tr").count() > 10
    page.locator(".owed a").first.click()
    assert re.search(r"/task_ledger/.*#t1-\d+$", page.url)


def test_the_working_days_left_are_counted_in_the_visitors_own_browser_and_move_nothing(
    visit: Visitor, demo_pages: Pages
) -> None:
    calendar = packaged_calendar("linxia")
    page = visit.open(demo_pages["tasks"], width=360)
    height = "document.documentElement.scrollHeight"
    for today in (date(2020, 9, 25), date(2020, 10, 20), date(2020, 12, 30)):
        page.clock.set_fixed_time(f"{today}T00:10:00+08:00")
        page.reload()
        expect(page.locator(f".left[data-due='{LAST_DUE}']").first).not_to_be_empty()
        told = page.locator(".left").evaluate_all(
            "all => all.map(e => [e.dataset.due, e.textContent])"
        )
        for due_on, words in told:
            due = date.fromisoformat(due_on)
            left = calendar.between(today, due) if due > today else 0
            assert words == (f"还有约 {left} 个工作日" if left else "")
    filled = page.evaluate(height)
    page.route("**/workdays.json", lambda route: route.fulfill(json={}))
    with page.expect_response("**/workdays.json"):
        page.reload()
    page.wait_for_load_state("networkidle")
    assert "".join(page.locator(".left").all_inner_texts()) == "", "没有录入的年份不说"
    assert page.evaluate(height) == filled


def test_a_link_to_one_task_opens_it(visit: Visitor, demo_pages: Pages) -> None:
    page = visit.open(demo_pages["tasks"] + "#t1-3")
    assert page.locator("#t1-3 blockquote").is_visible()


SHIFTED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(l => l.getEntries().forEach(e => { sum += e.value }))
    .observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(sum), 100));
})"""


HALF_A_ROW = 0.001
"""机器忙时浏览器读到一行中间就画，那一个键后半截才到，动了千分之一以内；字号、图、提示条后到都在百分之一以上。"""


def test_nothing_shifts_while_the_page_loads(shown: Page) -> None:
    page = shown
    page.evaluate("localStorage.setItem('elder', '1')")
    for _ in range(2):
        page.reload()
        assert page.evaluate(SHIFTED) < HALF_A_ROW
        page.evaluate("localStorage.clear()")


def test_nothing_shifts_where_the_page_comes_in_pieces(
    chromium: Browser, demo_tree: Path, demo_pages: Pages
) -> None:
    whole = SiteServer(demo_tree)

    def in_pieces(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        lines = b"".join(whole(environ, start_response)).splitlines(keepends=True)
        for first in range(0, len(lines), 5):
            yield b"".join(lines[first : first + 5])
            time.sleep(0.01)

    with make_server(
        "127.0.0.1", 0, in_pieces, server_class=Threading, handler_class=Quiet
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        visitor = Visitor(chromium, f"http://127.0.0.1:{server.server_port}")
        for name, width in (("column", 360), ("county-column", 360), ("column", 768)):
            page = visitor.open(demo_pages[name], width=width)
            page.evaluate("localStorage.setItem('elder', '1')")
            page.reload()
            assert page.evaluate(SHIFTED) < HALF_A_ROW, (name, width)
        visitor.close()
        server.shutdown()


CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility()) continue;
    const [a, b] = [parse(getComputedStyle(e).color), ground(e)].map(light).sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${walk.currentNode.data.trim().slice(0, 30)}`);
  }
  return low;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(desk: Page, scheme: str) -> None:
    page = desk
    page.emulate_media(color_scheme=scheme)
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (dark == "rgb(21, 24, 28)") is (scheme == "dark")
    assert page.evaluate(CONTRAST) == []
    page.locator("#elder").check()
    assert page.evaluate(CONTRAST) == []
    page.locator("#elder").uncheck()


def test_large_type_works_without_scripts_and_is_remembered_with_them(
    visit: Visitor, demo_pages: Pages
) -> None:
    size = "document.documentElement && getComputedStyle(document.documentElement).fontSize"
    plain = visit.open("/", java_script_enabled=False)
    before = plain.locator("h1").bounding_box()
    plain.get_by_label("大字").check()
    after = plain.locator("h1").bounding_box()
    assert before and after and after["height"] > before["height"] * 1.15
    page = visit.open("/")
    page.get_by_label("大字").check()
    page.goto(visit.address + demo_pages["tasks"])
    assert page.get_by_label("大字").is_checked() and page.evaluate(size) == "22px"
    page.get_by_label("大字").uncheck()
    page.goto(visit.address + "/")
    assert not page.get_by_label("大字").is_checked() and page.evaluate(size) == "17px"


@pytest.fixture
def printed(visit: Visitor, demo_pages: Pages, tmp_path: Path) -> Callable[[str], list[str]]:
    """一页打印出来，一张一张纸上的文字，空白不计。"""

    def text_of(name: str) -> list[str]:
        page = visit.open(demo_pages[name])
        path = tmp_path / f"{name}.pdf"
        page.pdf(path=path, prefer_css_page_size=True)
        with pypdfium2.PdfDocument(path) as document:
            sheets = [sheet.get_textpage().get_text_range() for sheet in document]
        return ["".join(sheet.split()) for sheet in sheets]

    return text_of


def test_a_printed_document_is_the_document_and_nothing_of_the_frame(
    printed: Callable[[str], list[str]], demo_pages: Pages
) -> None:
    sheets = printed("document")
    text = "".join(sheets)
    assert all(field in text for field in FIELDS)
    assert "推进权责清单公开" in text and "11月底前" in text and "sha256" in text
    for frame in ("跳到正文", "大字", "通知公告", "网站地图", "打印", "朗读"):
        assert frame not in text
    assert text.count("一、指导思想") == 1, "纸上不要页面目录"
    assert f"本页地址：https://www.linxia.gov.cn{demo_pages['document']}，印于" in sheets[-1]
    assert [f"—{number}—" in sheet for number, sheet in enumerate(sheets, 1)] == [True] * len(
        sheets
    )


def test_printed_tasks_are_all_unfolded_and_follow_one_another(
    printed: Callable[[str], list[str]],
) -> None:
    sheets = printed("tasks")
    assert len(sheets) < 43, "不是一项占一张纸"
    text = "".join(sheets)
    assert text.count("份已收口") >= 43
    assert "州县市政府部门要对照法律法规规章" in text and "按单位看" not in text


LONELY = """() => [...document.querySelectorAll('.phrase, main h1, main h2, main h3')]
  .filter(e => e.checkVisibility()).flatMap(e => {
    const lines = new Map();
    const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      for (let i = 0; i < node.length; i++) {
        if (!node.data[i].trim()) continue;
        const range = document.createRange();
        range.setStart(node, i); range.setEnd(node, i + 1);
        const top = Math.round(range.getBoundingClientRect().top);
        lines.set(top, (lines.get(top) ?? '') + node.data[i]);
      }
    }
    const last = [...lines.values()].at(-1) ?? '';
    return lines.size > 1 && last.length < 3 ? [e.textContent.trim()] : [];
  })"""
"""末行只剩一两个字的题名和小标题。"""


def test_no_title_leaves_one_or_two_characters_alone_on_its_last_line(shown: Page) -> None:
    assert shown.evaluate(LONELY) == []


@pytest.mark.parametrize("name", ["home", "column-fixed", "document", "tasks", "county-home"])
def test_on_phones_of_any_width_titles_end_well_and_nothing_is_cut_off(
    visit: Visitor, demo_pages: Pages, name: str
) -> None:
    page = visit.open(demo_pages[name], width=320)
    for width in range(320, 431, 10):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(LONELY) == [], width
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) <= 0, width


def test_punctuation_is_squeezed_and_figures_line_up(visit: Visitor, demo_pages: Pages) -> None:
    page = visit.open(demo_pages["document"], width=360)
    squeezed, apart, ones, eights = page.evaluate(
        """() => [['.text p', '）。'], ['.text p', '字。'], ['.fields dd', '1111'], ['.fields dd', '8888']]
          .map(([where, words]) => {
            document.querySelectorAll('details').forEach(e => { e.open = true });
            const span = document.createElement('span');
            span.textContent = words;
            document.querySelector(where).append(span);
            const width = span.getBoundingClientRect().width;
            span.remove();
            return width;
          })"""
    )
    assert squeezed < apart * 0.8, "相连的两个标点只占一个半字"
    assert ones == eights, "数字一样宽，上下对得齐"


def test_a_withdrawn_page_says_so_and_an_unknown_one_leads_on(
    visit: Visitor, demo_pages: Pages
) -> None:
    page = visit.open(demo_pages["withdrawn"])
    assert page.locator("h1").inner_text() == "此信息已撤回"
    assert "与另一份演示通告内容重复" in page.locator("main").inner_text()
    page.goto(visit.address + demo_pages["not-found"])
    page.locator("main").get_by_role("link", name="网站地图").click()
    assert page.url.endswith("/map/")


def test_the_browser_reads_the_page_as_it_was_written(desk: Page) -> None:
    """浏览器修补过的页面（少了 tbody、段落里套了块）元素的次序会不同。"""
    html = desk.request.get(desk.url).text()
    source = _Names()
    source.feed(html)
    # 只让浏览器读，不让脚本添
    read = desk.evaluate(
        "html => [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('*')]"
        ".map(each => each.localName)",
        html,
    )
    assert read == source.names


def test_on_a_phone_the_name_and_the_large_type_switch_share_one_line(
    visit: Visitor, demo_pages: Pages
) -> None:
    page = visit.open(demo_pages["home"], width=360)
    brand, switch = (page.locator(each).bounding_box() for each in (".brand", ".elder"))
    assert brand and switch
    assert (
        switch["y"] < brand["y"] + brand["height"] and switch["x"] > brand["x"] + brand["width"] / 2
    )


def test_an_article_numbers_its_lists_and_fits_its_pictures(
    visit: Visitor, demo_pages: Pages
) -> None:
    page = visit.open(demo_pages["article"], width=360)
    style = "element => getComputedStyle(element).listStyleType"
    assert page.locator(".text ol").first.evaluate(style) == "decimal"
    picture, text = (page.locator(s).first.bounding_box() for s in (".text img", ".text"))
    assert picture and text and picture["width"] <= text["width"]


def test_what_is_told_to_programs_is_data_that_the_policy_lets_through(
    visit: Visitor, demo_pages: Pages
) -> None:
    """内容安全策略只许本站的脚本文件；数据块不执行，控制台里没有一句抱怨。"""
    page = visit.open(demo_pages["document"])
    block = page.locator('script[type="application/ld+json"]').text_content() or ""
    article = json.loads(block)["@graph"][0]
    assert article["headline"] == page.locator("h1").inner_text()
    assert visit.troubles == []
