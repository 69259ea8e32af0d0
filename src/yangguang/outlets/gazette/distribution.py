"""赠阅的规则：印数、发出、退回怎样合上，一年下来谁该减、谁该加。纯函数，不碰数据库、时钟和配置。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

KINDS = {
    "village": "村",
    "community": "社区",
    "library": "图书馆",
    "archive": "档案馆",
    "hall": "政务服务中心",
    "organ": "机关",
    "school": "学校",
    "other": "其他",
}
"""赠阅对象的类别，按列出的次序。"""
FEEDBACKS = {
    "opinion": "读后意见",
    "more": "要求增加",
    "fewer": "要求减少",
    "unread": "无人阅读",
}
"""反馈的种类。"""
SIZED = ("more", "fewer")
"""要写明想要几份的反馈。"""
RETURNED_MUCH = 20
"""退回占发出的百分之几以上，算退得多。"""


@dataclass(frozen=True)
class Copies:
    """一期里一个赠阅对象的份数：应发、实发、退回，退回的缘由。"""

    name: str
    kind: str
    planned: int
    sent: int
    returned: int
    reason: str = ""


Counted = tuple[int, int, str]
"""一行登记着的：实发、退回、退回的缘由。"""


def offered(counted: Counted, planned: int) -> Counted:
    """一行显示给人填的：还没有登记的，先照应发的填。"""
    sent, returned, reason = counted
    return sent or planned, returned, reason


def settled(seen: Counted, held: Counted, given: Counted, planned: int) -> Counted | None:
    """打开时是 ``seen``，现在是 ``held``，填的是 ``given``：该存哪一个。

    别人没有改过的（照应发的登记了也算）存填的，自己没有改过的留着别人登记的；两个人都改了、改得不同的为空，
    要人来定。
    """
    if held in (seen, offered(seen, planned), given):
        return given
    return held if given == offered(seen, planned) else None


@dataclass(frozen=True)
class Sum:
    """一类（或者合计）有几个对象，应发、实发、退回、留在读者手里的份数。"""

    label: str
    readers: int
    planned: int
    sent: int
    returned: int

    @property
    def kept(self) -> int:
        """留在读者手里的。"""
        return self.sent - self.returned


@dataclass(frozen=True)
class Totals:
    """一期的合计。``in_hand`` 是结存：印数减去留在读者手里的；还没有填印数为空。"""

    kinds: tuple[Sum, ...]
    whole: Sum
    in_hand: int | None


def totals(rows: Sequence[Copies], print_run: int | None) -> Totals:
    """按类别合计，再合起来。"""
    kinds = tuple(
        _sum(label, [each for each in rows if each.kind == code])
        for code, label in KINDS.items()
        if any(each.kind == code for each in rows)
    )
    whole = _sum("合计", rows)
    return Totals(kinds, whole, None if print_run is None else print_run - whole.kept)


def _sum(label: str, rows: Sequence[Copies]) -> Sum:
    return Sum(
        label,
        len(rows),
        sum(each.planned for each in rows),
        sum(each.sent for each in rows),
        sum(each.returned for each in rows),
    )


def count_faults(rows: Iterable[Copies], print_run: int | None) -> list[str]:
    """份数对不上的地方，每处一句。"""
    rows = list(rows)
    faults = []
    for each in rows:
        if each.returned > each.sent:
            faults.append(f"{each.name}：退回 {each.returned} 份，比发出的 {each.sent} 份多。")
        if each.returned and not each.reason.strip():
            faults.append(f"{each.name}：有退回的，请写明缘由。")
    sent = sum(each.sent for each in rows)
    if sent and print_run is None:
        faults.append("已经发出的，请填印数。")
    elif print_run is not None and sent > print_run:
        faults.append(f"共发出 {sent} 份，比印数 {print_run} 份多 {sent - print_run} 份。")
    return faults


# ---- 一年下来怎样调整 ----


@dataclass(frozen=True)
class Year:
    """一个赠阅对象的一年：现在每期几份，共发出、退回几份，几期无人阅读，最近一次要求增、减到几份。"""

    reader: int
    name: str
    kind: str
    copies: int
    sent: int
    returned: int
    unread: int
    wanted: int | None


@dataclass(frozen=True)
class Proposal:
    """一条调整建议：由几份改为几份（改为 0 份是停止赠阅），各是什么缘由。"""

    reader: int
    name: str
    kind: str
    before: int
    after: int
    reasons: tuple[str, ...]


def proposals(years: Iterable[Year]) -> list[Proposal]:
    """要调整的各个，减的在前。不必调整的不列。"""
    found = [each for year in years if (each := proposal(year))]
    return sorted(found, key=lambda each: (each.after > each.before, each.kind, each.name))


def proposal(year: Year) -> Proposal | None:
    """一个赠阅对象怎样调整。退回的、无人阅读的减，要求增加又没有这两样的加；不必调整为空。

    退回占发出 20% 以上的，按退回的比例减，至少减一份；无人阅读的减半，只有一份的停止。
    """
    after, reasons = year.copies, list[str]()
    if year.sent and year.returned * 100 >= year.sent * RETURNED_MUCH:
        kept = year.sent - year.returned
        after = min(year.copies - 1, year.copies * kept // year.sent)
        percent = year.returned * 100 // year.sent
        reasons.append(f"全年发出 {year.sent} 份，退回 {year.returned} 份，占 {percent}%。")
    if year.unread:
        after = min(after, year.copies // 2)
        reasons.append(f"有 {year.unread} 期反馈无人阅读。")
    if year.wanted is not None and year.wanted < year.copies:
        after = min(after, year.wanted)
        reasons.append(f"要求减到 {year.wanted} 份。")
    if year.wanted is not None and year.wanted > year.copies:
        if not reasons:
            after = year.wanted
        reasons.append(f"要求增加到 {year.wanted} 份{'，先不加' if after < year.wanted else ''}。")
    after = max(after, 0)
    if after == year.copies:
        return None
    return Proposal(year.reader, year.name, year.kind, year.copies, after, tuple(reasons))
