"""遮盖框：哪一页的哪一块。纯函数，不碰数据库、时钟和配置。

位置按人看到的样子说：转正、裁好以后的一页，左上角是原点，宽、高各算作 1。
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yangguang.foundation.screening.rules import KINDS as DETECTED

DRAWN, WORD = "drawn", "word"
KINDS = {
    DRAWN: "自己画的",
    WORD: "查找的词",
    **{kind: label for kind, label in DETECTED.items() if kind != "secret_mark"},
}
"""一个框是怎样来的。"""
MOST_BOXES = 3000
"""一份文件最多多少个框。"""
LEAST = 0.001
"""一边最短是整页的千分之一。"""
MARGIN = 2
"""涂黑时四周各多涂几个像素。"""
_PLACES = 5


@dataclass(frozen=True, order=True)
class Box:
    """第 ``page`` 页（从 1 起）上的一块，四个数都是占整页的几分之几。"""

    page: int
    x: float
    y: float
    width: float
    height: float
    kind: str = DRAWN

    def __str__(self) -> str:
        """写成一个值，放在表单的一项里：``from_text`` 认得回来。"""
        numbers = (f"{n:.{_PLACES}f}" for n in (self.x, self.y, self.width, self.height))
        return ":".join((str(self.page), *numbers, self.kind))

    @property
    def label(self) -> str:
        """怎样来的。"""
        return KINDS[self.kind]

    def percent(self) -> dict[str, str]:
        """左、上、宽、高各是整页的百分之几，给人看。"""
        names = {"左": self.x, "上": self.y, "宽": self.width, "高": self.height}
        return {name: f"{100 * number:.1f}" for name, number in names.items()}

    def pixels(self, width: int, height: int, margin: int = MARGIN) -> tuple[int, int, int, int]:
        """在 ``width``×``height`` 个像素的画面上涂哪些：左、上、右、下，右、下不算在内。"""
        return (
            max(0, math.floor(self.x * width) - margin),
            max(0, math.floor(self.y * height) - margin),
            min(width, math.ceil((self.x + self.width) * width) + margin),
            min(height, math.ceil((self.y + self.height) * height) + margin),
        )


def from_text(value: str) -> Box | None:
    """表单里的一项化为框；写法不对为空。"""
    parts = value.split(":")
    if len(parts) != 6:
        return None
    return _made(*parts)


def from_percent(page: int, left: float, top: float, width: float, height: float) -> Box:
    """由百分数得出的框。"""
    x, y, across, down = (round(each / 100, _PLACES) for each in (left, top, width, height))
    return Box(page, x, y, across, down)


def from_stored(rows: Iterable[dict[str, Any]]) -> list[Box]:
    """库里存着的化为框。"""
    return [Box(**row) for row in rows]


def to_store(boxes: Iterable[Box]) -> list[dict[str, Any]]:
    """存进库里的样子：按页、按位置排，一样的只留一个。"""
    return [asdict(box) for box in sorted(set(boxes))]


def _made(page: str, x: str, y: str, width: str, height: str, kind: str) -> Box | None:
    try:
        number = int(page)
        left, top, across, down = (round(float(each), _PLACES) for each in (x, y, width, height))
    except ValueError:
        return None
    if kind not in KINDS or not all(map(math.isfinite, (left, top, across, down))):
        return None
    return Box(number, left, top, across, down, kind)


def faults(boxes: Sequence[Box], pages: int) -> list[str]:
    """这些框不成立之处，每条一句；没有为空。``pages`` 是共有几页。"""
    found = []
    if len(boxes) > MOST_BOXES:
        found.append(
            f"遮盖的地方有 {len(boxes)} 处，最多 {MOST_BOXES} 处；整页都不公开的，请勾选“整页不予公开”。"
        )
    for page in sorted({box.page for box in boxes if not 1 <= box.page <= pages}):
        found.append(f"没有第 {page} 页，文件共 {pages} 页。")
    for box in boxes:
        if not _is_within(box):
            found.append(f"第 {box.page} 页有一个框超出了页面或者太小，请重画。")
    return list(dict.fromkeys(found))


def withheld_faults(withheld: Iterable[int], pages: int) -> list[str]:
    """整页不予公开的各页不成立之处。"""
    return [
        f"没有第 {page} 页，文件共 {pages} 页。" for page in sorted(set(withheld))
        if not 1 <= page <= pages
    ]  # fmt: skip


def _is_within(box: Box) -> bool:
    slack = 10**-_PLACES * 2
    return (
        box.x >= 0
        and box.y >= 0
        and box.width >= LEAST
        and box.height >= LEAST
        and box.x + box.width <= 1 + slack
        and box.y + box.height <= 1 + slack
    )


def around(page: int, corners: Iterable[tuple[float, float, float, float]], kind: str) -> Box:
    """围住几块（左、上、右、下）的一个框，不出页面。"""
    lefts, tops, rights, bottoms = zip(*corners, strict=True)
    left, top = max(0.0, min(lefts)), max(0.0, min(tops))
    right, bottom = min(1.0, max(rights)), min(1.0, max(bottoms))
    return Box(
        page, round(left, _PLACES), round(top, _PLACES),
        round(max(right - left, LEAST), _PLACES), round(max(bottom - top, LEAST), _PLACES), kind,
    )  # fmt: skip
