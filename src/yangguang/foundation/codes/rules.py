"""代码表：随法规变的一项项代码，各有起止日期。纯规则，不碰数据库、时钟和配置。

一项代码没有删除，只有停用；改了说法的，旧的止于前一日、新的接着用。从前的记录存的是代码，照它那天的
说法念，所以法规改了，旧记录的意思不变。
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_CODE = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*")
CODE_LENGTH, LABEL_LENGTH, BASIS_LENGTH = 20, 120, 200


@dataclass(frozen=True)
class Entry:
    """代码的一种说法：从哪天到哪天（含；空的没有头、没有尾），出自哪一条。"""

    code: str
    label: str
    legal_basis: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, on: date) -> bool:
        """``on`` 当日用不用这种说法。"""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


@dataclass(frozen=True)
class CodeTable:
    """一张代码表：代号、名称、给谁用，和随产品发布的各项。"""

    slug: str
    name: str
    about: str
    packaged: tuple[Entry, ...]
    between: str = ""
    """说法分大类、小类的，两者之间的记号；不分的为空。"""


def in_force(entries: Iterable[Entry], on: date) -> list[Entry]:
    """``on`` 当日可以选的各项，按给出的次序。"""
    return [entry for entry in entries if entry.holds(on)]


def label_on(entries: Iterable[Entry], code: str, on: date) -> str:
    """代码在 ``on`` 当日的说法；那天没有这一项的，用离得最近的一种；从来没有的照写代码。"""
    own = [entry for entry in entries if entry.code == code]
    for entry in own:
        if entry.holds(on):
            return entry.label
    if not own:
        return code
    return min(own, key=lambda entry: _distance(entry, on)).label


def code_of(entries: Iterable[Entry], label: str) -> str:
    """有过 ``label`` 这种说法的代码，停用了的也算；没有抛出 ``LookupError``。"""
    found = [entry for entry in entries if entry.label == label]
    if not found:
        raise LookupError(f"没有“{label}”这一项。")
    return max(found, key=lambda entry: entry.valid_until or date.max).code


def grouped(table: CodeTable, entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """按大类分开，次序不变；不分大类的，大类为空。"""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        group = entry.label.partition(table.between)[0] if table.between else ""
        found.setdefault(group, []).append(entry)
    return list(found.items())


def choice_fault(entries: Sequence[Entry], code: str, on: date) -> str:
    """``on`` 当日选不得这个代码的缘由；选得的、没有选的为空。"""
    if not code or any(entry.code == code for entry in in_force(entries, on)):
        return ""
    latest = current(entries, code)
    if latest is None:
        return f"没有“{code}”这一项，请从列出的里面选。"
    return f"“{latest.label}”已经停用，请另选。"


def _distance(entry: Entry, on: date) -> int:
    if entry.valid_from is not None and on < entry.valid_from:
        return (entry.valid_from - on).days
    return (on - entry.valid_until).days if entry.valid_until is not None else 0


def adding_faults(entries: Sequence[Entry], wanted: Entry) -> list[str]:
    """为什么不能添这一项，每条一句；可以则为空。"""
    faults = wording_faults(entries, wanted)
    if not _CODE.fullmatch(wanted.code) or len(wanted.code) > CODE_LENGTH:
        faults.append("代码只能用小写字母、数字和短横，例如 16-2-process。")
    if any(entry.code == wanted.code for entry in entries):
        faults.append(f"代码 {wanted.code} 已经用过。停用了的也不能另作他用，请换一个。")
    return faults


def wording_faults(entries: Sequence[Entry], wanted: Entry) -> list[str]:
    """说法与同时用着的另一项相同的不行；没有写出处的不行。"""
    faults = []
    if not wanted.legal_basis.strip():
        faults.append("请写明依据：哪部法规、规章或文件的哪一条。")
    clash = next(
        (
            entry
            for entry in entries
            if entry.code != wanted.code
            and entry.label == wanted.label
            and (entry.valid_until is None or (wanted.valid_from or date.min) <= entry.valid_until)
        ),
        None,
    )
    if clash is not None:
        faults.append(f"“{wanted.label}”与代码 {clash.code} 的说法相同，选的人分不清。")
    return faults


def current(entries: Sequence[Entry], code: str) -> Entry | None:
    """代码最后一种说法；停用了的也算，没有这个代码为空。"""
    own = [entry for entry in entries if entry.code == code]
    return max(own, key=lambda entry: entry.valid_from or date.min, default=None)


def revising_faults(entries: Sequence[Entry], wanted: Entry) -> list[str]:
    """为什么不能自 ``wanted.valid_from`` 起改用这种说法，每条一句。"""
    latest = current(entries, wanted.code)
    if latest is None or wanted.valid_from is None:
        return ["没有这一项，或者没有写明从哪天起。"]
    faults = wording_faults(entries, wanted)
    if latest.valid_until is not None:
        faults.append(f"这一项已于 {latest.valid_until.isoformat()} 停用，不能再改；请另添一项。")
    if latest.valid_from is not None and wanted.valid_from <= latest.valid_from:
        faults.append(f"现在的说法自 {latest.valid_from.isoformat()} 起用，新的要在这以后起用。")
    if (wanted.label, wanted.legal_basis) == (latest.label, latest.legal_basis):
        faults.append("说法和依据都没有改。")
    return faults


def ending_faults(entries: Sequence[Entry], code: str, last_day: date) -> list[str]:
    """为什么不能在 ``last_day`` 之后停用，每条一句。"""
    latest = current(entries, code)
    if latest is None:
        return ["没有这一项。"]
    if latest.valid_until is not None:
        return [f"这一项已于 {latest.valid_until.isoformat()} 停用。"]
    if latest.valid_from is not None and last_day < latest.valid_from:
        return [f"这一项自 {latest.valid_from.isoformat()} 起用，不能在这以前停用。"]
    return []


def day_before(day: date) -> date:
    """前一日。"""
    return day - timedelta(days=1)
