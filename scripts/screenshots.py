"""make screenshots：每类页面在三种宽度、亮色暗色、大字、打印之下各拍一张。

全部图在 ``var/screenshots/``；``CHOSEN`` 里的几张压成 WebP，随仓库保存在 ``docs/screenshots/``。
使用指南里的图（``guide_shots``）登录工作台去拍，只拍桌面上亮色的一张，都保存在 ``docs/screenshots/``。
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chromium import WIDTHS, launch
from demo_site import ROOT, dynamic_pages, index, prepare, public_pages, serve
from guide_shots import GUIDE_SHOTS, GuideShot, enter
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

EVERYTHING = ROOT / "var" / "screenshots"
KEPT = ROOT / "docs" / "screenshots"
KEPT_BYTES = 100 * 1024
CHOSEN = (
    "home-360", "home-1440", "document-1440", "tasks-360", "tasks-1440",
    "county-home-360", "search-360", "suggestions-360",
)  # fmt: skip
A4_WIDTH = 718
"""A4 版心 190 毫米，按 96 点每英寸。"""


@dataclass(frozen=True)
class Look:
    """一种看法：宽度、配色、大字、打印。"""

    width: int
    dark: bool = False
    elder: bool = False
    printed: bool = False

    @property
    def name(self) -> str:
        """文件名里的一段。"""
        marks = (("dark", self.dark), ("elder", self.elder), ("print", self.printed))
        return "-".join([str(self.width), *(mark for mark, on in marks if on)])


LOOKS = (
    *(Look(width, dark) for width in WIDTHS for dark in (False, True)),
    Look(360, elder=True),
    Look(1440, elder=True),
    Look(A4_WIDTH, printed=True),
)


@dataclass(frozen=True)
class Shot:
    """一类页面：名字、地址，和打开以后要做的事。"""

    name: str
    path: str
    then: Callable[[Page], None] = lambda page: None


def unfold(page: Page) -> None:
    """展开第一项任务。"""
    page.locator("details.task > summary").first.click()


def suggest(page: Page) -> None:
    """写几个字，等提示出来。"""
    page.locator("#find").press_sequentially("政务公开")
    page.get_by_role("option").first.wait_for()


def shots(tree: Path) -> Iterator[Shot]:
    """公开页面每类一张；任务页另拍一张展开的，首页另拍一张搜索提示。"""
    pages = public_pages(tree) | dynamic_pages()
    for name, path in pages.items():
        yield Shot(name, path)
    yield Shot("tasks-open", pages["tasks"], unfold)
    yield Shot("suggestions", pages["home"], suggest)


def window(browser: Browser, look: Look) -> BrowserContext:
    """照一种看法开的窗口。"""
    return browser.new_context(
        viewport={"width": look.width, "height": 900 if look.width > 500 else 780},
        color_scheme="dark" if look.dark else "light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )


def take_guide(browser: Browser, address: str, shot: GuideShot) -> bytes:
    """指南里的一张：登录，走到那一页，拍一屏。"""
    context = window(browser, Look(1440))
    try:
        page: Any = context.new_page()
        enter(page, address, shot)
        picture: bytes = page.screenshot()
        return picture
    finally:
        context.close()


def take(browser: Browser, address: str, shot: Shot, look: Look) -> bytes:
    """拍一张整页的图，PNG。"""
    context = window(browser, look)
    try:
        page: Any = context.new_page()
        page.goto(address + shot.path)
        shot.then(page)
        if look.elder:
            page.locator("#elder").check()
        if look.printed:
            page.emulate_media(media="print")
        picture: bytes = page.screenshot(full_page=True)
        return picture
    finally:
        context.close()


def keep(name: str, picture: bytes) -> None:
    """压成 WebP 存进文档；太长的只留开头，质量降到不超过限定的字节数为止。"""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop(
        (0, 0, image.width, min(image.height, image.width * (3 if image.width < 500 else 1)))
    )
    KEPT.mkdir(parents=True, exist_ok=True)
    for quality in range(82, 20, -6):
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= KEPT_BYTES:
            break
    (KEPT / f"{name}.webp").write_bytes(packed.getvalue())


def main() -> int:
    """拍全部，或只拍名字里含有参数的。"""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="只拍名字里含有这些字样的，如 home-360")
    parser.add_argument("--var", type=Path, help="演示数据放在哪里；默认临时目录，用完即删")
    options = parser.parse_args()
    EVERYTHING.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="yangguang-screenshots-") as scratch:
        var = options.var or Path(scratch)
        tree = prepare(var)
        index(var)
        with serve(tree, var, with_application=True) as address, sync_playwright() as playwright:
            browser = launch(playwright)
            for shot in shots(tree):
                for look in LOOKS:
                    name = f"{shot.name}-{look.name}"
                    if options.only and not any(word in name for word in options.only):
                        continue
                    picture = take(browser, address, shot, look)
                    (EVERYTHING / f"{name}.png").write_bytes(picture)
                    if name in CHOSEN:
                        keep(name, picture)
                    print(f"· {name}")
            for guide in GUIDE_SHOTS:
                if options.only and not any(word in guide.name for word in options.only):
                    continue
                picture = take_guide(browser, address, guide)
                (EVERYTHING / f"{guide.name}.png").write_bytes(picture)
                keep(guide.name, picture)
                print(f"· {guide.name}")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
