"""文字块的写法化为网页。纯函数。

写法只有四样，不必懂网页：空一行另起一段；行首“- ”是列表，“1. ”是编号的列表；
``**加粗**``；``[文字](地址)`` 是链接。别的照原样显示。化成之后再由 nh3 按白名单过滤一遍。
"""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from itertools import groupby

import nh3

from .fields import address_fault

TAGS = {"p", "ul", "ol", "li", "a", "strong", "br"}
SCHEMES = {"http", "https", "mailto", "tel"}

_BULLET = re.compile(r"[-*·•]\s+(.+)")
_NUMBERED = re.compile(r"(\d{1,2})(?:[、．]\s*|\.\s*(?!\d))(.+)")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,300})\)")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*\*")


Href = Callable[[str], str]


def html_of(text: str, href: Href = str) -> str:
    """写下的文字化为网页；``href`` 把站内路径化为本站的地址。"""
    blocks = []
    for paragraph in re.split(r"\n[ \t　]*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip(" \t　") for line in paragraph.split("\n") if line.strip(" \t　")]
        for tag, group in groupby(lines, key=_tag):
            found = list(group)
            if tag == "p":
                blocks.append("<p>" + "<br>".join(_inline(line, href) for line in found) + "</p>")
            else:
                rows = "".join(f"<li>{_inline(_content(line), href)}</li>" for line in found)
                blocks.append(f"<{tag}{_start(found[0])}>{rows}</{tag}>")
    return nh3.clean(
        "".join(blocks),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener",
    )


def linked_addresses(text: str) -> Iterator[str]:
    """文字里的链接各通向哪里。"""
    for _, address in _LINK.findall(text):
        yield address


def prose_faults(text: str) -> list[str]:
    """链接写得不对的地方，每条一句。"""
    return [
        f"链接“{label}”的{fault}"
        for label, address in _LINK.findall(text)
        if (fault := address_fault(address))
    ]


def _tag(line: str) -> str:
    if _BULLET.fullmatch(line):
        return "ul"
    return "ol" if _NUMBERED.fullmatch(line) else "p"


def _content(line: str) -> str:
    found = _BULLET.fullmatch(line) or _NUMBERED.fullmatch(line)
    return found[found.re.groups] if found else line


def _start(line: str) -> str:
    """不从一编起的，照写的数编。"""
    found = _NUMBERED.fullmatch(line)
    return f' start="{int(found[1])}"' if found and int(found[1]) != 1 else ""


def _inline(text: str, href: Href) -> str:
    def link(found: re.Match[str]) -> str:
        address = unescape(found[2])
        if address_fault(address):
            return found[0]
        return f'<a href="{escape(href(address))}">{found[1]}</a>'

    shown = _LINK.sub(link, escape(text))
    return _BOLD.sub(r"<strong>\1</strong>", shown)
