"""把正文里的每一处文字换一遍：遮盖号码、统一改字。纯函数。"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .blocks import Block

Change = Callable[[str], str]


def rewritten(blocks: Iterable[Mapping[str, Any]], change: Change) -> list[Block]:
    """每一处读者读得到的文字经 ``change`` 换过；长短变了的那一处，粗体、链接这些样子不留。"""
    return [_block(block, change) for block in blocks]


def _block(block: Mapping[str, Any], change: Change) -> Block:
    match block["type"]:
        case "list":
            return _list(block, change)
        case "table":
            rows = [[_cell(cell, change) for cell in row] for row in block["rows"]]
            return {**block, "rows": rows}
        case "picture":
            return {**block, "alt": change(block["alt"]), "caption": change(block["caption"])}
    return _piece(block, change)


def _list(block: Mapping[str, Any], change: Change) -> Block:
    items = []
    for item in block["items"]:
        made = _piece(item, change)
        if "list" in item:
            made["list"] = _list(item["list"], change)
        items.append(made)
    return {**block, "items": items}


def _cell(cell: Any, change: Change) -> Any:
    return change(cell) if isinstance(cell, str) else _piece(cell, change)


def _piece(piece: Mapping[str, Any], change: Change) -> Block:
    text = change(piece["text"])
    if len(text) == len(piece["text"]):
        return {**piece, "text": text}
    return {key: value for key, value in piece.items() if key != "marks"} | {"text": text}
