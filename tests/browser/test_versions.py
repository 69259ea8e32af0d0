"""各版对照和打印，在真的浏览器里：宽屏左右摆着，手机上下叠着；恢复一版；印出来是 A4 纸。"""

from collections.abc import Callable

import pypdfium2
import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.workbench.models import RecordVersion
from yangguang.foundation.workbench.versions import keeping
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]
A4 = (595, 842)


@pytest.fixture
def document(town: Town) -> OfficialDocument:
    """改过两次的一份公文：第二次改了正文的一个词，删了一段，加了一段。"""
    made = town.document()
    texts = [f"第{n}段，请认真贯彻执行。" for n in range(1, 16)]
    changed = ["新加的一段。", *texts[:8], "第9段，请切实贯彻执行。", *texts[9:14]]
    for paragraphs in (texts, changed):
        body = [{"type": "paragraph", "style": "plain", "text": text} for text in paragraphs]
        with transaction.atomic(), keeping(made, actor=town.drafter):
            edit(made, {"body": body}, actor=town.drafter)
    return made


@pytest.fixture
def drafter(town: Town) -> User:
    return User.objects.get(pk=town.drafter.user_id)


def is_beside(page: Page) -> bool:
    """改了的那一段，两边是不是左右摆着。"""
    row = (
        page.locator(".comparison tr:not(.same)", has_text="贯彻执行").locator("visible=true").first
    )
    boxes = [cell.bounding_box() for cell in row.locator("td").all()]
    assert boxes[0] and boxes[1]
    return boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_two_versions_stand_side_by_side_and_on_a_phone_one_above_the_other(
    live: Visitor, sign_in: Opens, document: OfficialDocument, drafter: User, width: int
) -> None:
    page = sign_in(drafter, f"/workbench/documents/{document.pk}/versions/", width=width)
    expect(page.get_by_role("heading", name="第 2 版与第 3 版")).to_be_visible()
    assert page.get_by_text("认真", exact=True).is_visible()
    assert page.locator("ins", has_text="切实").is_visible()
    assert page.locator("ins", has_text="新加的一段").is_visible()
    assert page.locator("del", has_text="第15段").is_visible()
    assert is_beside(page) == (width > 860)
    assert not page.get_by_text("第4段").first.is_visible()
    page.get_by_text("没有变的 6 段").click()
    assert page.get_by_text("第4段").first.is_visible()
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    page.get_by_label("第 1 版放左边").check()
    page.get_by_role("button", name="对照").click()
    expect(page.get_by_role("heading", name="第 1 版与第 3 版")).to_be_visible()


def test_an_older_version_is_put_back_by_hand_without_scripts(
    live: Visitor, sign_in: Opens, document: OfficialDocument, drafter: User
) -> None:
    page = sign_in(
        drafter, f"/workbench/documents/{document.pk}/", java_script_enabled=False, width=360
    )
    page.get_by_role("link", name="存过的各版、对照").click()
    page.get_by_role("link", name="把第 1 版填进修改表").click()
    expect(page.get_by_text("表里填的是第 1 版")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert "现将《第1号工作方案》印发给你们" in str(OfficialDocument.objects.get().body)
    assert [each.number for each in RecordVersion.objects.all()] == [1, 2, 3, 4]


def test_a_record_is_printed_on_a4_paper_without_the_buttons(
    live: Visitor, sign_in: Opens, document: OfficialDocument, drafter: User
) -> None:
    page = sign_in(drafter, f"/workbench/documents/{document.pk}/")
    page.get_by_role("link", name="打印", exact=True).click()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    sheets = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert {tuple(map(round, sheet.get_size())) for sheet in sheets} == {A4}
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)
    for words in (
        "测州办发〔2020〕1号",
        "第9段，请切实贯彻执行。",
        "新建",
        "起草",
        "打印。工作台的办理记录",
    ):
        assert words in text, words
    assert "返回" not in text
