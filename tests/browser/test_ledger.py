"""发文台账在真的浏览器里：每月一核对，测试埋下三处毛病，都查得出，通报逐一点名。"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.actors import actor
from tests.browser.conftest import Visitor
from tests.sources.ledger.conftest import READ_ON, Own, online
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.jobs.worker import run_due
from yangguang.hub.publications.models import Publication
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.ledger.lists import read_entries
from yangguang.sources.ledger.services import take_list

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]


@pytest.fixture
def baked(tmp_path: Path, settings: Any) -> Own:
    """网站的树，在 ``live`` 起来之前定好。"""
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"
    settings.READING_DAY = READ_ON
    (tmp_path / "site").mkdir()
    return Own(tmp_path / "site")


def user(who: Actor) -> User:
    return User.objects.get(pk=who.user_id)


def test_the_monthly_check_finds_three_planted_faults_and_the_circular_names_them(
    baked: Own, live: Visitor, sign_in: Opens, town: Town, settings: Any
) -> None:
    """三份公文上了网：一份被人改了字，一份的页面丢了，还有一份在单位自己的系统里印发，到期没有上网。"""
    settings.SITES_SERVED_AT = live.address.removeprefix("http://")
    for number in (1, 2, 3):
        online(town, number, date(2020, 10, 9))
    baked.bake()
    pages = dict(Publication.objects.values_list("document_number", "pk"))
    baked.change(f"/{pages['测州办发〔2020〕1号']}.html", "认真贯彻执行", "酌情执行")
    baked.file(f"/{pages['测州办发〔2020〕2号']}.html").unlink()
    for twin in baked.root.rglob("*.html.*"):
        twin.unlink()
    late = {
        "document_number": "测州字〔2020〕9号", "title": "关于另一件事的通知",
        "issued_on": "二〇二〇年九月二十五日", "disclosure": "主动公开",
    }  # fmt: skip
    take_list(
        read_entries([late], READ_ON),
        name="单位的系统",
        source="import",
        actor=town.drafter,
        key="list",
    )

    supervisor = actor("supervisor", town.organisation, subtree=True)
    page = sign_in(user(supervisor), "/workbench/ledger-checks/")
    page.get_by_role("button", name="现在核对").click()
    expect(page.get_by_text("正在核对")).to_be_visible()
    run_due()
    expect(page.get_by_role("heading", name="网上的文字与印发的不一致（1）")).to_be_visible()
    expect(page.get_by_role("heading", name="网址打不开（1）")).to_be_visible()
    expect(page.get_by_role("heading", name="到期没有上网（1）")).to_be_visible()
    expect(page.get_by_text("酌情执行")).to_be_visible()
    expect(page.get_by_role("link", name="关于另一件事的通知")).to_be_visible()
    expect(page.get_by_role("button", name="起草通报")).to_have_count(0)

    office = sign_in(user(town.drafter), "/workbench/ledger-checks/")
    office.get_by_role("link", name="2020-11-20").click()
    office.get_by_role("button", name="起草通报").click()
    expect(office.get_by_text("通报已起草，请核对文字、定公开属性，再送审。")).to_be_visible()
    text = office.locator("main").inner_text()
    for named in (
        "测州办发〔2020〕1号",
        "测州办发〔2020〕2号",
        "测州字〔2020〕9号",
        "酌情执行",
        "答复 404",
    ):
        assert named in text, named
    assert "测州办发〔2020〕3号" not in text
    circular = OfficialDocument.objects.get(document_type="8-9")
    assert (circular.state, circular.disclosure) == ("draft", "")
    office.goto(f"{live.address}/workbench/ledger-checks/")
    expect(office.get_by_text("已起草")).to_be_visible()


def test_a_list_with_bad_rows_is_imported_and_each_bad_row_is_told(
    baked: Own, live: Visitor, sign_in: Opens, town: Town, tmp_path: Path
) -> None:
    path = tmp_path / "清单.csv"
    path.write_text(
        "文号,标题,发文日期,公开方式\n"
        "测州字〔2020〕1号,好的一件,二〇二〇年九月二十五日,主动公开\n"
        "测州字〔2020〕2号,日子不对,二〇二〇年二月三十日,主动公开\n"
    )
    page = sign_in(user(town.drafter), "/workbench/ledger/", width=360)
    page.get_by_role("link", name="导入清单").click()
    page.get_by_label("清单").set_input_files(path)
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_text("收下 1 行，1 行没有收")).to_be_visible()
    expect(page.get_by_text("历法上没有这一天")).to_be_visible()
    page.get_by_role("link", name="看台账").click()
    expect(page.get_by_role("link", name="好的一件")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_scrolls_sideways(
    baked: Own, live: Visitor, sign_in: Opens, town: Town, width: int
) -> None:
    from tests.sources.ledger.conftest import checked

    rows = [
        {"document_number": f"测州字〔2020〕{number}号", "title": "关于一件很长很长的事情的通知" * 3,
         "issued_on": "2020.9.25", "disclosure": "主动公开" if number % 3 else "不予公开"}
        for number in range(1, 9)
    ]  # fmt: skip
    made = take_list(
        read_entries([*rows, {**rows[0], "title": "重复"}], READ_ON), name="单位的系统",
        source="import", actor=town.drafter, key="list",
    )  # fmt: skip
    check = checked(town.drafter)
    page = sign_in(user(town.drafter), "/workbench/ledger/", width=width)
    entry = check.findings.first().entry_id  # type: ignore[union-attr]
    for address in (
        "ledger/", "ledger/new/", f"ledger/{entry}/", f"ledger/{entry}/edit/",
        f"ledger/{entry}/do/put_online/", "ledger-imports/", "ledger-imports/new/",
        f"ledger-imports/{made.pk}/", "ledger-inventory/", "ledger-checks/",
        f"ledger-checks/{check.pk}/",
    ):  # fmt: skip
        page.goto(f"{live.address}/workbench/{address}")
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
