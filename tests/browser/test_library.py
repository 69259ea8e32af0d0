"""从资料库选，在真的浏览器里：原处展开，找到、传上、选定，手机上不横着滚。"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.foundation.library.conftest import drawn, put_in
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import open_folder

pytestmark = pytest.mark.browser


def test_one_is_found_or_uploaded_and_chosen_without_leaving_the_form(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    folder = open_folder("2020年防汛抗旱工作", parent=None, actor=town.drafter)
    for name in ("汛情", "灾情"):
        put_in(town, f"{name}.jpg", folder=folder)
    drafter = User.objects.get(pk=town.drafter.user_id)
    address = f"/workbench/documents/{town.document().pk}/attachments/"
    page = sign_in(drafter, address, width=360)
    page.get_by_role("button", name="从资料库选资料").click()
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    box.fill("灾情")
    page.keyboard.press("Enter")
    expect(page.locator(".library-panel .choice")).to_have_count(1)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    page.locator(".library-panel .choice").click()
    expect(page.locator(".chosen")).to_contain_text("灾情")
    page.get_by_role("button", name="换一份").click()
    page.get_by_text("上传新的").click()
    page.locator("[name=library-file]").set_input_files(
        {"name": "新.jpg", "mimeType": "image/jpeg", "buffer": drawn("blue")}
    )
    page.get_by_role("button", name="上传并选用").click()
    expect(page.get_by_role("alert")).to_contain_text("替代文字")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("替代文字").fill("一面蓝墙")
    page.locator("[name=library-file]").set_input_files(
        {"name": "新.jpg", "mimeType": "image/jpeg", "buffer": drawn("blue")}
    )
    page.get_by_role("button", name="上传并选用").click()
    expect(page.locator(".chosen")).to_contain_text("一面蓝墙")
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已加 1 个附件。")).to_be_visible()
    assert LibraryItem.objects.count() == 3
