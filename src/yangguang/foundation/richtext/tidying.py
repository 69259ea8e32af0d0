"""读出的块再理一遍：标题的级别，用粗体充当的标题，空的、重复的。纯函数。"""

import re
from collections.abc import Sequence

from .blocks import LEVELS, Block, Mark

_CN = "一二三四五六七八九十百"
_NUMBERED = (
    (2, re.compile(rf"(?:[{_CN}]{{1,4}}、|第[{_CN}]{{1,4}}[编章])")),
    (3, re.compile(rf"(?:[（(][{_CN}]{{1,4}}[)）]|第[{_CN}]{{1,4}}节)")),
)
_HEADING_LENGTH = 50


def tidy(blocks: Sequence[Block]) -> list[Block]:
    """理过的块。"""
    found = [_heading_in_bold(block) for block in blocks]
    levels = sorted({b["level"] for b in found if b["type"] == "heading" and "rank" not in b})
    for block in found:
        if block["type"] == "heading":
            rank = block.pop("rank", None)
            block["level"] = rank or LEVELS[min(levels.index(block["level"]), len(LEVELS) - 1)]
    return found


def heading_level(line: str) -> int | None:
    """一行按编号是第几级标题（“一、”二级，“（一）”三级）；不像标题的为 ``None``。"""
    if len(line) > _HEADING_LENGTH or re.search(r"[。；：:\n]", line[:-1]):
        return None
    return next((level for level, pattern in _NUMBERED if pattern.match(line)), None)


def _heading_in_bold(block: Block) -> Block:
    """整段粗体、又像标题的，就是标题。"""
    if block["type"] != "paragraph" or block["style"] not in ("plain", "flush", "center"):
        return block
    text = block["text"]
    level = heading_level(text)
    if level is None or not any(_is_whole(mark, text) for mark in block.get("marks", ())):
        return block
    return {"type": "heading", "level": level, "text": text, "rank": level}


def _is_whole(mark: Mark, text: str) -> bool:
    """从头粗到尾；自动编号不粗也算。"""
    if mark["type"] != "bold" or mark["end"] != len(text):
        return False
    label = text[: mark["start"]]
    return not label or any(pattern.fullmatch(label) for _, pattern in _NUMBERED)
