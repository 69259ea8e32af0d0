"""判断什么时候不能再改：答复书在审签的路上，审的是照这个判断写的。别的应用在启动时登记。"""

from collections.abc import Callable

from .models import DisclosureRequest

Hold = Callable[[DisclosureRequest], list[str]]
"""判断现在为什么不能改，每条一句；可以改的为空。"""
_holds: list[Hold] = []


def register(hold: Hold) -> None:
    """登记一条；登记过的抛出 ``ValueError``。"""
    if hold in _holds:
        raise ValueError("已经登记过。")
    _holds.append(hold)


def held_decision(request: DisclosureRequest) -> list[str]:
    """判断现在为什么不能改；可以改的为空。"""
    return [reason for hold in _holds for reason in hold(request)]
