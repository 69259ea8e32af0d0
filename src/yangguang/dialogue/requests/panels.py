"""申请的记录页上别的应用的一栏：文书、遮盖、救济各在启动时登记。"""

from collections.abc import Callable, Mapping
from typing import Any

from yangguang.foundation.accounts.rules import Actor

from .models import DisclosureRequest

Panel = Callable[[DisclosureRequest, Actor], Mapping[str, Any] | None]
"""给出一栏要的值，其中 ``template`` 是模板；对此人没有内容的为空。"""
_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """登记一栏；登记过的抛出 ``ValueError``。"""
    if panel in _panels:
        raise ValueError("已经登记过。")
    _panels.append(panel)


def panels_of(request: DisclosureRequest, actor: Actor) -> list[Mapping[str, Any]]:
    """这件申请对此人有内容的各栏，按登记的次序。"""
    return [shown for panel in _panels if (shown := panel(request, actor)) is not None]
