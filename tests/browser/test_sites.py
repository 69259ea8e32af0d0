"""站点、栏目、代码表在真的浏览器里：没有英文，手机上不横着滚，按得准；关停的公告看得见。"""

import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.access.openings import GIVEN
from tests.access.sites import heir
from tests.actors import actor, organisation
from tests.browser.conftest import Visitor
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Site
from yangguang.hub.sites.columns import close_column, open_column
from yangguang.hub.sites.services import propose_site

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]
APPROVED = {"approval": "州政办函〔2020〕15号", "filing": "当日提交"}


@pytest.fixture
def supervisor(live: Visitor, town: Town) -> User:
    who = actor("supervisor", town.organisation, username="监督员", subtree=True)
    return User.objects.get(pk=who.user_id)


def pages(town: Town, supervisor: User) -> list[str]:
    """各页；站点走到挂着关停公告。"""
    above = actor("supervisor", town.organisation, username="监督员", subtree=True)
    below = heir(town)
    values = {
        "name": "应急管理", "column_type": "政策文件", "description": "预案和预警。",
        "keywords": "应急", "statutory_content": "",
    }  # fmt: skip
    column = open_column(town.site, values, code="yingji", parent=town.column, actor=above)
    close_column(column, town.column, reason="并栏", actor=above)
    perform(
        Site.objects.get(pk=below.pk), "ask_offline", actor=above, key="offline", message="系统整改",
        inputs={"until": date.today() + timedelta(days=9)},
    )  # fmt: skip
    site = Site.objects.get(pk=town.site.pk)
    perform(site, "ask_offline", actor=town.approver, key="ask", message="网站系统升级",
        inputs={"until": date.today() + timedelta(days=9)})  # fmt: skip
    perform(site, "approve_offline", actor=above, key="approve", inputs=APPROVED)
    bureau = organisation(
        "bureau", town.organisation, kind="administrative", name="州水利局", short_name="水利局"
    )
    opening = propose_site({"organisation": bureau, **GIVEN}, actor=above, key="opening")
    columns, sites = "/workbench/site-columns/", "/workbench/sites/"
    codes = "/workbench/codes/grounds-withheld/"
    return [
        "/workbench/", columns, f"{columns}new/", f"{columns}{column.pk}/", f"{columns}{town.column.pk}/",
        f"{columns}{town.column.pk}/edit/", f"{columns}{town.column.pk}/close/",
        f"{columns}{town.column.pk}/reorder/", sites, f"{sites}{site.pk}/", f"{sites}{site.pk}/edit/",
        f"{sites}{site.pk}/do/restore/", f"{sites}{below.pk}/", "/workbench/site-openings/",
        "/workbench/site-openings/new/", f"/workbench/site-openings/{opening.pk}/",
        "/workbench/codes/", codes, f"{codes}new/", f"{codes}16-1/revise/", f"{codes}16-1/end/",
    ]  # fmt: skip


CODES = {
    "law", "safety", "trade", "privacy", "process", "enforcement", "slj", "yingji", "guanli", "yongjing",
    "linxia", "xlsx", "csv", "heir", "heir全称",
}  # fmt: skip
"""代码、网址本来就是字母。"""
LOW = """() => [...document.querySelectorAll('.btn, select, input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 120))"""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_pages_fit_are_easy_to_press_and_show_no_english(
    live: Visitor, sign_in: Opens, supervisor: User, town: Town, width: int
) -> None:
    addresses = pages(town, supervisor)
    page = sign_in(supervisor, addresses[0], width=width)
    found = []
    for place, address in enumerate(addresses):
        page.goto(live.address + address)
        expect(page.locator("h1")).to_be_visible()
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"{place:02}-{width}.png", full_page=True)
        shown = re.sub(
            r"https?://\S+|www\.\S+|\S+-prefecture\S*|○\S+\.gov\.cn",
            "",
            page.locator("main").inner_text(),
        )
        words = set(re.findall(r"[A-Za-z]{2,}", shown)) - CODES
        if words or not page.evaluate(FITS) or page.evaluate(LOW):
            found.append((address, words, page.evaluate(FITS), page.evaluate(LOW)))
    assert found == []
