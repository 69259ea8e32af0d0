"""首页的开头。"""

import re
from collections.abc import Mapping
from typing import Any

from ..fields import Choice, Lines, Text
from .base import HOME, Arranging, BlockKind, Shown


class Opening(BlockKind):
    """一句话、搜索框、大家在找的词，和一个栏目的下级。只能在首页的最前面。"""

    code = "opening"
    label = "开头与搜索"
    help = "首页最上面：一句话，搜索框，“大家在找”的词。"
    fields = (
        Text("title", "一句话", most=40),
        Text("words", "说明", most=120, rows=2, required=False),
        Lines(
            "searches", "大家在找", required=False, most=8, longest=12,
            help="一行一个词，点了就是查这个词。由编辑定，不记录任何人查了什么。",
        ),
        Choice(
            "column", "列出哪个栏目的下级", source="columns", required=False, unset="不列",
        ),
    )  # fmt: skip
    places = frozenset({HOME})
    most = 1
    may_stand_beside = False

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """搜索框用站点的；没有检索的站点不放。"""
        column = page.press.column(values["column"]) if values["column"] else None
        sections = page.press.children(column) if column else []
        clauses = re.split(r"(?<=[，。、；：！？])", values["title"])
        return self.printed(page, values, column=column, sections=sections, clauses=clauses)
