"""申请的记录页、申请人的进度页上别的应用的一栏：文书、遮盖、救济各在启动时登记。"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.theme.chrome import Link

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


Public = Callable[[DisclosureRequest], Sequence[Link]]
"""给出申请人可以看、下载的：已经发给他的文书一类。地址那一头凭 ``public.passes.held`` 另验。"""
_public: list[Public] = []


def register_public(provider: Public) -> None:
    """登记申请人进度页上的链接；登记过的抛出 ``ValueError``。"""
    if provider in _public:
        raise ValueError("已经登记过。")
    _public.append(provider)


def public_links_of(request: DisclosureRequest) -> list[Link]:
    """申请人可以看、下载的，按登记的次序。"""
    return [link for provider in _public for link in provider(request)]
