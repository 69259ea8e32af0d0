"""一张印好的页，和“哪一页由谁印”的登记。"""

from collections.abc import Callable
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

_makers: dict[str, Maker] = {}


def maker(name: str) -> Callable[[Maker], Maker]:
    """登记一个印手。它返回 ``None`` 表示这一页现在不该存在。"""

    def registered(function: Maker) -> Maker:
        _makers[name] = function
        return function

    return registered


def make(press: Press, ref: PageRef) -> Sheet | None:
    """印一页。"""
    return _makers[ref.maker](press, ref.subject)
