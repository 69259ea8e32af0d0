"""导航的块：栏目，下级政府和部门。"""

from collections.abc import Mapping
from typing import Any

from ..fields import Choice
from .base import HEADING, HOME, Arranging, BlockKind, Shown

UNITS = (("lower", "下级政府"), ("departments", "政府部门"))


class Columns(BlockKind):
    """按栏目找：一级栏目，和第一个栏目下面两级。"""

    code = "columns"
    label = "按栏目找"
    help = "站点的栏目，按网站的层次列出。"
    fields = (HEADING,)
    places = frozenset({HOME})
    most = 1

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """第一个一级栏目在导航里，这里列它的下级。"""
        press = page.press
        roots = press.open_roots
        sections = press.children(roots[0]) if roots else []
        below = [child for section in sections for child in press.children(section)]
        return self.printed(page, values, columns=[*roots[1:], *below])


class Units(BlockKind):
    """下级政府，或者政府部门。"""

    code = "units"
    label = "下级政府或部门"
    help = "各县市（县的站点是各乡镇街道），或者各政府部门，各有自己的一页。"
    fields = (HEADING, Choice("which", "列哪些", choices=UNITS))
    places = frozenset({HOME})
    most = 2
    may_stand_beside = False

    def show(self, page: Arranging, values: Mapping[str, Any]) -> Shown:
        """本站点没有的，不印。"""
        press = page.press
        units = (
            press.departments() if values["which"] == "departments" else press.lower_governments()
        )
        return self.printed(page, values, units=units) if units else Shown("")
