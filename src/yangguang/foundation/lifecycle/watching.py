"""谁在看着：流转的每一步，提交之前告诉在启动时登记过的应用。

看着的与那一步同在一个事务里：它写的东西、入队的作业，与那一步一起提交或一起作废。
它不能拒绝（要拒绝的写成守卫），出了错那一步也不算。
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .models import LivingRecord, TransitionRecord


@dataclass(frozen=True)
class Step:
    """走过的一步：走过之后的记录，和记下的那一行。"""

    record: LivingRecord
    row: TransitionRecord


Watcher = Callable[[Sequence[Step]], None]
"""一次给同一种记录的几步；查询次数不该随步数增加。"""

_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """登记一个看着的；登记过的抛出 ``ValueError``。"""
    if watcher in _watchers:
        raise ValueError("已经登记过。")
    _watchers.append(watcher)


def tell(steps: Sequence[Step]) -> None:
    """把几步告诉每一个看着的。"""
    for watcher in _watchers:
        watcher(steps)
