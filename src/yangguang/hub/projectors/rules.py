"""出口的规则：落后多少要报警，撤回多久没有确认要报警。纯函数，不碰数据库、时钟和配置。"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

LATE = timedelta(seconds=60)
"""变更过了这么久还没有落实、撤回过了这么久还没有确认，就要报警。"""
NAMED = 5
"""一条警告里最多列出几条信息。"""

RESTART = "请看作业进程是否在运行（yangguang work），网站目录的磁盘是否已满。"


@dataclass(frozen=True)
class Lag:
    """一个出口落后多少：几笔变更，最早的一笔等了几秒。``changes_unsealed`` 是其中还没有封印的。"""

    code: str
    label: str
    sequence: int
    changes_behind: int
    changes_unsealed: int
    seconds_behind: int


@dataclass(frozen=True)
class Unacknowledged:
    """一个出口还没有确认的一次撤回，从它该动手起等了几秒。"""

    index_number: str
    projector: str
    label: str
    seconds: int


def lag_warnings(lags: Iterable[Lag]) -> list[str]:
    """落后太久的出口，每个一句。"""
    return [
        f"{lag.label}落后 {lag.changes_behind} 笔变更，最早的已等了 {spoken(lag.seconds_behind)}"
        f"{_unsealed(lag)}。{RESTART}"
        for lag in lags
        if lag.seconds_behind > LATE.total_seconds()
    ]


def withdrawal_warnings(waiting: Iterable[Unacknowledged]) -> list[str]:
    """过时没有确认的撤回，每个出口一句。"""
    late: dict[str, list[Unacknowledged]] = {}
    for one in waiting:
        if one.seconds > LATE.total_seconds():
            late.setdefault(one.projector, []).append(one)
    return [_unacknowledged(each) for each in late.values()]


def _unacknowledged(late: list[Unacknowledged]) -> str:
    named = "、".join(
        f"{one.index_number}（已 {spoken(one.seconds)}）"
        for one in sorted(late, key=lambda one: -one.seconds)[:NAMED]
    )
    more = f"等 {len(late)} 条" if len(late) > NAMED else ""
    return f"撤回的信息，{late[0].label}还没有确认撤下：{named}{more}。{RESTART}"


def _unsealed(lag: Lag) -> str:
    return f"，其中 {lag.changes_unsealed} 笔还没有封印" if lag.changes_unsealed else ""


def spoken(seconds: int) -> str:
    """几秒、几分钟、几小时、几天。"""
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def as_json(row: Lag | Unacknowledged) -> dict[str, Any]:
    """给程序看的一行。"""
    return asdict(row)
