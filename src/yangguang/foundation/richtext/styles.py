"""粘贴来的网页里的样式和类名是什么意思：Word、WPS 的写法（``mso-…``）和浏览器的写法。纯函数。"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from .blocks import STYLES

_LEVEL = re.compile(r"\blevel(\d)\b")
_BOLD_WORDS = {"bold", "bolder"}
_BULLETS = frozenset("·•●○◦■□▪▫◆◇★☆►▶➢➤✓✔√§ØøoOlnuüvqpwÞ-–—*")
"""项目符号：Symbol、Wingdings 字体里的那几个，粘贴过来是普通的字母。"""
_NUMBER = re.compile(r"[（(]?\d{1,3}[)）.．、]?|[a-zA-Z][)）.．]|[ivxIVX]{1,5}[)）.．]")


@dataclass(frozen=True)
class Style:
    """一个元素的样式里要紧的几样；``None`` 是没有写，照外层的。"""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    strike: bool | None = None
    raised: str | None = None
    align: str | None = None
    is_hidden: bool = False
    list_level: int = 0
    is_list_label: bool = False
    outline: int = 0
    role: str = ""
    """Word 的批注、页眉页脚等（``mso-element``）。"""


PLAIN = Style()
ALIGNS = {"center": "center", "right": "right", "end": "right"}


@lru_cache(maxsize=4096)
def style_of(text: str) -> Style:
    """一段 ``style``。同样的写法在一篇 Word 里重复成千上万次，所以记着。"""
    style = PLAIN
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            style = _read(style, name.strip().lower(), value.strip().lower())
    return style


def _read(style: Style, name: str, value: str) -> Style:
    match name:
        case "font-weight":
            heavy = value in _BOLD_WORDS or (value.isdecimal() and int(value) >= 600)
            return replace(style, bold=heavy)
        case "font-style":
            return replace(style, italic=value.startswith(("italic", "oblique")))
        case "text-decoration" | "text-decoration-line":
            style = replace(style, strike="line-through" in value)
            return replace(style, underline="underline" in value)
        case "vertical-align":
            return replace(style, raised={"super": "sup", "sub": "sub"}.get(value))
        case "text-align":
            return replace(style, align=ALIGNS.get(value, "plain"))
        case "display":
            return replace(style, is_hidden=style.is_hidden or value == "none")
        case "mso-hide":
            return replace(style, is_hidden=style.is_hidden or value == "all")
        case "mso-list":
            return _read_list(style, value)
        case "mso-outline-level" if value.isdecimal():
            return replace(style, outline=int(value))
        case "mso-element":
            return replace(style, role=value)
        case "mso-special-character" if value == "comment":
            return replace(style, is_hidden=True)
    return style


def _read_list(style: Style, value: str) -> Style:
    if value == "ignore":
        return replace(style, is_list_label=True)
    level = _LEVEL.search(value)
    return replace(style, list_level=int(level[1])) if level else style


DROPPED_ROLES = frozenset(
    {"comment-list", "comment", "header", "footer", "header-footer", "frame-anchor-lock"}
)
_DROPPED_CLASSES = re.compile(
    r"\bMso(?:Comment\w*|Header|Footer|Toc\d|TocHeading)\b|\bmsocom\w*", re.IGNORECASE
)
_CENTRED_CLASSES = re.compile(r"\bMso(?:Title|Subtitle)\b", re.IGNORECASE)
_HEADING_CLASSES = re.compile(r"\bMsoHeading(\d)\b", re.IGNORECASE)


def is_dropped(style: Style, classes: str) -> bool:
    """看不见的、批注、页眉页脚、目录：不是正文。"""
    if style.is_hidden or style.role in DROPPED_ROLES:
        return True
    return bool(classes) and _DROPPED_CLASSES.search(classes) is not None


def with_attributes(style: Style, attributes: Mapping[str, str]) -> Style:
    """连同旧写法的 ``align`` 属性和类名。"""
    aligned = attributes.get("align", "").lower()
    if style.align is None and aligned:
        style = replace(style, align=ALIGNS.get(aligned, "plain"))
    classes = attributes.get("class", "")
    if style.align is None and _CENTRED_CLASSES.search(classes):
        style = replace(style, align="center")
    if style.align is None and classes in STYLES:
        style = replace(style, align=classes)
    heading = _HEADING_CLASSES.search(classes)
    if not style.outline and heading:
        style = replace(style, outline=int(heading[1]))
    return style


def kind_of_label(label: str) -> str:
    """列表前面的字：``bullet`` 项目符号，``number`` 数字编号，``text`` 是正文的一部分（一、第一条）。"""
    bare = re.sub(r"[\s\u00a0]+", "", label)
    if not bare or (len(bare) == 1 and (bare in _BULLETS or "\uf000" <= bare <= "\uf8ff")):
        return "bullet"
    return "number" if _NUMBER.fullmatch(bare) else "text"
