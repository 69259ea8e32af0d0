"""画框的一页要的值：每页一张画面，画面下面逐项打勾。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .boxes import KINDS, Box
from .finding import Found
from .models import Redaction, Suggestion

VIEW_WIDTH = 1000
"""画面的宽，像素：只用来先占好位置。"""


@dataclass(frozen=True)
class Tick:
    """一项：一个框，或者折行的几个框。``shown`` 是找到的字。"""

    boxes: tuple[Box, ...]
    is_on: bool
    shown: str = ""

    @property
    def value(self) -> str:
        """交回来的值。"""
        return " ".join(map(str, self.boxes))

    @property
    def label(self) -> str:
        """怎样来的。"""
        return KINDS[self.boxes[0].kind]

    @property
    def where(self) -> str:
        """在页上的哪里。"""
        return "，".join(f"{name} {number}%" for name, number in self.boxes[0].percent().items())


@dataclass(frozen=True)
class PageOf:
    """一页：画面在哪里，勾哪些。"""

    number: int
    href: str
    width: int
    height: int
    is_withheld: bool
    is_unread: bool
    ticks: tuple[Tick, ...]


def pages_of(
    redaction: Redaction,
    boxes: Sequence[Box],
    withheld: Iterable[int],
    found: Sequence[Found] = (),
) -> list[PageOf]:
    """各页：已经遮的勾着，机器找到的、查找到的没有遮的不勾。"""
    whole, current = set(withheld), set(boxes)
    by_page: dict[int, list[Tick]] = {}
    for box in sorted(current):
        by_page.setdefault(box.page, []).append(Tick((box,), is_on=True))
    offered: Sequence[Found | Suggestion] = [*redaction.suggestions, *found]
    for each in offered:
        if not set(each.boxes) <= current:
            tick = Tick(each.boxes, is_on=False, shown=each.shown)
            by_page.setdefault(each.boxes[0].page, []).append(tick)
    unread = set(redaction.unread)
    return [
        PageOf(
            number,
            reverse("workbench:redactions-page", args=[redaction.pk, number]),
            VIEW_WIDTH,
            round(VIEW_WIDTH * height / width),
            number in whole,
            number in unread,
            tuple(by_page.get(number, ())),
        )
        for number, (width, height) in enumerate(redaction.sheets, 1)
    ]


def told(found: Sequence[Found], words: Sequence[str], boxes: Sequence[Box]) -> str:
    """查找的结果，一句话。"""
    new = sum(1 for each in found if not set(each.boxes) <= set(boxes))
    if not found:
        return f"没有找到“{'”“'.join(words)}”。扫描的页、图片上的字机器读不出，请看图。"
    seen = f"，其中 {len(found) - new} 处已经遮了" if new < len(found) else ""
    return f"找到 {len(found)} 处{seen}。没有遮的列在各页下面，请勾上要遮的，再存下。"


def counted(redaction: Redaction) -> dict[str, Any]:
    """记录页上的数：遮了几处、几页，机器找到的还有几处没有遮。"""
    marks = set(redaction.marks)
    withheld = set(redaction.withheld)
    left = [
        each
        for each in redaction.suggestions
        if any(box not in marks and box.page not in withheld for box in each.boxes)
    ]
    return {"boxes": len(marks), "withheld": len(withheld), "left": len(left)}
