"""消息中心，在真的浏览器里：手机上看得见几件没有看，只用键盘打开、标记；设置页手机上填得了。"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_axe import AXE, examine
from tests.browser.test_keyboard import walk
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.notify.models import Contact, Message
from yangguang.foundation.notify.verifying import code_of

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]


def user(who: Actor) -> User:
    return User.objects.get(pk=who.user_id)


def submitted(town: Town, *numbers: int) -> None:
    for number in numbers:
        perform(town.document(number), "submit", actor=town.drafter, key=f"submit-{number}")


def test_on_a_phone_and_by_the_keyboard_alone(sign_in: Opens, town: Town) -> None:
    submitted(town, 1, 2, 3)
    page = sign_in(user(town.reviewer), "/workbench/", width=360)
    expect(page.locator(".as-do .count")).to_have_text(re.compile("^3"))
    _is_sound(page)
    walk(page, href="^/workbench/messages/$")
    page.keyboard.press("Enter")
    expect(page.get_by_text("共 3 条")).to_be_visible()
    _is_sound(page)
    walk(page, href=r"^/workbench/messages/\d+/$")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/workbench/documents/\d+/$"))
    page.goto(page.url.partition("/workbench/")[0] + "/workbench/messages/")
    expect(page.get_by_text("符合条件的 2 条，共 3 条")).to_be_visible()
    page.get_by_label("看过没有").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    page.keyboard.press("Space")
    walk(page, name="^标作看过$")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("条标作看过"))).to_be_visible()
    assert Message.objects.filter(read_at__isnull=True).count() < 2


def test_the_settings_are_filled_on_a_phone(sign_in: Opens, town: Town) -> None:
    page = sign_in(user(town.reviewer), "/workbench/messages/settings/", width=360)
    _is_sound(page)
    page.get_by_label("邮箱地址").fill("shen.he@example.gov.cn")
    page.locator("form", has=page.get_by_label("邮箱地址")).get_by_role("button").click()
    expect(page.get_by_text("还没有核实")).to_be_visible()
    _is_sound(page)
    page.get_by_label("收到的验证码").fill(code_of(Contact.objects.get()))
    page.get_by_role("button", name="核实电子邮件").click()
    expect(page.get_by_text("核实好了")).to_be_visible()
    group = page.get_by_role("group", name="等我办的")
    group.get_by_label("电子邮件").select_option(label="并入每日提醒")
    page.get_by_label("从", exact=True).fill("20:30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("提醒设置已保存。")).to_be_visible()
    expect(group.get_by_label("电子邮件")).to_have_value("digest")
    expect(page.get_by_label("从", exact=True)).to_have_value("20:30")
    _is_sound(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_shut_no_one_out(sign_in: Opens, town: Town, scheme: Any) -> None:
    submitted(town, 1)
    for path in ("/workbench/messages/", "/workbench/messages/settings/"):
        page = sign_in(user(town.reviewer), path, width=360, color_scheme=scheme, bypass_csp=True)
        page.evaluate(AXE)
        assert examine(page) == [], path


def _is_sound(page: Page) -> None:
    """不横着滚，没有英文（地址、用户名除外）。"""
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), page.url
    text = page.locator("body").inner_text()
    names = r"\S+@\S+|[a-z]+-test-prefecture"
    assert re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text)) == [], page.url
