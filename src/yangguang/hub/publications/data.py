"""由平台算出的数据：监督等上层登记怎样算，出口按键取用。

键形如 ``plan:12``，冒号前是登记的前缀。算出的值只含 JSON 的值，烘焙进页面，也另存为数据文件。
"""

from collections.abc import Callable
from datetime import date
from typing import Any

Compute = Callable[[str, date], dict[str, Any]]

_computations: dict[str, Compute] = {}


def register_data(prefix: str, compute: Compute) -> None:
    """登记前缀 ``prefix`` 的算法；``compute(键, 截至日期)`` 返回数据。"""
    if prefix in _computations:
        raise ValueError(f"数据前缀 {prefix} 已登记")
    _computations[prefix] = compute


def compute(key: str, as_of: date) -> dict[str, Any]:
    """算出 ``key`` 截至 ``as_of`` 的数据；前缀没有登记抛出 ``KeyError``。"""
    return _computations[key.partition(":")[0]](key, as_of)
