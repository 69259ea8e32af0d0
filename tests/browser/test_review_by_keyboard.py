"""只用键盘审核和签发：从“今天要办”移到那一件，打开，看正文，退回一次，再审核通过、签发。"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_keyboard import walk
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]


def desk_of(sign_in: Opens, who: Actor) -> Page:
    return sign_in(User.objects.get(pk=who.user_id), "/workbench/")


def open_first(page: Page, title: str) -> None:
    """在“今天要办”里移到头一件，打开。"""
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="今天要办")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_a_document_is_returned_reviewed_and_signed_by_the_keyboard_alone(
    sign_in: Opens, town: Town
) -> None:
    document = town.document()
    perform(document, "submit", actor=town.drafter, key="first")
    reviewer = desk_of(sign_in, town.reviewer)

    open_first(reviewer, document.title)
    walk(reviewer, name="^退回$")
    reviewer.keyboard.press("Enter")
    expect(reviewer.get_by_role("heading", name=re.compile("^退回："))).to_be_visible()
    walk(reviewer, name="id_message", identity="id_message")
    reviewer.keyboard.type("第二段请写明依据。")
    walk(reviewer, name="^退回$")
    reviewer.keyboard.press("Enter")
    expect(reviewer.get_by_text("第二段请写明依据。")).to_be_visible()

    perform(document, "submit", actor=town.drafter, key="again")
    open_first(reviewer, document.title)
    walk(reviewer, name="^审核通过$")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator(".steps .now")).to_have_text("签发")

    approver = desk_of(sign_in, town.approver)
    open_first(approver, document.title)
    walk(approver, name="^签发$")
    approver.keyboard.press("Enter")
    expect(approver.locator(".steps .now")).to_have_text("已签发")
    document.refresh_from_db()
    assert document.state == "approved"
