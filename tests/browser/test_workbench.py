"""工作台在真的浏览器里：登录、收文、核对、送审，键盘走得通，没有脚本也办得成。"""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.access.disclosures import begun
from tests.browser.conftest import Visitor
from tests.browser.test_axe import AXE, BY_LOOK, examine
from tests.english import ABBREVIATIONS
from tests.foundation.library.conftest import put_in
from tests.sources.articles.conftest import written
from tests.sources.funds.conftest import asked, opened
from tests.sources.norms.conftest import written as entered
from tests.town import TEXT, Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.workbench.versions import keeping
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import edit

pytestmark = pytest.mark.browser
PASSWORD = "Sunshine-2020"
Opens = Callable[..., Page]


@pytest.fixture
def drafter(live: Visitor, town: Town) -> User:
    user = User.objects.get(pk=town.drafter.user_id)
    user.set_password(PASSWORD)
    user.save()
    return user


def pages(town: Town) -> list[str]:
    document = town.document()
    with transaction.atomic(), keeping(document, actor=town.drafter):
        edit(document, {"subject": "2"}, actor=town.drafter)
    number = document.pk
    record = f"/workbench/documents/{number}/"
    item = f"/workbench/library/{put_in(town).pk}/"
    article = f"/workbench/articles/{written(town).pk}/"
    norm = f"/workbench/norms/{entered(town).pk}/"
    fund = f"/workbench/funds/{opened(town).pk}/"
    batch = f"/workbench/disclosures/{begun(town).pk}/"
    receipt = f"/workbench/receipts/{asked(town).pk}/"
    return [
        "/workbench/receipts/", receipt, f"{receipt}report/",
        "/workbench/funds/", "/workbench/funds/new/", fund, f"{fund}edit/", f"{fund}print/", f"{fund}ask/",
        "/workbench/interpretations/", "/workbench/interpretations/new/",
        "/workbench/interpretations/owed/",
        "/workbench/ledger/", "/workbench/ledger/new/", "/workbench/ledger-imports/",
        "/workbench/ledger-imports/new/", "/workbench/ledger-inventory/",
        "/workbench/ledger-checks/", "/workbench/topic-supply/",
        "/workbench/gazette/", "/workbench/gazette/new/", "/workbench/gazette/past/", "/workbench/gazette-readers/",
        "/workbench/gazette-readers/new/", "/workbench/gazette-readers/proposal/",
        "/workbench/compilations/", "/workbench/compilations/new/",
        "/workbench/disclosures/", "/workbench/disclosures/new/", batch, f"{batch}supplement/",
        "/workbench/norms/", "/workbench/norms/new/", norm, f"{norm}edit/", f"{norm}relations/",
        "/workbench/upper-texts/", "/workbench/upper-texts/new/", "/workbench/clean-ups/",
        "/workbench/clean-ups/new/", "/workbench/inventories/", "/workbench/inventories/new/",
        "/workbench/contributions/", "/workbench/contributions/new/", "/workbench/calls/",
        "/workbench/calls/new/", "/workbench/articles/", "/workbench/articles/new/", article, f"{article}edit/",
        f"{article}attachments/",
        "/workbench/", "/workbench/identity/", "/workbench/documents/", "/workbench/documents/new/",
        record, f"{record}edit/", f"{record}attachments/", f"{record}do/submit/",
        f"{record}interpretation/",
        f"{record}versions/", f"{record}edit/?version=1", f"{record}print/",
        "/workbench/documents/999/", "/workbench/account/", "/workbench/account/password/",
        "/workbench/deputies/", "/workbench/deputies/new/",
        "/workbench/gates/", f"/workbench/gates/document/{number}/",
        "/workbench/library/", "/workbench/library/new/", item,
        f"{item}edit/", f"{item}replace/", "/workbench/library/folders/",
    ]  # fmt: skip


def test_a_drafter_signs_in_pastes_a_document_checks_it_and_submits(
    live: Visitor, drafter: User, town: Town
) -> None:
    page = live.open("/workbench/documents/new/", width=360)
    expect(page).to_have_title(re.compile("登录"))
    page.get_by_label("用户名").fill(drafter.username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("或者贴上全文").fill(TEXT.format(number=5))
    page.get_by_role("button", name="读取").click()
    expect(page.get_by_role("heading", name="对照原文核对")).to_be_visible()
    expect(page.get_by_label("发文字号")).to_have_value("测州办发〔2020〕5号")
    expect(page.get_by_role("radio", name="主动公开")).to_be_checked()
    page.get_by_label("五公开类别").select_option(label="执行公开")
    page.get_by_label("政策文件").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_text("已送审。")).to_be_visible()
    expect(page.locator(".steps .now")).to_have_text("审核")
    assert OfficialDocument.objects.get().state == "in_review"


