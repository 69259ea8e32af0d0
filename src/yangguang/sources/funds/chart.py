"""资金的流向图：服务器上排好每一行的位置，画成 SVG。纯函数，不碰数据库、时钟和配置。

自上而下一行一个单位，缩进表示从哪里分来，长条表示多少：360 像素宽的手机上也读得清，不靠脚本。
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .money import yuan

WIDTH = 340
"""图宽（SVG 的单位，手机上约等于像素）。"""
ROW = 62
INDENT = 18
MOST_ROWS = 60
"""最多画多少行；再多的只画前几级，其余在表里。"""
LONGEST = 17
"""图上名称最多写几个字；全名在表里。"""


@dataclass(frozen=True)
class Line:
    """图上的一行：一个单位从一个单位分到的钱。长度、位置是 SVG 的单位。"""

    name: str
    said: str
    x: int
    y: int
    whole: int
    part: int
    elbow: str
    depth: int


@dataclass(frozen=True)
class Chart:
    """画好的图；``told`` 是不看图的人听的话，``is_cut`` 是没有画全。"""

    width: int
    height: int
    lines: list[Line] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    is_cut: bool = False


@dataclass
class _Share:
    """一个单位从一个单位分到的合计。"""

    giver: str
    receiver: str
    amount: int = 0
    used: int = 0


def chart(payload: Mapping[str, Any]) -> Chart:
    """照载荷画。同两个单位之间的几笔合成一行。"""
    shares: dict[tuple[str, str], _Share] = {}
    for flow in payload["flows"]:
        pair = (flow["giver"], flow["receiver"])
        share = shares.setdefault(pair, _Share(*pair))
        share.amount += flow["amount_fen"]
        share.used += flow["used_fen"] or 0
    holder, total = payload["holder"]["name"], payload["amount_fen"]
    top = _Share("", holder, total, payload["used_fen"] or 0)
    order = _in_order(top, list(shares.values()))
    deepest = max(depth for _, depth in order)
    while deepest > 1 and sum(depth <= deepest for _, depth in order) > MOST_ROWS:
        deepest -= 1
    shown = [each for each in order if each[1] <= deepest][:MOST_ROWS]
    lines: list[Line] = []
    last: dict[int, int] = {}
    for number, (share, depth) in enumerate(shown):
        y = number * ROW
        lines.append(_line(share, depth, y, total, last.get(depth - 1)))
        last[depth] = y
    told = [_told(share) for share, depth in shown if depth]
    return Chart(WIDTH, len(shown) * ROW, lines, told, len(shown) < len(order))


def _in_order(top: _Share, shares: list[_Share]) -> list[tuple[_Share, int]]:
    """从持有单位起一级级排下去；一个单位从几处分到的，下级只在头一处列。"""
    found: list[tuple[_Share, int]] = []
    opened: set[str] = set()
    pending = [(top, 0)]
    while pending:
        share, depth = pending.pop()
        found.append((share, depth))
        if share.receiver not in opened:
            opened.add(share.receiver)
            below = [each for each in shares if each.giver == share.receiver]
            pending += [(each, depth + 1) for each in reversed(below)]
    return found


def _line(share: _Share, depth: int, y: int, total: int, above: int | None) -> Line:
    x = depth * INDENT
    room = WIDTH - x - 2
    whole = max(2, room * share.amount // total)
    part = min(whole, room * share.used // total)
    elbow = "" if above is None else f"M{x - INDENT + 6} {above + 54}V{y + 17}H{x - 2}"
    name = share.receiver
    if len(name) > LONGEST - depth:
        name = f"{name[: LONGEST - depth - 1]}…"
    word = "分到" if depth else "收到"
    said = f"{word} {yuan(share.amount)} 元{_used(share)}"
    return Line(name, said, x, y, whole, part, elbow, depth)


def _used(share: _Share) -> str:
    """支出了几成：两个大数写在一行，手机上放不下，支出的数在表里。"""
    if not share.used:
        return ""
    percent = share.used * 100 // share.amount
    return f"，支出 {percent}%" if percent else "，支出不到 1%"


def _told(share: _Share) -> str:
    return f"{share.giver}分配给{share.receiver} {yuan(share.amount)} 元"
