"""马得福想知道村里的低保是怎样评的，镇里网上没有。

他用手机（360 像素宽）找到镇政府，先找一找公开过的，没有，就填了申请；身份证号填错一位，改了再交，拿到编号和查询码。
镇里请他写明是哪个村，他补了，看到最迟哪天答复、为什么是那一天。有没有脚本都走得通。
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.actors import actor, organisation
from tests.api import publish
from tests.browser.conftest import Visitor
from tests.browser.test_blocks import follow, own_tree  # noqa: F401
from tests.browser.test_residents import is_sound
from tests.dialogue.requests.applying import PERSON
from tests.dialogue.requests.conftest import key
from tests.hub.search.conftest import follow as index
from tests.town import Town
from yangguang.dialogue.requests.models import DisclosureRequest, RequestOffice
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import (
    Kind,
    Level,
    NameKind,
    Organisation,
    OrganisationName,
)

pytestmark = pytest.mark.browser
NUMBER = PERSON["paper_number"]


@pytest.fixture
def township(live: Visitor, town: Town, own_tree: None, settings: Any) -> Iterator[Actor]:  # noqa: F811
    """受理申请的一个镇，和它的经办人。"""
    settings.READING_DAY = date(2020, 9, 21)
    county = _made("county", "测试县人民政府", "测试县", town.organisation, Level.COUNTY)
    row = _made("township", "测试县某某镇人民政府", "某某镇", county, Level.TOWNSHIP)
    RequestOffice.objects.create(
        organisation=row, name="某某镇党政综合办公室", address="某某镇某街1号", postcode="731100",
        hours="工作日 8:30—12:00、14:30—18:00", telephone="0930-0000000", fax="0930-0000001",
    )  # fmt: skip
    publish(town, 1)
    follow()
    index()
    yield actor("request_officer", row)
    # 退回的表单是 422，浏览器要说一声，不算岔子
    live.troubles[:] = [each for each in live.troubles if "422" not in each]


def _made(code: str, name: str, short: str, parent: Organisation, level: Level) -> Organisation:
    row = organisation(code, parent, name=name, short_name=short, level=level, kind=Kind.GOVERNMENT)
    OrganisationName.objects.create(organisation=row, name=name, kind=NameKind.OFFICIAL)
    return row


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.mark.parametrize("scripted", [True, False])
def test_a_farmer_asks_on_his_phone_corrects_and_sees_why_it_is_that_day(
    live: Visitor, township: Actor, settings: Any, scripted: bool
) -> None:
    options = {"bypass_csp": True} if scripted else {"java_script_enabled": False}
    page = live.open("/interact/requests/", width=360, **options)

    def sound() -> None:
        if scripted:
            is_sound(page)

    heading(page, "依申请公开")
    sound()
    page.get_by_label("机关的名称").fill("某某镇")
    page.get_by_role("button", name="找").click()
    page.get_by_role("link", name="测试县某某镇人民政府").click()
    sound()
    page.get_by_role("link", name="网上申请").click()
    page.get_by_label("您想要什么信息？").fill("工作方案")
    page.get_by_role("button", name="找").click()
    expect(page.get_by_role("link", name=re.compile("这就是我要的"))).to_be_visible()
    sound()
    page.get_by_label("您想要什么信息？").fill("低保评议结果")
    page.get_by_role("button", name="找").click()
    page.get_by_role("link", name="没有，继续申请").click()

    heading(page, "您要什么信息")
    expect(page.get_by_label("想要的信息叫什么")).to_have_value("低保评议结果")
    sound()
    page.get_by_role("button", name="下一步").click()

    heading(page, "您是谁")
    page.get_by_label("个人", exact=True).check()
    expect(page.get_by_label("单位的名称")).to_be_hidden()
    page.get_by_label("姓名", exact=True).fill("马得福")
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    page.get_by_label("身份证明的号码", exact=True).fill(wrong)
    page.get_by_label("联系电话").fill("13900000000")
    sound()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("居民身份证的号码不合格")
    expect(page.get_by_label("姓名", exact=True)).to_have_value("马得福")
    sound()
    page.get_by_label("身份证明的号码", exact=True).fill(NUMBER)
    page.get_by_role("button", name="下一步").click()

    heading(page, "怎样把信息给您")
    page.get_by_label("纸质，邮寄给我").check()
    page.get_by_label("收件地址").fill("测试县某某镇某村")
    sound()
    page.get_by_role("button", name="下一步").click()

    heading(page, "核对一遍")
    sound()
    if scripted:
        kept = str(page.evaluate("JSON.stringify(localStorage)"))
        assert "马得福" in kept and NUMBER not in kept and wrong not in kept
    page.get_by_role("button", name="提交申请").click()

    heading(page, "申请提交了")
    sound()
    number, code = (text.strip() for text in page.locator(".ticket dd").all_inner_texts())
    if scripted:
        assert "马得福" not in str(page.evaluate("JSON.stringify(localStorage)"))

    case = DisclosureRequest.objects.get(number=number)
    confirmed = {"confirmed_on": date(2020, 9, 21), "evidence": "打电话，本人接的"}
    perform(case, "confirm", actor=township, key=key(), inputs=confirmed)
    perform(case, "assign", actor=township, key=key())
    wanted = {
        "items": ["写明是哪个村"], "until": date(2020, 10, 15), "sent_on": date(2020, 9, 21),
    }  # fmt: skip
    perform(case, "ask_correction", actor=township, key=key(), inputs=wanted)
    page.get_by_role("button", name="公用的设备：看完了，离开").click()

    settings.READING_DAY = date(2020, 9, 25)
    heading(page, "查申请的进度")
    sound()
    page.get_by_label("申请编号").fill(number)
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查", exact=True).click()
    heading(page, "低保评议结果")
    expect(page.get_by_role("main")).to_contain_text("写明是哪个村")
    expect(page.get_by_role("main")).to_contain_text("期限现在停着")
    sound()
    page.get_by_label("补充的内容").fill("某某镇某村")
    page.get_by_role("button", name="交补正").click()
    expect(page.get_by_text("最迟答复：2020年10月29日（周四）")).to_be_visible()
    page.get_by_text("为什么是这一天").click()
    expect(page.get_by_text(re.compile("国庆节.*放假，不计入"))).to_be_visible()
    sound()


def test_a_draft_left_on_the_device_is_there_the_next_day(live: Visitor, township: Actor) -> None:
    page = live.open("/interact/requests/at/township/apply/", width=360)
    page.get_by_label("想要的信息叫什么").fill("低保评议结果")
    page.reload()
    expect(page.get_by_label("想要的信息叫什么")).to_have_value("低保评议结果")
    page.get_by_role("button", name="不留，现在清除").click()
    page.reload()
    expect(page.get_by_label("想要的信息叫什么")).to_have_value("")
