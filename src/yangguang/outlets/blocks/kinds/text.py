"""文字块。"""

from collections.abc import Mapping
from typing import Any

from ..fields import Fault, Prose
from ..prose import html_of, prose_faults
from .base import NO_HEADING, Arranging, BlockKind, Shown


class TextBlock(BlockKind):
    """几段文字。"""

    code = "text"
    label = "文字"
    help = "几段说明，可以有链接、列表和加粗。"
    fields = (
        NO_HEADING,
        Prose(
            "body", "文字",
            help="空一行另起一段。行首写“- ”是列表，写“1. ”是编号的列表。"
            "**两个星号之间**的加粗；[文字](地址) 是链接。",
        ),
    )  # fmt: skip

    def check(self, values: Mapping[str, Any]) -> list[Fault]:
        """链接的写法。"""
        return [Fault("body", message) for message in prose_faults(values["body"])]

    def summary(self, values: Mapping[str, Any]) -> str:
        """没有小标题的，取开头几个字。"""
        return values.get("heading") or values.get("body", "")[:20]

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """文字化为网页。"""
        return self.printed(page, values, body=html_of(values["body"], page.press.link))
