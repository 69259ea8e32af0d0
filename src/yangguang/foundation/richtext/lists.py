"""Word、WPS 的列表：网页里是一个个段落，前面的符号、编号也是文字。化为真的列表。纯函数。"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .blocks import Block, Mark
from .styles import Style, kind_of_label, style_of

if TYPE_CHECKING:
    from .reading import Context, Reader


@dataclass(frozen=True)
class WordItem:
    """一项：第几级，编不编号，文字和样子。"""

    level: int
    ordered: bool
    text: str
    marks: list[Mark]


def word_item(element: Any, style: Style, reader: "Reader", context: "Context") -> WordItem | None:
    """列表的一项；前面的编号是正文的一部分（“一、”“第一条”），或者没有编号的，不是列表项，为 ``None``。

    编号是正文的，留在原处，由调用者当作段落读。
    """
    label = _label(element)
    if label is None:
        return None
    written = "".join("".join(label.itertext()).split())
    kind = kind_of_label(written)
    if kind == "text":
        _rewrite(label, written)
        return None
    _remove(label)
    reader.children(element, context)
    paragraphs = [block for block in reader.finish() if "text" in block]
    if len(paragraphs) != 1:
        return None
    (block,) = paragraphs
    return WordItem(style.list_level, kind == "number", block["text"], block.get("marks", []))


def nested(items: Sequence[WordItem]) -> list[Block]:
    """一串项按级套成列表；第一级换了编号的办法，另起一个列表。"""
    made: list[Block] = []
    levels: list[tuple[int, Block]] = []
    for item in items:
        while levels and levels[-1][0] > item.level:
            levels.pop()
        if not levels or levels[-1][0] < item.level or levels[-1][1]["ordered"] != item.ordered:
            fresh: Block = {"type": "list", "ordered": item.ordered, "items": []}
            if levels and levels[-1][0] == item.level:
                levels.pop()
            parent = levels[-1][1]["items"][-1] if levels else None
            if parent is None:
                made.append(fresh)
            elif "list" in parent:
                fresh = parent["list"]
            else:
                parent["list"] = fresh
            levels.append((item.level, fresh))
        entry: Block = {"text": item.text} | ({"marks": item.marks} if item.marks else {})
        levels[-1][1]["items"].append(entry)
    return made


def _label(element: Any) -> Any | None:
    for span in element.iter("span"):
        if style_of(span.get("style") or "").is_list_label:
            return span
    return None


def _rewrite(label: Any, text: str) -> None:
    """编号后面用来对齐的空格去掉。"""
    for child in list(label):
        label.remove(child)
    label.text = text


def _remove(label: Any) -> None:
    """去掉编号；它后面的文字留下。"""
    tail, parent, previous = label.tail or "", label.getparent(), label.getprevious()
    parent.remove(label)
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
