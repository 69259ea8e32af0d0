"""一期公报，从候选到居民手机里。

公报编辑编一期，从候选里选三份，移出一份、调了次序，排版，送签；签发人看过付印的 PDF，签发；编辑公布电子公报。
排版在作业里，排好了记录页自己更新。居民用手机打开这一期，点进一篇，回来下载 PDF：各篇的正文、校验码都在里面，
次序是编辑排的。
"""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.actors import actor
from tests.api import publish
from tests.browser.conftest import Visitor
from tests.browser.stories import comes, faults
from tests.outlets.gazette.test_gazette import article, begun, go, issue_of, paragraph
from tests.town import Town
from yangguang.foundation.jobs.worker import run_due
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import published_path
from yangguang.hub.search.indexer import catch_up as index
from yangguang.outlets.gazette.models import GazetteIssue
from yangguang.outlets.gazette.services import take_entry
from yangguang.outlets.gazette.typesetting import printed_text, typeset

pytestmark = pytest.mark.browser


OLD = issue_of(article(1, paragraph("古树名木不得移栽，违者追究责任。")))
"""往期的一期里印的。"""


def title(number: int) -> str:
    return f"测试州人民政府办公室关于印发第{number}号工作方案的通知"


def test_from_the_candidates_to_a_residents_phone(live: Visitor, town: Town) -> None:
    for number in (1, 2, 3):
        publish(town, number, title=title(number))
    codes = {each.title: each.current_version.digest for each in Publication.objects.all()}
    today = timezone.localdate()

    editor = comes(live, actor("gazette_editor", town.organisation), "马编辑")
    editor.goes_to("政府公报")
    editor.follows("编一期")
    editor.writes("公报名称", "测试州人民政府公报")
    editor.writes("准印证号", "甘N001")
    editor.writes("出版日期", today.isoformat())
    editor.ticks("政策文件")
    editor.presses("保存")
    editor.at(f"测试州人民政府公报{today.year}年第1期")
    editor.reads("还没有选入文件。")
    for number in (1, 2, 3):
        editor.presses(f"选入“办公室文件” ：《{title(number)}》")
        editor.reads(f"已选入《{title(number)}》。", f"篇目（{number} 篇）")
    editor.reads("没有可以选入的")
    editor.presses(f"移出 ：《{title(1)}》")
    editor.reads(f"已移出《{title(1)}》。")
    editor.presses(f"《{title(3)}》上移")
    expect(editor.page.locator(".layout .what b")).to_have_text([title(3), title(2)])
    editor.presses("排版")
    editor.reads("等待排版")
    run_due()
    editor.reads("已排好：")
    editor.presses("送签")
    editor.reads("已送签。", "已排好：")

    approver = comes(live, town.approver, "祁主任", width=768)
    approver.follows("测试州人民政府公报")
    approver.is_at_step("签发")
    approver.reads(title(3), "与资源库现行版本一致", "已排好")
    expect(approver.button(f"移出 ：《{title(2)}》")).to_have_count(0)
    approver.presses("签发付印")
    approver.reads("已签发付印。")

    editor.today()
    editor.follows("测试州人民政府公报")
    editor.presses("公布电子公报")
    editor.reads("已公布电子公报。")
    editor.sees_it_published()

    path = published_path(GazetteIssue.objects.get(), "gazette_issue")
    phone = live.open(path, width=360, has_touch=True)
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        f"测试州人民政府公报{today.year}年第1期"
    )
    assert faults(phone) == []
    expect(phone.get_by_role("main").locator(".related a")).to_have_text([title(3), title(2)])
    phone.get_by_role("link", name=title(2)).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text(title(2))
    expect(phone.get_by_role("main")).to_contain_text("现将《第2号工作方案》印发给你们")
    phone.go_back()

    text = read(phone, f"测试州人民政府公报{today.year}年第1期.pdf")
    for number in (2, 3):
        assert f"现将《第{number}号工作方案》印发给你们" in text
        assert codes[title(number)] in text
    assert text.index(codes[title(3)]) < text.index(codes[title(2)])
    assert codes[title(1)] not in text


def test_a_past_issue_from_its_pdf_to_a_residents_search(live: Visitor, town: Town) -> None:
    """编辑收入 1998 年的一期，列了目录；签、公布；居民在公报里检索到它，点一篇就是 PDF 的那一页。"""
    editor = comes(live, actor("gazette_editor", town.organisation), "马编辑")
    editor.goes_to("政府公报")
    editor.follows("收入往期")
    for label, text in (
        ("年份", "1998"), ("期号", "4"), ("总期号", "44"), ("出版日期", "1998-05-01"),
        ("目录", "关于保护古树的通知　3"),
    ):  # fmt: skip
        editor.writes(label, text)
    editor.ticks("政策文件")
    editor.picks("这一期的 PDF", "1998年第4期.pdf", typeset(OLD).content)
    editor.presses("收入")
    editor.at("测试州公报1998年第4期")
    editor.reads("关于保护古树的通知", "3 页")
    editor.presses("送签")
    approver = comes(live, town.approver, "祁主任", width=768)
    approver.follows("测试州公报")
    approver.presses("签发付印")
    editor.today()
    editor.follows("测试州公报")
    editor.presses("公布电子公报")
    editor.sees_it_published()
    index()

    phone = live.open("/gazette/", width=360, has_touch=True)
    assert faults(phone) == []
    phone.get_by_label("在公报里检索").fill("古树名木不得移栽")
    phone.get_by_role("button", name="检索", exact=True).tap()
    phone.get_by_role("link", name="测试州公报1998年第4期").tap()
    expect(phone.get_by_role("main")).to_contain_text("1998-05-01")
    address = phone.get_by_role("link", name="关于保护古树的通知").get_attribute("href")
    assert address is not None and address.endswith(".pdf#page=3")
    assert faults(phone) == []


