"""体检项目：各应用在启动时登记，``yangguang health`` 逐项查过，说出要人处理的事。"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

Check = Callable[[date], list[str]]
"""一项检查：给出日期，返回警告，每条一句，说明怎样处理；没有事则为空。"""


Metric = Callable[[], Any]
"""一组数字：可转成 JSON 的值，供监控取用；该不该报警由检查去说。"""


@dataclass(frozen=True)
class Warned:
    """一条警告：``check`` 是检查的代码。"""

    check: str
    text: str


_checks: dict[str, Check] = {}
_metrics: dict[str, Metric] = {}


def register(code: str, check: Check) -> None:
    """登记一项检查；代码重复抛出 ``ValueError``。"""
    if code in _checks:
        raise ValueError(f"“{code}”已经登记过。")
    _checks[code] = check


def register_metric(code: str, metric: Metric) -> None:
    """登记一组数字；代码重复抛出 ``ValueError``。"""
    if code in _metrics:
        raise ValueError(f"“{code}”已经登记过。")
    _metrics[code] = metric


def measure() -> dict[str, Any]:
    """此刻的全部数字，按代码。"""
    return {code: metric() for code, metric in _metrics.items()}


def examine(on: date) -> list[Warned]:
    """逐项检查 ``on`` 当日的情形，按登记的次序列出全部警告。"""
    return [Warned(code, text) for code, check in _checks.items() for text in check(on)]
