"""使用指南里的图：以演示账号登录工作台，走到要看的那一页。

页面照菜单和链接走到，不写死编号；演示的数据怎样变，图都是那一页。
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo_site import PASSWORD, WORKBENCH

Walk = Callable[[Any], None]


@dataclass(frozen=True)
class GuideShot:
    """一张图：名字、谁看、从工作台的哪个地址起、再怎样走。"""

    name: str
    username: str
    path: str = ""
    then: Walk = lambda page: None


def _open(*names: str) -> Walk:
    """依次点开几个链接。"""

    def walk(page: Any) -> None:
        for name in names:
            page.locator("main").get_by_role("link", name=name).first.click()

    return walk


def _first(selector: str = "#records tbody a[href]") -> Walk:
    def walk(page: Any) -> None:
        page.locator(selector).first.click()

    return walk


def _in_turn(*walks: Walk) -> Walk:
    def walk(page: Any) -> None:
        for each in walks:
            each(page)

    return walk


def _compare(page: Any) -> None:
    """把一份起草中的公文改一处存下，再看改前改后。"""
    page.locator("#records tbody a[href]").first.click()
    page.locator("main").get_by_role("link", name="修改").first.click()
    page.get_by_label("主题分类").select_option(label="综合政务")
    page.get_by_label("标题").fill(page.get_by_label("标题").input_value() + "（征求意见）")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="存过的各版、对照").click()


GUIDE_SHOTS = (
    GuideShot("guide-today", "office.drafter"),
    GuideShot("guide-messages", "office.supervisor", "messages/?seen="),
    GuideShot("guide-account", "office.drafter", "account/"),
    GuideShot("guide-deputy", "office.approver", "deputies/new/"),
    GuideShot("guide-versions", "office.drafter", "documents/?state=draft", _compare),
    GuideShot("guide-intake", "office.drafter", "documents/?state=draft",
              _in_turn(_first(), _open("修改"))),
    GuideShot("guide-article", "office.drafter", "articles/new/"),
    GuideShot("guide-contribution", "office.drafter", "contributions/new/"),
    GuideShot("guide-gates", "office.drafter", "documents/?state=in_review", _first()),
    GuideShot("guide-review", "office.approver", "documents/?state=in_approval", _first()),
    GuideShot("guide-blocks", "office.supervisor", "pages/", _first()),
    GuideShot("guide-library", "office.drafter", "library/", _first()),
    GuideShot("guide-plan", "office.supervisor", "plans/", _first()),
    GuideShot("guide-share", "office.supervisor", "sharing/",
              _in_turn(_first(), _open("要求下级转发"))),
    GuideShot("guide-dictionary", "office.supervisor", "dictionaries/", _first()),
    GuideShot("guide-person", "office.admin", "people/", _first()),
    GuideShot("guide-handover", "office.admin", "people/?q=演示信息员（州政府办公室）",
              _in_turn(_first(), _open("列交接清单"))),
    GuideShot("guide-health", "system.admin", "health/"),
    GuideShot("guide-audit", "audit.admin", "audit/"),
)  # fmt: skip
"""指南里的图，都在桌面的宽度上拍。"""


def enter(page: Any, address: str, shot: GuideShot) -> None:
    """登录，走到那一页。"""
    page.goto(f"{address}{WORKBENCH}{shot.path}")
    page.get_by_label("用户名").fill(shot.username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    shot.then(page)
    page.wait_for_load_state("networkidle")
