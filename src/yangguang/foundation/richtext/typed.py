"""正文的块与文本框里的文字互相转换：没有脚本的时候也能写、能改。纯函数。

一段一行；``# `` 是标题（``## `` 下一级）；``- `` 是列表，``1. `` 是编号的列表，前面空两格是下一级；
``| 甲 | 乙 |`` 是表格的一行；``**加粗**``，``[文字](地址)`` 是链接；段内换行写成 ``⏎``；
``［图片 12：替代文字　说明］`` 是资料库里的 12 号图片。
没有动过的行保持原来的样子：合并的格、居中、斜体、图片都不会丢。
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .blocks import LEVELS, Block, is_address, text_of_cell
from .runs import Runs

BREAK = "⏎"
_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_ITEM = re.compile(
    r"(?P<indent>[ 　]*)(?:(?P<bullet>[-*·•])|(?P<number>\d{1,3})[.．、])\s+(?P<text>.+)"
)
_ROW = re.compile(r"[|｜](.*?)[|｜]?")
_BAR = re.compile(r"\s*[|｜]\s*")
_MARKED = re.compile(
    r"\*\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*\*|\[([^\[\]\n]{1,300})\]\(([^()\s]{1,1000})\)"
)
_PICTURE = re.compile(r"［图片[ 　]*(\d{1,18})(?:：([^　］]*))?(?:　([^］]*))?］")
_STEP = 2


def typed(blocks: Sequence[Mapping[str, Any]]) -> str:
    """块变成可以在文本框里改的文字。"""
    return "\n".join(line for block in blocks for line in _lines(block))


def retyped(text: str, blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
    """改过的文字变回块；几行合起来没有动过的块照旧。"""
    new = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    old = [(block, list(_lines(block))) for block in blocks]
    kept = _untouched(old, new)
    made: list[Block] = []
    position, loose = 0, list[str]()
    while position < len(new):
        if position in kept:
            made += _read(loose)
            loose = []
            block, length = kept[position]
            made.append(block)
            position += length
        else:
            loose.append(new[position])
            position += 1
    return made + _read(loose)


def _untouched(
    old: Sequence[tuple[Mapping[str, Any], list[str]]], new: Sequence[str]
) -> dict[int, tuple[Block, int]]:
    """没有动过的块：在新文字里从第几行起，占几行。"""
    lines = [line for _, own in old for line in own]
    matcher = difflib.SequenceMatcher(None, lines, new, autojunk=False)
    moved = {
        i + offset: j + offset
        for i, j, size in matcher.get_matching_blocks()
        for offset in range(size)
    }
    kept = {}
    start = 0
    for block, own in old:
        at = [moved.get(start + offset) for offset in range(len(own))]
        start += len(own)
        first = at[0] if at else None
        if first is not None and at == list(range(first, first + len(own))):
            kept[first] = (dict(block), len(own))
    return kept


def _lines(block: Mapping[str, Any]) -> list[str]:
    match block["type"]:
        case "heading":
            return [f"{'#' * (LEVELS.index(block['level']) + 1)} {block['text']}"]
        case "list":
            return _items(block, 0)
        case "table":
            return [f"| {' | '.join(_inline(cell) for cell in row)} |" for row in block["rows"]]
        case "picture":
            alt, caption = (_bare(block[name]) for name in ("alt", "caption"))
            told = (f"：{alt}" if alt else "") + (f"　{caption}" if caption else "")
            return [f"［图片 {block['file']}{told}］"]
    return [_inline(block)]


def _items(block: Mapping[str, Any], depth: int) -> list[str]:
    lines = []
    for number, item in enumerate(block["items"], 1):
        label = f"{number}." if block["ordered"] else "-"
        lines.append(f"{' ' * _STEP * depth}{label} {_inline(item)}")
        if "list" in item:
            lines += _items(item["list"], depth + 1)
    return lines


def _inline(piece: Any) -> str:
    text = text_of_cell(piece)
    marks = [] if isinstance(piece, str) else piece.get("marks", [])
    shown = sorted(
        (mark for mark in marks if mark["type"] in ("bold", "link")),
        key=lambda mark: (mark["start"], mark["type"] != "link"),
    )
    written, last = [], 0
    for mark in shown:
        if mark["start"] < last:
            continue
        own = text[mark["start"] : mark["end"]]
        written.append(text[last : mark["start"]])
        written.append(f"**{own}**" if mark["type"] == "bold" else f"[{own}]({mark['href']})")
        last = mark["end"]
    return "".join((*written, text[last:])).replace("\n", BREAK)


def _read(lines: Sequence[str]) -> list[Block]:
    blocks: list[Block] = []
    levels: list[tuple[int, Block]] = []
    for line in lines:
        if found := _ITEM.fullmatch(line):
            _place(found, blocks, levels)
            continue
        levels = []
        if heading := _HEADING.fullmatch(line):
            level = LEVELS[len(heading[1]) - 1]
            blocks.append({"type": "heading", "level": level, "text": heading[2].strip()})
        elif row := _ROW.fullmatch(line.strip()):
            cells: list[Any] = [_cell(cell) for cell in _BAR.split(row[1].strip())]
            if blocks and blocks[-1]["type"] == "table":
                blocks[-1]["rows"].append(cells)
            else:
                blocks.append({"type": "table", "rows": [cells]})
        elif picture := _PICTURE.fullmatch(line.strip()):
            number, alt, caption = picture.groups()
            blocks.append(
                {"type": "picture", "file": int(number), "alt": alt or "", "caption": caption or ""}
            )
        elif piece := _piece(line):
            blocks.append({"type": "paragraph", "style": "plain", **piece})
    for block in blocks:
        if block["type"] == "table":
            width = max(map(len, block["rows"]))
            block["rows"] = [row + [""] * (width - len(row)) for row in block["rows"]]
    return blocks


def _place(found: re.Match[str], blocks: list[Block], levels: list[tuple[int, Block]]) -> None:
    """列表的一项，接在合适的一级上。"""
    depth = len(found["indent"].replace("　", "  "))
    ordered = found["number"] is not None
    while levels and levels[-1][0] > depth:
        levels.pop()
    if levels and levels[-1][0] == depth and levels[-1][1]["ordered"] != ordered:
        levels.pop()
    if not levels or levels[-1][0] < depth:
        fresh: Block = {"type": "list", "ordered": ordered, "items": []}
        if levels and "list" not in levels[-1][1]["items"][-1]:
            levels[-1][1]["items"][-1]["list"] = fresh
        else:
            levels.clear()
            blocks.append(fresh)
        levels.append((depth, fresh))
    levels[-1][1]["items"].append(_piece(found["text"]))


def _bare(text: str) -> str:
    """替代文字和说明里不能有的记号换掉。"""
    return text.replace("　", " ").replace("］", "〕")


def _cell(text: str) -> Any:
    piece = _piece(text)
    return piece if "marks" in piece else piece.get("text", "")


def _piece(line: str) -> Block:
    """一行的文字和样子；空的为空。"""
    runs = Runs()
    last = 0
    for found in _MARKED.finditer(line):
        bold, label, address = found.groups()
        if label and not is_address(address):
            continue
        _add(runs, line[last : found.start()])
        mark = ("bold", "") if bold else ("link", address)
        _add(runs, bold or label, frozenset({mark}))
        last = found.end()
    _add(runs, line[last:])
    text, marks = runs.finish()
    if not text:
        return {}
    return {"text": text} | ({"marks": marks} if marks else {})


def _add(runs: Runs, text: str, marks: frozenset[tuple[str, str]] = frozenset()) -> None:
    first, *rest = text.split(BREAK)
    runs.add(first, marks)
    for line in rest:
        runs.break_line()
        runs.add(line, marks)
