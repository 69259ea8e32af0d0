"""一个人离岗，在真的浏览器里：停用、列清单、代签、接收人签收；手机上也办得成。"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.staff import enrolled
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.selectors import keeper_of

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]


def user(who: Actor) -> User:
    return User.objects.get(pk=who.user_id)


def test_a_leaver_is_stopped_and_his_things_are_signed_over(
    live: Visitor, sign_in: Opens, town: Town
) -> None:
    document = town.document()
    admin = actor("organisation_admin", town.organisation, username="guan.li")
    receiver = actor("drafter", town.organisation, username="jie.shou")
    for who in (admin, receiver):
        enrolled(who)
    leaver = enrolled(town.drafter)

    page = sign_in(user(admin), "/workbench/people/", width=360)
    page.get_by_role("link", name=leaver.user.display_name).click()
    expect(page.get_by_text("公文 1 件")).to_be_visible()
    page.get_by_role("link", name="停用").click()
    expect(page.get_by_text("所有会话当场结束")).to_be_visible()
    page.get_by_label("理由").fill("调离")
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_text("已停用。")).to_be_visible()
    _is_sound(page)

    page.get_by_role("link", name="列交接清单").click()
    page.get_by_label("接收人").select_option(label="测试jie.shou（jie.shou）")
    _is_sound(page)
    page.get_by_role("button", name="列清单").click()
    expect(page.get_by_role("cell", name="第1号工作方案")).to_be_visible()
    page.get_by_role("link", name="代移交人签字").click()
    page.get_by_label("理由").fill("本人已经调离，不能到场")
    page.get_by_role("button", name="代移交人签字").click()
    expect(page.locator(".steps .now")).to_have_text("待接收人签收")
    _is_sound(page)

    page = sign_in(user(receiver), "/workbench/")
    page.get_by_role("link", name=re.compile("签收：")).click()
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_text("已签收。")).to_be_visible()
    assert keeper_of(document) == user(receiver)
    page.goto(f"{live.address}/workbench/documents/{document.pk}/")
    expect(page.get_by_text("交接单第")).to_be_visible()


def _is_sound(page: Page) -> None:
    """不横着滚，没有英文（用户名除外）。"""
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    ), page.url
    text = page.locator("main").inner_text()
    names = r"guan\.li|jie\.shou|[a-z]+-test-prefecture|[0-9a-f]{16,}"
    assert re.findall(r"[A-Za-z]{2,}", re.sub(names, "", text)) == [], page.url
