"""发布之前的关：资源库只认这里的约定，怎样检测、谁来把关由 ``hub.screening`` 在启动时登记。

没有登记就什么也发布不了：宁可停住，不可漏检。
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model

from yangguang.foundation.accounts.rules import Actor

from .kinds import Attachment


class Examined(Protocol):
    """看过的一份内容。"""

    @property
    def reasons(self) -> Sequence[str]:
        """不能公开的全部缘由，每条一句；没有则为空。"""

    def note(self, *, actor: Actor, at: datetime) -> None:
        """随发布记下三关各由谁把的。须在发布的事务里。"""


class Gate(Protocol):
    """一道关。"""

    def examine(
        self, payload: Mapping[str, Any], files: Iterable[Attachment], record: Model | None
    ) -> Examined:
        """看一份将要公开的内容，连同附件；``record`` 是它的来源记录，放行的、把过的关按它找。"""

    def text_faults(self, text: str, where: str) -> list[str]:
        """不成为一条信息、也要公开的一段文字里必须拦下的，每条一句。"""


_registered: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """登记；只能有一道，再登记抛出 ``ValueError``。"""
    if _registered:
        raise ValueError("发布的关已经登记过")
    _registered.append(gate)


def gate() -> Gate:
    """登记的关；没有登记抛出 ``RuntimeError``。"""
    if not _registered:
        raise RuntimeError("没有登记发布的关（hub.screening），什么也不能发布")
    return _registered[0]


def reasons_against(
    payload: Mapping[str, Any], files: Iterable[Attachment], record: Model | None = None
) -> list[str]:
    """正文与附件不能公开的缘由，每条一句；没有则为空。"""
    return list(gate().examine(payload, files, record).reasons)


def text_faults(text: str, where: str) -> list[str]:
    """一段要公开的文字里必须拦下的内容，每条一句；``where`` 说明是哪里的文字。"""
    return gate().text_faults(text, where)
