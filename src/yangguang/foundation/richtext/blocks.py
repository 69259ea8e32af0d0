"""正文的块：一篇文字在库里、载荷里的样子。纯函数，不碰数据库、时钟和配置。

块是普通的 JSON 值，不是网页：里面放不进脚本和样式，检测、检索、比较读到的都是整段的文字。

- 段落 ``{"type": "paragraph", "style", "text", "marks"}``；``style`` 见 ``STYLES``。
- 标题 ``{"type": "heading", "level": 2–4, "text"}``。
- 列表 ``{"type": "list", "ordered", "items": [{"text", "marks", "list"}]}``；``list`` 是下一级。
- 表格 ``{"type": "table", "rows": [[格]]}``；格是一句话，或 ``{"text", "marks", "is_header",
  "colspan", "rowspan"}``。
- 图片 ``{"type": "picture", "file", "alt", "caption"}``；``file`` 是图片的编号。

``text`` 里的换行是段内换行。``marks`` 是 ``{"type", "start", "end"}``，链接另有 ``href``；没有的不写。
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

Block = dict[str, Any]
Mark = dict[str, Any]

STYLES = {
    "plain": "首行缩进",
    "flush": "顶格",
    "center": "居中",
    "right": "靠右",
    "quote": "引文",
}
"""段落的样子。"""

MARKS = ("link", "bold", "italic", "underline", "strike", "sub", "sup")
"""文字的样子，从外到里套。"""

LEVELS = (2, 3, 4)
"""正文里标题的级别：题名是第一级，在块之外。"""

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
MAX_TEXT = 200_000
"""一篇最多多少字。"""
MAX_CELLS = 20_000
"""一篇的表格合计最多多少格。"""


def is_address(href: str) -> bool:
    """能不能用作链接：网址、邮箱、电话，或者以 / 开头的站内路径。"""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    if parts.scheme:
        return parts.scheme in SCHEMES and bool(parts.path)
    return href.startswith("/") and not href.startswith("//")


def lines_of(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """读者读到的文字，一段、一项、一格一行；图片的替代文字和说明也在内。"""
    for block in blocks:
        if block["type"] == "list":
            yield from _items(block)
        elif block["type"] == "table":
            yield from (text_of_cell(cell) for row in block["rows"] for cell in row)
        elif block["type"] == "picture":
            yield from (block["alt"], block["caption"])
        else:
            yield block["text"]


def plain_text(blocks: Iterable[Mapping[str, Any]]) -> str:
    """读者读到的文字，一行一段。"""
    return "\n".join(line for line in lines_of(blocks) if line)


def addresses(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """文中的链接各通向哪里。"""
    for piece in pieces(blocks):
        for mark in piece.get("marks", ()):
            if mark["type"] == "link":
                yield mark["href"]


def pieces(blocks: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """带样子的每一段文字：段落、列表的项、表格的格。"""
    for block in blocks:
        if block["type"] == "list":
            yield from _with_sublists(block)
        elif block["type"] == "table":
            yield from (cell for row in block["rows"] for cell in row if isinstance(cell, Mapping))
        elif block["type"] == "paragraph":
            yield block


def picture_files(blocks: Iterable[Mapping[str, Any]]) -> list[int]:
    """文中用到的图片的编号，按先后，不重复。"""
    used = (block["file"] for block in blocks if block["type"] == "picture")
    return list(dict.fromkeys(used))


def text_of_cell(cell: str | Mapping[str, Any]) -> str:
    """一格的文字。"""
    return cell if isinstance(cell, str) else cell["text"]


def faults(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """一篇文字不能收的缘由，每条一句。"""
    found = []
    size = sum(map(len, lines_of(blocks)))
    if size > MAX_TEXT:
        found.append(f"正文有 {size} 字，超过 {MAX_TEXT} 字的上限，请分成几篇，或者作为附件。")
    cells = sum(len(row) for block in blocks if block["type"] == "table" for row in block["rows"])
    if cells > MAX_CELLS:
        found.append(f"表格合计 {cells} 格，超过 {MAX_CELLS} 格的上限，请把大表作为附件。")
    return found


def picture_faults(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """图片没有替代文字的，每张一句：看不见图的人全靠它（GB/T 37668—2019）。"""
    pictures = [block for block in blocks if block["type"] == "picture"]
    return [
        f"第 {position} 张图片没有替代文字，请用一句话写明图里是什么。"
        for position, picture in enumerate(pictures, 1)
        if not picture["alt"].strip()
    ]


def _items(block: Mapping[str, Any]) -> Iterator[str]:
    for item in _with_sublists(block):
        yield item["text"]


def _with_sublists(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in block["items"]:
        yield item
        if "list" in item:
            yield from _with_sublists(item["list"])
