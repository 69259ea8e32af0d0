"""两个人同时改一条记录：打开时的样子、我填的、现在存着的，三样合起来看。纯函数。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Values = Mapping[str, Sequence[str]]
"""一张表：字段到填的值（多选的有几个）。"""


@dataclass(frozen=True)
class Merged:
    """合起来的结果。

    ``values`` 是该填在表里的；``taken`` 是别人改了、我没有动的字段，已换成现在的；
    ``clashing`` 是两个人都改了、改得不一样的，表里留着我的。
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    clashing: list[str] = field(default_factory=list)


def merged(base: Values | None, mine: Values, theirs: Values) -> Merged:
    """逐个字段合。没有留下打开时的样子（``base`` 为空）的，不一样的都算两个人改得不一样。"""
    result = Merged()
    for name in mine:
        ours, now = plainly(mine[name]), plainly(theirs.get(name, ()))
        before = plainly(base[name]) if base is not None and name in base else None
        result.values[name] = list(mine[name])
        if ours == now or now == before:
            continue
        if ours == before:
            result.taken.append(name)
            result.values[name] = list(theirs.get(name, ()))
        else:
            result.clashing.append(name)
    return result


def plainly(values: Sequence[str]) -> list[str]:
    """比较用的写法：换行统一，行尾空白、空值、先后不计。"""
    lines = (
        "\n".join(line.rstrip() for line in value.replace("\r\n", "\n").split("\n")).strip()
        for value in values
    )
    return sorted(line for line in lines if line)
