"""一段文字：由带样子的几截连成，空白照网页的规矩并起来，样子化为起止位置。纯函数。"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from .blocks import MARKS, Mark

Marks = frozenset[tuple[str, str]]
"""一截文字的样子：名称，和链接的地址（别的为空）。"""
PLAIN: Marks = frozenset()

SOFT = "\v"
"""网页源码里的换行，还没有定是空格还是什么都不是。"""
_SOURCE_BREAK = re.compile(r"[ \t\r\f]*\n[ \t\r\n\f]*")
_SPACES = re.compile(r"[ \t\u00a0\u2002\u2003\u2009]+")
_GAP = re.compile(rf"[ {SOFT}\n\u3000\ufeff\u200b\u200c\u200d\u00ad]+")
_WIDE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u201c\u201d\u2018\u2019]"
)
_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u00ad]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_RANK = {name: position for position, name in enumerate(MARKS)}


class Runs:
    """正在连的一段。"""

    def __init__(self) -> None:
        self._runs: list[tuple[str, Marks]] = []

    def __bool__(self) -> bool:
        return bool(self._runs)

    def add(self, text: str, marks: Marks = PLAIN) -> None:
        """接上网页源码里的一截。"""
        text = _SPACES.sub(" ", _SOURCE_BREAK.sub(SOFT, _CONTROL.sub("", text)))
        if text:
            self._runs.append((text, marks))

    def break_line(self) -> None:
        """段内换行。"""
        self._runs.append(("\n", PLAIN))

    def append(self, text: str, marks: Iterable[Mark]) -> None:
        """另起一行，接上已经成形的一段。"""
        if self._runs:
            self.break_line()
        self._runs.extend(_cut(text, marks))

    def finish(self) -> tuple[str, list[Mark]]:
        """连成的文字和样子；此后从头连起。"""
        runs, self._runs = self._runs, []
        joined = "".join(text for text, _ in runs)
        text, position = _squeezed(joined)
        spans: dict[tuple[str, str], list[list[int]]] = {}
        start = 0
        for piece, marks in runs:
            end = start + len(piece)
            for mark in marks:
                _extend(spans.setdefault(mark, []), position(start), position(end))
            start = end
        return text, _written(spans)


def _extend(ranges: list[list[int]], start: int, end: int) -> None:
    if start >= end:
        return
    if ranges and ranges[-1][1] >= start:
        ranges[-1][1] = max(ranges[-1][1], end)
    else:
        ranges.append([start, end])


def _written(spans: dict[tuple[str, str], list[list[int]]]) -> list[Mark]:
    marks = [
        {"type": name, "start": start, "end": end, **({"href": href} if href else {})}
        for (name, href), ranges in spans.items()
        for start, end in ranges
    ]
    return sorted(marks, key=lambda mark: (mark["start"], _RANK[mark["type"]], -mark["end"]))


class _Positions:
    """原文里的位置对到并过空白之后的位置。"""

    def __init__(self) -> None:
        self.old: list[int] = [0]
        self.new: list[int] = [0]

    def jump(self, old: int, new: int) -> None:
        self.old.append(old)
        self.new.append(new)

    def __call__(self, old: int) -> int:
        at = bisect_right(self.old, old) - 1
        limit = self.new[at + 1] if at + 1 < len(self.new) else None
        moved = self.new[at] + old - self.old[at]
        return moved if limit is None else min(moved, limit)


def _squeezed(joined: str) -> tuple[str, _Positions]:
    """空白并起来：两头的去掉，几个并成一个，汉字之间因源码折行而来的去掉。"""
    positions = _Positions()
    kept: list[str] = []
    length = last = 0
    for gap in _GAP.finditer(joined):
        before = joined[gap.start() - 1] if gap.start() else ""
        after = joined[gap.end()] if gap.end() < len(joined) else ""
        shown = _shown(gap.group(), before, after)
        kept += (joined[last : gap.start()], shown)
        length += gap.start() - last
        positions.jump(gap.start(), length)
        length += len(shown)
        positions.jump(gap.end(), length)
        last = gap.end()
    kept.append(joined[last:])
    return "".join(kept), positions


def _shown(gap: str, before: str, after: str) -> str:
    if not before or not after:
        return ""
    visible = _INVISIBLE.sub("", gap)
    if "\n" in visible:
        return "\n"
    if "\u3000" in visible:
        return "\u3000"
    if not visible:
        return ""
    if SOFT in visible and _WIDE.match(before) and _WIDE.match(after):
        return ""
    return " "


def _cut(text: str, marks: Iterable[Mark]) -> Iterator[tuple[str, Marks]]:
    yield from ((text[start:end], frozenset(on)) for start, end, on in segments(text, list(marks)))


def segments(text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    """按样子切成几截：起、止、这一截的样子（从外到里）。没有重叠，没有遗漏。"""
    edges = {0, len(text), *(mark["start"] for mark in marks), *(mark["end"] for mark in marks)}
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(text))
    for start, end in zip(cuts, cuts[1:], strict=False):
        on = [
            (mark["type"], mark.get("href", ""))
            for mark in marks
            if mark["start"] <= start and end <= mark["end"]
        ]
        yield start, end, sorted(on, key=lambda mark: _RANK[mark[0]])