def read(page: Page, name: str) -> str:
    """下载附件里的 PDF，读出版心里的文字。"""
    with page.expect_download() as begun:
        page.get_by_role("link", name=name).tap()
    assert begun.value.suggested_filename == name
    return re.sub(r"\s", "", printed_text(Path(begun.value.path()).read_bytes()))


# ---- 拖动排次序 ----


@pytest.fixture
def arranging(live: Visitor, town: Town) -> Page:
    """编一期，选了三份，都在“办公室文件”；打开它的记录页。"""
    issue = begun(town)
    for number in (1, 2, 3):
        publish(town, number, title=title(number))
        take_entry(issue, Publication.objects.get(title=title(number)), actor=town.drafter)
    editor = comes(live, town.drafter, "马编辑")
    editor.follows(str(issue))
    return editor.page


def row(page: Page, number: int) -> Locator:
    return page.locator("[data-row]", has=page.locator("b", has_text=title(number)))


def part(page: Page, name: str) -> Locator:
    return page.locator("[data-part]", has=page.get_by_role("heading", name=name, exact=True))


def order(page: Page, name: str = "办公室文件") -> list[int]:
    found = part(page, name).locator("[data-row] b").all_inner_texts()
    return [int(re.findall(r"\d+", each)[0]) for each in found]


def drags(page: Page, number: int, to: Locator, *, at: float = 0.1) -> None:
    """用鼠标按住把手，拖到 ``to`` 从上往下 ``at`` 的地方，放下。"""
    row(page, number).scroll_into_view_if_needed()
    row(page, number).locator(".grip").hover()
    page.mouse.down()
    x, y = middle(to, at)
    page.mouse.move(x, y, steps=8)
    expect(page.locator(".layout .mark")).to_be_visible()
    page.mouse.up()


def middle(of: Locator, at: float) -> tuple[float, float]:
    box = of.bounding_box()
    assert box is not None
    return box["x"] + 30, box["y"] + box["height"] * at


def test_a_row_is_dragged_before_another_to_the_end_and_into_an_empty_section(
    arranging: Page,
) -> None:
    page = arranging
    drags(page, 3, row(page, 1))
    expect(row(page, 3)).to_contain_text("已调整")
    assert order(page) == [3, 1, 2]
    drags(page, 3, row(page, 2), at=0.9)
    expect(row(page, 3)).to_contain_text("已调整")
    assert order(page) == [1, 2, 3]
    drags(page, 2, part(page, "上级文件选登"), at=0.9)
    expect(row(page, 2)).to_contain_text("已调整")
    drags(page, 1, part(page, "上级文件选登"), at=0.95)
    expect(row(page, 1)).to_contain_text("已调整")
    assert order(page) == [3] and order(page, "上级文件选登") == [2, 1]
    assert faults(page) == []
    page.reload()
    assert order(page) == [3] and order(page, "上级文件选登") == [2, 1]
    assert page.get_by_role("button", name=f"《{title(1)}》上移").is_enabled()


def test_what_could_not_be_sent_goes_back_and_says_so(arranging: Page, live: Visitor) -> None:
    page = arranging
    page.route("**/place/", lambda route: route.abort())
    drags(page, 3, row(page, 1))
    expect(page.get_by_role("alert")).to_have_text("没有连上，次序照旧。请再拖一次，或者用按钮调。")
    assert order(page) == [1, 2, 3]
    live.troubles.clear()
    page.unroute("**/place/")
    drags(page, 3, row(page, 1))
    expect(row(page, 3)).to_contain_text("已调整")
    assert order(page) == [3, 1, 2]


def test_what_the_server_refuses_is_shown_where_it_really_is(arranging: Page, town: Town) -> None:
    """拖的时候，别人已经送签了：次序照旧，说明缘由。"""
    page = arranging
    go(town, GazetteIssue.objects.get(), "submit")
    drags(page, 3, row(page, 1))
    expect(page.get_by_role("alert")).to_have_text("没有办成，次序照旧。请刷新这一页再看。")
    assert order(page) == [1, 2, 3]


def test_escape_gives_up_and_a_finger_drags_too(arranging: Page, live: Visitor) -> None:
    page = arranging
    row(page, 3).locator(".grip").hover()
    page.mouse.down()
    page.mouse.move(*middle(row(page, 1), 0.1), steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".mark, .dragged")).to_have_count(0)
    assert order(page) == [1, 2, 3]

    phone = live.open(
        page.url.removeprefix(live.address), width=360, has_touch=True,
        cookies=page.context.cookies(),
    )  # fmt: skip
    finger = phone.context.new_cdp_session(phone)
    row(phone, 3).scroll_into_view_if_needed()
    x, y = middle(row(phone, 3).locator(".grip"), 0.5)
    there = middle(row(phone, 2), 0.1)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    touch("touchStart", (x - 20, y))
    for step in range(1, 9):
        touch("touchMove", (x - 20, y + (there[1] - y) * step / 8))
    touch("touchEnd")
    expect(row(phone, 3)).to_contain_text("已调整")
    assert order(phone) == [1, 3, 2]
    assert faults(phone) == []
