"""规范性文件的一生，在真的浏览器里。

州里有一份办法。信息员登记、审核人审、签发人编号，公布上网。后来两份决定先后修改它，又有一份决定废止它。
公众打开它的页面，哪一天该用哪一个文本，各列一行；工作台上填日期，得到那一天的文本；库里它从现行有效的
一页到了不再有效的一页。
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.sources.norms.conftest import changing
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.sealing import seal_all
from yangguang.hub.publications.selectors import path_of
from yangguang.outlets.website.projector import catch_up
from yangguang.sources.norms.models import Norm
from yangguang.sources.norms.selectors import publication_of
from yangguang.sources.norms.services import bring_up

pytestmark = pytest.mark.browser
LIST = "/workbench/norms/"
Opens = Callable[..., Page]


@pytest.fixture(autouse=True)
def own_tree(settings: Any, tmp_path: Path) -> None:
    """这个测试自己的静态树。"""
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"


def user(who: Actor) -> User:
    return User.objects.get(pk=who.user_id)


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_norm_is_entered_amended_twice_and_repealed_and_each_day_has_its_text(
    live: Visitor, sign_in: Opens, town: Town
) -> None:
    page = sign_in(user(town.drafter), f"{LIST}new/", width=768)
    page.get_by_label("标题").fill("测试州公园管理办法")
    page.get_by_label("制定机关").fill("测试州人民政府")
    page.get_by_label("公布日期").fill("2020-05-20")
    page.get_by_label("施行日期").fill("2020-06-03")
    page.get_by_label("正文").fill("第一条　公园早上八点开门。\n第二条　公园禁止烟火。")
    page.get_by_label("五公开类别").select_option(label="决策公开")
    page.get_by_label("政策文件").check()
    press(page, "保存")
    expect(page.get_by_role("heading", level=1)).to_have_text("测试州公园管理办法")
    expect(page.get_by_text("没有定失效日期。有效期一般到 2025-06-03 为止")).to_be_visible()
    page.get_by_role("link", name="修改", exact=True).click()
    page.get_by_label("有效期的说明").fill("长期管理的需要，经州政府同意。")
    press(page, "保存")
    press(page, "送审")
    norm = Norm.objects.get()
    record = f"{LIST}{norm.pk}/"
    press(sign_in(user(town.reviewer), record), "审核通过")
    press(sign_in(user(town.approver), record), "登记编号")
    bring_up(norm)
    page.goto(live.address + record)
    press(page, "公布")
    expect(page.get_by_text("已公布。")).to_be_visible()
    norm.refresh_from_db()

    second = "第二条　公园禁止烟火。"
    changing(town, "amends", norm, date(2021, 3, 1), "关于修改《测试州公园管理办法》的决定",
             ["第一条　公园早上七点开门。", second])  # fmt: skip
    changing(town, "amends", norm, date(2023, 7, 1), "关于再次修改《测试州公园管理办法》的决定",
             ["第一条　公园全天开放。", second])  # fmt: skip
    changing(town, "repeals", norm, date(2024, 5, 1), "关于废止《测试州公园管理办法》的决定")

    told = {
        "2020-06-02": "没有该用的文本",
        "2020-06-03": "早上八点开门",
        "2021-02-28": "早上八点开门",
        "2021-03-01": "早上七点开门",
        "2023-06-30": "早上七点开门",
        "2023-07-01": "全天开放",
        "2024-04-30": "全天开放",
        "2024-05-01": "没有该用的文本",
    }
    page.goto(live.address + record)
    for day, words in told.items():
        page.get_by_label("哪一天的文本").fill(day)
        press(page, "看")
        expect(page.locator("#text")).to_contain_text(words)
    assert fits(page)

    seal_all()
    catch_up()
    public = live.open(path_of(publication_of(norm)), width=360)
    expect(public.locator(".doc-state")).to_contain_text("2024年5月1日 起废止")
    expect(public.locator(".standing .related li")).to_have_count(3)
    lines = public.locator(".texts summary")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("2023-07-01 至 2024-04-30")
    expect(lines.nth(1)).to_contain_text("2021-03-01 至 2023-06-30")
    expect(lines.nth(2)).to_contain_text("2020-06-03 至 2021-02-28")
    lines.nth(1).click()
    middle = public.locator(".texts details").nth(1)
    expect(middle.locator("del")).to_have_text("八")
    expect(middle.locator("ins")).to_have_text("七")
    assert fits(public)
    assert public.locator("h1").count() == 1
    public.goto(live.address + "/norms/past/")
    past = public.get_by_role("link", name="测试州公园管理办法", exact=True)
    expect(past).to_be_visible()
    assert fits(public)
    with public.expect_download() as held:
        public.locator(".shelf > li", has=past).get_by_role("link", name="文字版").click()
    assert held.value.suggested_filename == "测试州公园管理办法.docx"
    public.goto(live.address + "/norms/")
    expect(public.locator(".shelf .name").first).to_be_visible()
    assert "测试州公园管理办法" not in public.locator(".shelf .name").all_inner_texts()
