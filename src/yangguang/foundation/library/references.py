"""用在哪里：各应用登记自己怎样用到资料和文件，资料的页面据此列出用到它的地方。

新的应用引用了资料，就在启动时 ``register`` 一个查法；没有登记的用处，资料库不知道。
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from yangguang.foundation.accounts.rules import Actor


@dataclass(frozen=True)
class Sought:
    """要查的：资料的编号，各份内容的文件编号（``StoredFile``）和摘要（含由它做成的）。"""

    items: frozenset[int] = field(default=frozenset())
    files: frozenset[int] = field(default=frozenset())
    digests: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Use:
    """一处用到：``what`` 是一句话，例如“公文《……》的附件”；``href`` 是工作台里的地址。

    ``is_public`` 是公众此刻看得到。
    """

    what: str
    href: str = ""
    is_public: bool = False


Finder = Callable[[Sought, Actor | None], Iterable[Use]]
"""查法：``actor`` 看得见的用处；``actor`` 为空是全部。公众看得到的，谁都看得见。"""

_finders: dict[str, Finder] = {}


def register(code: str, finder: Finder) -> None:
    """登记一种用处的查法；代码重复抛出 ``ValueError``。"""
    if code in _finders:
        raise ValueError(f"用处 {code} 已登记")
    _finders[code] = finder


def uses(sought: Sought, actor: Actor | None) -> list[Use]:
    """全部用处，按登记的次序。各种用处一两次查询。"""
    return [use for finder in _finders.values() for use in finder(sought, actor)]
