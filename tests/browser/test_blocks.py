"""页面编排在真的浏览器里：没有脚本从头编到尾；预览是真的页；紧急提示在每一页的最上面。"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.town import Town
from yangguang.foundation.accounts.models import User
from yangguang.foundation.audit.sealing import seal_all
from yangguang.foundation.reading_day import reading_day
from yangguang.hub.topics.services import open_topic
from yangguang.outlets.blocks.alerts import show_alert
from yangguang.outlets.blocks.services import begin
from yangguang.outlets.website.projector import catch_up

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]
ABBREVIATIONS = {"JPG", "PNG", "WebP"}


@pytest.fixture(autouse=True)
def own_tree(settings: Any, tmp_path: Path) -> None:
    """这个测试自己的静态树。"""
    settings.SITE_ROOT = tmp_path / "site"
    settings.FILES_ROOT = tmp_path / "files"
    settings.SEAL_ROOT = tmp_path / "seals"


@pytest.fixture
def editor(own_tree: None, live: Visitor, town: Town) -> User:
    follow()
    return User.objects.get(pk=town.approver.user_id)


@pytest.fixture(autouse=True)
def foreseen(own_tree: None, live: Visitor) -> Iterator[None]:
    """退回的表单是 422，预览的框里脚本不跑：浏览器都要说一声，不算岔子。"""
    yield
    live.troubles[:] = [
        each for each in live.troubles if "422" not in each and "sandboxed" not in each
    ]


def follow() -> None:
    seal_all()
    catch_up()


def test_the_home_is_arranged_previewed_and_published_without_scripts(
    live: Visitor, sign_in: Opens, editor: User
) -> None:
    page = sign_in(editor, "/workbench/pages/new/", width=360, java_script_enabled=False)
    page.get_by_role("button", name="开始").click()
    record = page.url
    page.get_by_role("link", name=re.compile("^链接")).click()
    page.get_by_label("小标题").fill("常用")
    page.locator("[name='items-0-title']").fill("专题")
    page.locator("[name='items-0-href']").fill("topics")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#refusals")).to_contain_text("不是地址")
    expect(page.locator("[name='items-0-title']")).to_have_value("专题")
    page.locator("[name='items-0-href']").fill("/topics/")
    page.get_by_role("button", name="再加一个").click()
    expect(page.locator("[name='items-3-title']")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    row = page.locator(".layout > li").last
    expect(row).to_contain_text("常用")
    row.get_by_role("button", name="上移").click()
    page.goto(f"{record}preview/?width=phone")
    shown = page.frame_locator("iframe.preview")
    expect(shown.get_by_role("heading", name="常用")).to_be_visible()
    assert page.locator("iframe.preview").evaluate("frame => frame.clientWidth") < 360
    page.goto(f"{record}do/publish/")
    page.get_by_label("改了什么").fill("加了常用的链接")
    page.get_by_role("button", name="发布").click()
    expect(page.locator("#versions")).to_contain_text("加了常用的链接")
    follow()
    home = live.open("/", width=360)
    expect(home.get_by_role("heading", name="常用")).to_be_visible()


def test_an_alert_stands_at_the_top_of_every_page(live: Visitor, editor: User, town: Town) -> None:
    values = {
        "level": "danger", "text": "大夏河水位上涨，请远离河道。", "href": "/map/",
        "valid_until": reading_day() + timedelta(days=1),
    }  # fmt: skip
    show_alert(town.site, values, actor=town.approver, key="alert", today=reading_day())
    follow()
    bare = live.open("/", java_script_enabled=False)
    expect(bare.locator(".warning")).to_contain_text("请远离河道")
    for path in ("/", "/map/", "/organisations/"):
        page = live.open(path)
        expect(page.locator("main > .warning")).to_have_count(1)
        expect(page.locator(".warning a")).to_have_attribute("href", "/map/")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_editors_pages_fit_and_speak_chinese(
    live: Visitor, sign_in: Opens, editor: User, town: Town, width: int
) -> None:
    topic = open_topic(
        town.site, name="方案", summary="几份。", owner=town.site.organisation, tasks=[9],
        basis="临州办发〔2020〕81号", actor=town.approver, key="topic",
    )  # fmt: skip
    home = begin(town.site, None, actor=town.approver, key="home")
    record = f"/workbench/pages/{home.pk}/"
    for path in (
        record, f"{record}add/text/", f"{record}add/pictures/", f"{record}preview/",
        "/workbench/pages/pictures/", f"/workbench/topics/{topic.pk}/",
        "/workbench/topics/new/", "/workbench/alerts/new/",
        f"/workbench/topic-supply/{topic.pk}/",
    ):  # fmt: skip
        page = sign_in(editor, path, width=width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (path, wide)
        low = page.evaluate(
            """() => [...document.querySelectorAll('main a.btn, main button.btn, main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), main select')]
              .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert low == [], path
        text = page.evaluate("document.body.innerText")
        plain = re.sub(r"/[a-z/]*|https?:\S+|[a-z]+-[a-z]+", " ", text)
        words = set(re.findall(r"[A-Za-z]{2,}", plain)) - {"approver", "test", "prefecture"}
        assert words - ABBREVIATIONS == set(), path
