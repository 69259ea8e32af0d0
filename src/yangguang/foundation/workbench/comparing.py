"""一条记录的两版对照：各项哪里变了，没有变的段落折起来。纯函数。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .differences import Effort, Pair, compared
from .merging import plainly

NEAR = 1
"""改动前后各留几段没有变的，看得出上下文。"""
SHORTEST = 3
"""没有变的连着这么多段以上才折。"""


@dataclass(frozen=True)
class Item:
    """一版里的一项。

    ``values`` 是表单里交得回去的值，``told`` 是说给人听的。``is_typed`` 为假的不在表单里（如附件），
    只供对照。
    """

    name: str
    label: str
    values: tuple[str, ...]
    told: str
    is_typed: bool = True

    def kept(self) -> dict[str, Any]:
        """存下的写法。"""
        return {
            "name": self.name,
            "label": self.label,
            "values": list(self.values),
            "told": self.told,
            "typed": self.is_typed,
        }


def items_of(kept: Iterable[dict[str, Any]]) -> list[Item]:
    """存下的各项。"""
    return [
        Item(each["name"], each["label"], tuple(each["values"]), each["told"], each["typed"])
        for each in kept
    ]


@dataclass(frozen=True)
class Stretch:
    """连着的几段；``is_folded`` 的没有变，平时折着。"""

    pairs: Sequence[Pair]
    is_folded: bool = False


@dataclass(frozen=True)
class Changed:
    """变了的一项。"""

    label: str
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class Comparison:
    """两版对照的结果：变了的各项，没有变的各项的名称（空着的不提）。"""

    changed: Sequence[Changed]
    same: Sequence[str]


def differing(old: Iterable[Item], new: Iterable[Item]) -> list[str]:
    """两版不一样的各项的名称。换行的写法、行尾空白不计；没有这一项的当它空着。"""
    return [
        (now or was).label  # type: ignore[union-attr]
        for was, now in _met(old, new)
        if not _is_same(was, now)
    ]


def comparison(old: Iterable[Item], new: Iterable[Item]) -> Comparison:
    """两版逐项对照。各项合用一份工夫，再长也有限。"""
    effort, changed, same = Effort(), [], []
    for was, now in _met(old, new):
        label = (now or was).label  # type: ignore[union-attr]
        if not _is_same(was, now):
            before, after = was.told if was else "", now.told if now else ""
            changed.append(Changed(label, folded(compared(before, after, effort))))
        elif now and now.told:
            same.append(label)
    return Comparison(changed, same)


def folded(pairs: Sequence[Pair]) -> list[Stretch]:
    """没有变的连着许多段的折起来，紧挨着改动的留着。连起来还是原来的各段。"""
    stretches: list[Stretch] = []
    shown: list[Pair] = []
    at = 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end].is_same:
            end += 1
        first = at + (NEAR if at else 0)
        last = end - (NEAR if end < len(pairs) else 0)
        if last - first >= SHORTEST:
            shown += pairs[at:first]
            stretches += [Stretch(shown)] if shown else []
            stretches.append(Stretch(pairs[first:last], is_folded=True))
            shown = list(pairs[last:end])
        else:
            shown += pairs[at:end]
        shown += pairs[end : end + 1]
        at = end + 1
    return [*stretches, Stretch(shown)] if shown else stretches


def _met(old: Iterable[Item], new: Iterable[Item]) -> list[tuple[Item | None, Item | None]]:
    """同名的放在一起：新的次序，旧的独有的在后。"""
    before = {each.name: each for each in old}
    pairs: list[tuple[Item | None, Item | None]] = [
        (before.pop(each.name, None), each) for each in new
    ]
    return pairs + [(each, None) for each in before.values()]


def _is_same(old: Item | None, new: Item | None) -> bool:
    return plainly(old.values if old else ()) == plainly(new.values if new else ())
