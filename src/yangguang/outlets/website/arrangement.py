"""首页和专题页的编排：由块的应用登记，这里只管取用。"""

from dataclasses import dataclass
from typing import Protocol

from yangguang.hub.topics.models import Topic

from .frame import Press
from .sheets import Copied, Sheet, maker


@dataclass(frozen=True)
class Arranged:
    """编排好的一页：一排一排的块（并排的两块在一排），用到的数据键，随页面公开的文件。

    ``has_opening`` 是有没有自己的大标题和搜索框；``alerts`` 是紧急提示，没有就是空的。
    """

    rows: tuple[tuple[str, ...], ...] = ()
    keys: frozenset[str] = frozenset()
    files: tuple[Copied, ...] = ()
    has_opening: bool = False
    alerts: str = ""


@dataclass(frozen=True)
class Alerts:
    """站点现在的紧急提示：供脚本取用的数据，和用到的数据键。"""

    content: bytes
    keys: frozenset[str]


class Arranger(Protocol):
    """编排的一方。"""

    def arrange(self, press: Press, topic: Topic | None) -> Arranged:
        """一页怎样编排。"""

    def alerts(self, press: Press) -> Alerts:
        """站点现在的紧急提示。"""


_registered: list[Arranger] = []


def register_arranger(arranger: Arranger) -> None:
    """登记由谁编排。只能登记一个。"""
    if _registered:
        raise ValueError("页面的编排已登记")
    _registered.append(arranger)


def arranged(press: Press, topic: Topic | None = None) -> Arranged:
    """首页（``topic`` 为空）或一个专题的页怎样编排。"""
    return _registered[0].arrange(press, topic)


@maker("alerts")
def alerts(press: Press, subject: str) -> Sheet:
    """紧急提示：一个站点一个小文件，各页的脚本取它。首页自己印着，不靠脚本。"""
    found = _registered[0].alerts(press)
    return Sheet(found.content, found.keys)
