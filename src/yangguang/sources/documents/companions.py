"""公文的记录页上，由它而来的别的记录：解读它的材料等。别的应用在这里登记，公文不必认得它们。"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from yangguang.foundation.accounts.rules import Actor

from .models import OfficialDocument


@dataclass(frozen=True)
class Companion:
    """由公文而来的一条记录：是什么、标题、状态、地址。"""

    what: str
    title: str
    standing: str
    href: str


Finder = Callable[[OfficialDocument, Actor], Iterable[Companion]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """登记一种：``finder(公文, 何人)`` 给出由它而来、此人看得到的各条。"""
    _finders.append(finder)


def companions_of(document: OfficialDocument, actor: Actor) -> list[Companion]:
    """由这份公文而来、此人看得到的各条记录，照登记的次序。"""
    return [each for finder in _finders for each in finder(document, actor)]