def test_everything_works_without_scripts(live: Visitor, drafter: User, town: Town) -> None:
    document = town.document()
    page = live.open(f"/workbench/documents/{document.pk}/", java_script_enabled=False)
    page.get_by_label("用户名").fill(drafter.username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_text("已送审。")).to_be_visible()
    page.get_by_role("link", name="公文", exact=True).first.click()
    page.get_by_label("状态").select_option(label="审核")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共 1 条")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_scrolls_sideways_and_what_is_pressed_is_large_enough(
    live: Visitor, sign_in: Opens, drafter: User, town: Town, width: int
) -> None:
    addresses = pages(town)
    page = sign_in(drafter, addresses[0], width=width)
    for address in addresses:
        page.goto(live.address + address)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
        low = page.evaluate(
            """() => [...document.querySelectorAll('.btn, .side nav a, select, input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
              .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
              .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert low == [], address
        tight = page.evaluate(
            """() => [...document.querySelectorAll('main .btn')]
              .filter(e => e.checkVisibility() && parseFloat(getComputedStyle(e).paddingLeft) < 8)
              .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert tight == [], f"{address}：字贴着按钮的边"


def test_no_english_is_shown(live: Visitor, sign_in: Opens, drafter: User, town: Town) -> None:
    addresses = pages(town)
    page = sign_in(drafter, addresses[0])
    for address in addresses:
        page.goto(live.address + address)
        text = (
            page.locator("body")
            .inner_text()
            .replace(drafter.display_name, "")
            .replace(drafter.username, "")
        )
        assert set(re.findall(r"[A-Za-z]{2,}", text)) <= ABBREVIATIONS, address


def test_the_keyboard_finds_moves_and_opens(
    live: Visitor, sign_in: Opens, drafter: User, town: Town
) -> None:
    for number in range(1, 4):
        town.document(number)
    page = sign_in(drafter, "/workbench/documents/")
    page.keyboard.press("/")
    expect(page.get_by_label("查找")).to_be_focused()
    page.keyboard.type("第2号")
    page.keyboard.press("Enter")
    expect(page.get_by_text("符合条件的 1 条")).to_be_visible()
    page.get_by_role("link", name="看全部").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="第3号工作方案")).to_be_visible()


def test_the_menu_of_a_phone_is_opened_and_put_away_again(sign_in: Opens, drafter: User) -> None:
    page = sign_in(drafter, "/workbench/", width=360)
    menu = page.get_by_role("navigation", name="工作台")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="菜单", exact=True).click()
    expect(menu).to_be_visible()
    page.get_by_role("button", name="收起菜单").click()
    expect(menu).to_be_hidden()
    expect(page.get_by_role("button", name="菜单", exact=True)).to_be_focused()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(menu).to_be_visible()
    expect(page.get_by_role("button", name="收起菜单")).to_be_hidden()


@pytest.mark.parametrize("role", ["drafter", "approver"])
def test_the_open_menu_of_a_phone_shuts_no_one_out(sign_in: Opens, town: Town, role: str) -> None:
    user = User.objects.get(pk=getattr(town, role).user_id)
    page = sign_in(user, "/workbench/", width=360, bypass_csp=True)
    page.get_by_role("button", name="菜单", exact=True).click()
    expect(page.get_by_role("navigation", name="工作台")).to_be_visible()
    page.evaluate(AXE)
    found = examine(page)
    page.emulate_media(color_scheme="dark")
    assert found + examine(page, *BY_LOOK) == []


def test_a_refusal_is_read_out_first_and_what_was_typed_is_still_there(
    live: Visitor, sign_in: Opens, drafter: User, town: Town
) -> None:
    document = town.document()
    page = sign_in(drafter, f"/workbench/documents/{document.pk}/edit/")
    page.get_by_label("标题").fill("")
    page.get_by_label("主题分类").select_option(label="综合政务")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#refusals")).to_be_focused()
    expect(page.locator("#refusals")).to_contain_text("标题")
    expect(page.get_by_label("主题分类")).to_have_value("2")
    live.troubles[:] = [trouble for trouble in live.troubles if "422" not in trouble]


def test_the_menu_says_how_many_wait_once_the_page_is_there(
    live: Visitor, sign_in: Opens, drafter: User, town: Town
) -> None:
    for number in range(1, 4):
        town.document(number)
    page = sign_in(drafter, "/workbench/documents/")
    menu = page.get_by_role("navigation", name="工作台")
    expect(menu.get_by_role("link", name="公文 3 件要办", exact=True)).to_be_visible()
    expect(menu.get_by_role("link", name="今天要办 3 件要办", exact=True)).to_be_visible()


def test_going_back_after_narrowing_shows_the_whole_page_and_keeps_nothing_in_the_browser(
    live: Visitor, sign_in: Opens, drafter: User, town: Town
) -> None:
    town.document()
    page = sign_in(drafter, "/workbench/documents/")
    page.get_by_label("状态").select_option(label="已发布")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="第1号工作方案")).to_be_visible()
    expect(page.get_by_role("navigation", name="工作台")).to_have_count(1)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "工作方案" not in kept
