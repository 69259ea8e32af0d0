"""正文的块与可改的文字互相转换：一段一行，表格一行一行，写成“| 甲 | 乙 |”。纯函数。"""

import difflib
import re
from collections.abc import Sequence
from typing import Any

from .elements import heading_level

_BARS = ("|", "｜")
_BAR = re.compile(r"\s*[|｜]\s*")

Block = dict[str, Any]


def typed(blocks: Sequence[Block]) -> str:
    """块变成可以在文本框里改的文字。"""
    return "\n".join(line for line, _ in _lines(blocks))


def retyped(text: str, blocks: Sequence[Block]) -> list[Block]:
    """改过的文字变回块。没有动的段落保持原来的样子（居中、靠右、标题），新写的看写法定。"""
    old = _lines(blocks)
    new = [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    styles: list[Block | None] = [None] * len(new)
    matcher = difflib.SequenceMatcher(None, [line for line, _ in old], new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        # 逐行改字的，样子照旧；增删的行看写法
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            for offset in range(j2 - j1):
                styles[j1 + offset] = old[i1 + offset][1]
    made: list[Block] = []
    for line, like in zip(new, styles, strict=True):
        is_row = _is_row(line, like)
        if is_row and made and made[-1]["type"] == "table":
            made[-1]["rows"].append(_cells(line))
        elif is_row:
            made.append({"type": "table", "rows": [_cells(line)]})
        else:
            made.append(_paragraph(line, like))
    for block in made:
        if block["type"] == "table":
            width = max(map(len, block["rows"]))
            block["rows"] = [row + [""] * (width - len(row)) for row in block["rows"]]
    return made


def _lines(blocks: Sequence[Block]) -> list[tuple[str, Block]]:
    """各行和它所属的块。"""
    lines: list[tuple[str, Block]] = []
    for block in blocks:
        if block["type"] == "table":
            lines += [(f"| {' | '.join(row)} |", block) for row in block["rows"]]
        else:
            lines.append((block["text"], block))
    return lines


def _is_row(line: str, like: Block | None) -> bool:
    if like is not None:
        return bool(like["type"] == "table")
    return len(_BAR.split(line)) > 1


def _cells(line: str) -> list[str]:
    """一行的各格；两头的竖线是边框，不写也行。"""
    cells = _BAR.split(line)
    start = 1 if line.startswith(_BARS) else 0
    end = len(cells) - 1 if line.endswith(_BARS) and len(cells) > 1 else len(cells)
    return cells[start:end] or [""]


def _paragraph(line: str, like: Block | None) -> Block:
    if like is not None:
        return {**like, "text": line}
    level = heading_level(line)
    if level:
        return {"type": "heading", "level": level, "text": line}
    return {"type": "paragraph", "text": line, "style": "plain"}
