"""写到一半登录过期：写的存下，在新窗口登录，回来接着写，一个字不少。"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.sources.articles.models import Article

pytestmark = pytest.mark.browser
PASSWORD = "Sunshine-2020"


def test_a_session_that_ends_while_typing_loses_nothing_and_goes_on_after_signing_in(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    drafter = User.objects.get(pk=town.drafter.user_id)
    drafter.set_password(PASSWORD)
    drafter.save()
    page = sign_in(drafter, "/workbench/articles/new/")
    page.get_by_label("标题").fill("州政府召开常务会议")
    expect(page.locator("[data-draft-state]")).to_contain_text("已存草稿")

    page.context.clear_cookies()
    surface = page.get_by_role("textbox", name="正文")
    surface.click()
    page.keyboard.type("会议研究了防汛工作。")
    state = page.locator("[data-draft-state]")
    expect(state).to_contain_text("登录已经过期。写的已经存下。", timeout=15_000)
    with page.context.expect_page() as opened:
        state.get_by_role("link", name="在新窗口登录").click()
    door = opened.value
    door.get_by_label("用户名").fill(drafter.username)
    door.get_by_label("口令").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    expect(door.get_by_label("标题")).to_have_value("州政府召开常务会议")
    expect(door.get_by_role("textbox", name="正文")).to_contain_text("会议研究了防汛工作。")
    door.close()

    page.bring_to_front()
    surface.click()
    page.keyboard.press("End")
    page.keyboard.type("会议要求落实责任。")
    expect(state).to_contain_text("已存草稿", timeout=15_000)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("州政府召开常务会议")
    (block,) = Article.objects.get().body
    assert block["text"] == "会议研究了防汛工作。会议要求落实责任。"
    live.troubles[:] = [trouble for trouble in live.troubles if "403" not in trouble]
