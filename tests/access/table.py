"""权限表：每个地址、每种方法一行，写明谁行、对什么、留下什么痕迹。"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.town import Town
from yangguang.foundation.accounts.models import Role
from yangguang.foundation.accounts.rules import Actor

EVERYONE = frozenset(Role.values)
WRITERS = frozenset({"drafter", "reviewer", "approver"})


@dataclass(frozen=True)
class Row:
    """一个地址的一种方法。

    ``path`` 从场景里取一个真实的对象，给出地址；``data`` 是这个人要交的内容；``roles`` 是本机构里行的角色，别的角色一律 404。
    ``elsewhere`` 为真表示别的机构的同一角色也行（不涉及具体记录的页面）。``event`` 是成功之后
    必定留下的审计事件；不改动任何东西的为空。``answer`` 是改动成功的状态码：通常转到记录页。
    ``host`` 是从哪个主机名打开的。
    """

    route: str
    path: Callable[[Town], str]
    roles: frozenset[str]
    method: str = "GET"
    data: Callable[[Town, Actor], dict[str, Any]] = field(default=lambda town, who: {})
    event: str = ""
    elsewhere: bool = False
    answer: int = 302
    host: str = "testserver"


ROWS: list[Row] = []


def rows(*given: Row) -> None:
    """登记几行。"""
    ROWS.extend(given)
