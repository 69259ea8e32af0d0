"""怎样起 Debian 的 Chromium：不联网做别的事，字体和缩放都定下来。"""

import os
import shutil
from typing import Any

WIDTHS = (360, 768, 1440)
"""页面要看的三种宽度（CSS 像素）：手机、平板、桌面。"""


def executable() -> str | None:
    """系统里的 Chromium；没有为 ``None``。"""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def launch(playwright: Any) -> Any:
    """起一个浏览器；没有 Chromium 抛出 ``RuntimeError``。"""
    path = executable()
    if path is None:
        raise RuntimeError("没有找到 Chromium。Debian、Ubuntu 上：apt install chromium")
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--font-render-hinting=none",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=path, args=arguments)
