"""首页和专题页的编排：由块的应用登记，这里只管取用。"""

from collections.abc import Callable
from dataclasses import dataclass

from yangguang.hub.topics.models import Topic

from .frame import Press
from .sheets import Copied


@dataclass(frozen=True)
class Arranged:
    """编排好的一页：一排一排的块（并排的两块在一排），用到的数据键，随页面公开的文件。

    ``has_opening`` 是有没有自己的大标题和搜索框；``warning`` 是紧急提示，没有就是空的。
    """

    rows: tuple[tuple[str, ...], ...] = ()
    keys: frozenset[str] = frozenset()
    files: tuple[Copied, ...] = ()
    has_opening: bool = False
    warning: str = ""


Arrange = Callable[[Press, Topic | None], Arranged]

_registered: list[Arrange] = []


def register_arrangement(arrange: Arrange) -> None:
    """登记由谁编排。只能登记一个。"""
    if _registered:
        raise ValueError("页面的编排已登记")
    _registered.append(arrange)


def arranged(press: Press, topic: Topic | None = None) -> Arranged:
    """首页（``topic`` 为空）或一个专题的页怎样编排。"""
    return _registered[0](press, topic)
