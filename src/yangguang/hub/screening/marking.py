"""把发现标在文字里：一处文字切成几段，段上写明是不是发现。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Spot(Protocol):
    """一处文字里的一段：从第几字到第几字之前。"""

    @property
    def start(self) -> int:
        """起。"""

    @property
    def end(self) -> int:
        """止。"""


@dataclass(frozen=True)
class Piece:
    """切开的一段。``spot`` 为空是没有问题的文字。"""

    text: str
    spot: Spot | None = None


def pieces(text: str, spots: Iterable[Spot]) -> Sequence[Piece]:
    """按 ``spots`` 切开，连起来就是原文；互相重叠的，后一处只标没有标过的部分。"""
    found: list[Piece] = []
    at = 0
    for spot in sorted(spots, key=lambda each: (each.start, each.end)):
        start, end = max(spot.start, at), min(spot.end, len(text))
        if start >= end:
            continue
        if at < start:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], spot))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found
