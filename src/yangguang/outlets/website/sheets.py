"""一张印好的页，和“哪一页由谁印”的登记。"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .frame import Press


@dataclass(frozen=True)
class PageRef:
    """一页：站内路径，由哪个印手、用什么印。"""

    path: str
    maker: str
    subject: str = ""


@dataclass(frozen=True)
class Copied:
    """随页面复制到树里的附件。"""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Sheet:
    """印好的内容、用到的数据键，以及它属于哪条信息（撤回时要清除）。"""

    content: bytes
    keys: frozenset[str] = frozenset()
    publication_id: int | None = None
    attachments: tuple[Copied, ...] = field(default=())
    is_tombstone: bool = False


Maker = Callable[[Press, str], Sheet | None]
BatchMaker = Callable[[Press, Sequence[str]], Iterable[Sheet | None]]

_makers: dict[str, BatchMaker] = {}


def batch_maker(name: str) -> Callable[[BatchMaker], BatchMaker]:
    """登记一个成批印的印手：一批要用的数据一次读齐，按次序各印一页。

    一页是 ``None`` 表示它现在不该存在。
    """

    def registered(function: BatchMaker) -> BatchMaker:
        _makers[name] = function
        return function

    return registered


def maker(name: str) -> Callable[[Maker], Maker]:
    """登记一个逐页印的印手：这种页不多，或者各读各的数据。"""

    def registered(function: Maker) -> Maker:
        _makers[name] = lambda press, subjects: (function(press, each) for each in subjects)
        return function

    return registered


def make_all(press: Press, refs: Sequence[PageRef]) -> list[Sheet | None]:
    """印一批，按次序。"""
    groups: dict[str, list[int]] = defaultdict(list)
    for position, ref in enumerate(refs):
        groups[ref.maker].append(position)
    made: list[Sheet | None] = [None] * len(refs)
    for name, positions in groups.items():
        sheets = _makers[name](press, [refs[position].subject for position in positions])
        for position, sheet in zip(positions, sheets, strict=True):
            made[position] = sheet
    return made
