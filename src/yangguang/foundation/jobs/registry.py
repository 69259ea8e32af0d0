"""作业的登记处：各应用的 ``jobs.py`` 在启动时自动载入，用这里的三样东西声明。

- ``@job("名称")``：入队才运行的作业。至少运行一次、可能运行两次，所以每个作业都要写成
  重做无害的，或靠 ``enqueue`` 的 ``key`` 与自己记下的标记避免重复。
- ``schedule(...)``：到点自动入队一个作业。
- ``@follow("名称", every=1.0)``：跟随者。不入队，由工人每隔几秒直接调用；
  自己记着做到哪儿，没事做时应当只读一两次数据库（封印、出口跟随变更日志）。
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

Function = Callable[..., object]


class Hopeless(Exception):  # noqa: N818  给作业用的一句话
    """再试也没有用：不再重试，直接进死信。"""


@dataclass(frozen=True)
class Job:
    """一种作业：失败后最多重试 ``retries`` 次，间隔从 ``backoff`` 起加倍；跑过 ``timeout`` 就杀。"""

    name: str
    function: Function
    retries: int
    backoff: timedelta
    timeout: timedelta


@dataclass(frozen=True)
class Schedule:
    """一个日程：每隔 ``every``，或每天当地 ``daily`` 时刻，入队一次 ``job``。"""

    key: str
    job: str
    payload: dict[str, Any]
    every: timedelta | None
    daily: time | None


@dataclass(frozen=True)
class Follower:
    """一个跟随者：每隔 ``every`` 秒调用一次。``apart`` 的另在一个进程里，一次做得久也不耽误别的。"""

    name: str
    function: Callable[[], object]
    every: float
    apart: bool = False


_jobs: dict[str, Job] = {}
_schedules: dict[str, Schedule] = {}
_followers: dict[str, Follower] = {}


def job(
    name: str,
    *,
    retries: int = 5,
    backoff: timedelta = timedelta(seconds=10),
    timeout: timedelta = timedelta(minutes=30),
) -> Callable[[Function], Function]:
    """声明一种作业。函数以 ``payload`` 的各键为关键字参数。名称重复抛出 ``ValueError``。"""

    def declare(function: Function) -> Function:
        _once(_jobs, name, Job(name, function, retries, backoff, timeout))
        return function

    return declare


def schedule(
    key: str,
    job: str,
    *,
    every: timedelta | None = None,
    daily: time | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """声明一个日程；``every`` 与 ``daily`` 恰给一个。"""
    if (every is None) == (daily is None):
        raise ValueError("日程须在 every 与 daily 中恰给一个。")
    _once(_schedules, key, Schedule(key, job, payload or {}, every, daily))


def follow(name: str, *, every: float = 1.0, apart: bool = False) -> Callable[[Function], Function]:
    """声明一个跟随者；一次要做好几秒的，写 ``apart``。"""

    def declare(function: Function) -> Function:
        _once(_followers, name, Follower(name, function, every, apart))
        return function

    return declare


def find(name: str) -> Job:
    """按名称找作业；没有则抛出 ``LookupError``。"""
    try:
        return _jobs[name]
    except KeyError:
        raise LookupError(f"没有名为“{name}”的作业。") from None


def schedules() -> tuple[Schedule, ...]:
    """全部日程。"""
    return tuple(_schedules.values())


def followers() -> tuple[Follower, ...]:
    """全部跟随者。"""
    return tuple(_followers.values())


def _once(table: dict[str, Any], name: str, declared: object) -> None:
    if name in table:
        raise ValueError(f"“{name}”已经声明过。")
    table[name] = declared
