"""公开页面在载荷之外要的：各个文本管用的日子，相邻两个文本的对照。纯函数，不碰数据库、时钟和配置。"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from yangguang.foundation.richtext.blocks import lines_of
from yangguang.foundation.workbench.comparing import Stretch, folded
from yangguang.foundation.workbench.differences import compared


def page_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """页面上“历次文本”的各项，新的在前；原来的那一个没有对照。"""
    texts = payload["texts"]
    changes = [None, *(_compared(old, new) for old, new in pairwise(texts))]
    shown = [
        {**text, "is_shown": text["body"] == payload["body"], "changes": change}
        for text, change in zip(texts, changes, strict=True)
    ]
    return {"texts": shown[::-1]}


def _compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Stretch]:
    return folded(compared(_lines(old["body"]), _lines(new["body"])))


def _lines(body: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(lines_of(body))
