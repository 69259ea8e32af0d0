"""附件里的身份证号出不去：标出来，拦住，一键遮盖，再送审。"""

import io
from collections.abc import Callable

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.foundation.screening.test_rules import MADE_UP
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.sources.documents.services import attach_uploads

pytestmark = pytest.mark.browser


def test_an_identity_number_in_a_word_attachment_must_not_get_out(
    live: Visitor, sign_in: Callable[..., Page], town: Town
) -> None:
    word = Document()
    word.add_paragraph(f"领取人 {MADE_UP}")
    stream = io.BytesIO()
    word.save(stream)
    document = town.document()
    attach_uploads(document, [("名单.docx", stream.getvalue())], actor=town.drafter)
    user = User.objects.get(pk=town.drafter.user_id)
    page = sign_in(user, f"/workbench/documents/{document.pk}/", width=360)
    expect(page.get_by_text("附件“名单.docx”第 1 段疑有身份证号").first).to_be_visible()
    expect(page.get_by_role("button", name="送审")).to_be_disabled()
    assert MADE_UP not in page.content()
    page.get_by_role("link", name="逐处看").click()
    expect(page.get_by_role("heading", name="逐处看")).to_be_visible()
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    page.get_by_role("button", name="一键遮盖个人信息（1 处）").click()
    expect(page.get_by_text("已遮盖附件 1 个")).to_be_visible()
    page.goto(f"{live.address}/workbench/documents/{document.pk}/")
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_text("已送审。")).to_be_visible()
