"""样式与脚本：按内容起名，一经发布永不改变，浏览器可以一直存着。

页面只引用一份样式、一份脚本；各文件按顺序合成，名字是内容的哈希。
站点另有主色的，它的那份样式末尾多几行，所以仍是一份。
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .colours import ACCENT, DARK_ON_ACCENT, ON_ACCENT, dark_accent

SOURCE = Path(__file__).parent / "static" / "theme"
STYLES = (
    "tokens", "base", "components", "document", "aloud", "lists", "blocks", "tasks", "norms", "funds", "search",
    "api", "residents", "forms", "print",
)  # fmt: skip
SCRIPTS = ("site", "workdays", "aloud", "suggest", "drafts")
PREFIX = "/assets/"


@dataclass(frozen=True)
class Asset:
    """一个按内容起名的文件。"""

    name: str
    content: bytes
    media_type: str
    prefix: str = PREFIX

    @property
    def path(self) -> str:
        """站内地址。"""
        return self.prefix + self.name


def named(content: str, suffix: str, media_type: str, prefix: str = PREFIX) -> Asset:
    """按内容起名。"""
    data = content.encode()
    return Asset(f"{hashlib.sha256(data).hexdigest()[:20]}.{suffix}", data, media_type, prefix)


@cache
def stylesheet(accent: str = ACCENT) -> Asset:
    """全部样式合成的一份，主色为 ``accent``。"""
    parts = [(SOURCE / f"{name}.css").read_text("utf-8") for name in STYLES]
    if accent.lower() != ACCENT.lower():
        parts.append(_accented(accent))
    return named("\n".join(parts), "css", "text/css; charset=utf-8")


def _accented(accent: str) -> str:
    dark = dark_accent(accent)
    return (
        f":root {{ --accent: {accent}; --accent-ink: {ON_ACCENT}; }}\n"
        "@media (prefers-color-scheme: dark) {\n"
        f"  :root {{ --accent: {dark}; --accent-ink: {DARK_ON_ACCENT}; }}\n"
        "}\n"
    )


@cache
def script() -> Asset:
    """全部脚本合成的一份。"""
    parts = [(SOURCE / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return named("\n".join(parts), "js", "text/javascript; charset=utf-8")


def assets(accent: str = ACCENT) -> tuple[Asset, ...]:
    """主色为 ``accent`` 的公开页面引用的全部文件。"""
    return (stylesheet(accent), script())
