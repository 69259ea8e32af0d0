"""读出的文字是什么样，读不出时怎样说。"""

from dataclasses import dataclass
from typing import Any


class Unreadable(Exception):  # noqa: N818  文件读不了，不是程序有错
    """文件读不了。``reason`` 是一句中文：哪里不对，该怎么办。"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ExtractedText:
    """读出的文字。

    ``text`` 一段一行，表格一行一行、格与格之间用“ | ”隔开；``blocks`` 是同样的内容，
    表格仍是表格；``margins`` 是页眉页脚里的文字，不进 ``text``，
    但保密审查要看；``warnings`` 是给人看的提醒。
    """

    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """文件里的一处文字。``place`` 说明在哪里，例如“第 3 段”“第 2 页”“工作表“名单”B3”。"""

    place: str
    text: str


@dataclass(frozen=True)
class Reading:
    """一份文件里的全部文字。``unread`` 是机器读不出、要由人看的，每样一句。"""

    passages: tuple[Passage, ...]
    unread: tuple[str, ...] = ()


def paragraph(text: str) -> dict[str, Any]:
    """一段文字。"""
    return {"type": "paragraph", "text": text, "style": "plain"}


def flatten(blocks: list[dict[str, Any]]) -> str:
    """块变成文字：一段一行，表格一行一行，格间用“ | ”。"""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "table":
            lines += [" | ".join(row) for row in block["rows"]]
        else:
            lines.append(block["text"])
    return "\n".join(lines)
