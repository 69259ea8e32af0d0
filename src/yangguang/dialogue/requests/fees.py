"""信息处理费（国办函〔2020〕109号）：按件或者按量，超额累进。纯函数，不碰数据库、时钟和配置。

每件申请只能选一种计算方式，不得同时按两种重复计算。金额以元计，都是整数。
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MEASURES = "国办函〔2020〕109号"
IN_FORCE = date(2021, 1, 1)
"""自这一天起施行。"""

METHODS = {"requests": "按件", "pages": "按量"}
"""两种计算方式，一件只能选一种。"""
FREE_REQUESTS, FIRST_TIER, FIRST_PRICE = 10, 30, 100
TIER, RISE = 10, 100
"""按件：第 31 件起以 10 件为一档，每增一档提高 100 元一件。"""
PAGE_TIERS = ((30, 0), (100, 10), (200, 20))
"""按量：到第几页（含）为止，每页几元。"""
DEAREST_PAGE = 40


@dataclass(frozen=True)
class Step:
    """算式的一步：第几到第几（含），单价，这一段多少元。"""

    first: int
    last: int
    price: int
    yuan: int
    text: str


@dataclass(frozen=True)
class Charge:
    """应收多少元，和逐段的算式；收费通知照着写。"""

    yuan: int
    steps: tuple[Step, ...]
    basis: str = MEASURES


def by_requests(number: int) -> Charge:
    """按件：同一申请人在一个自然月内的第 1 到第 ``number`` 件累计应收多少元。负数抛出 ``ValueError``。

    10 件以内（含）不收；第 11 到第 30 件 100 元一件；第 31 件起以 10 件为一档，每增一档提高 100 元一件。
    """
    tiers = [(FREE_REQUESTS, 0), (FIRST_TIER, FIRST_PRICE)]
    last, price = FIRST_TIER, FIRST_PRICE
    while last < number:
        last, price = last + TIER, price + RISE
        tiers.append((last, price))
    return _charged(number, tiers, "件")


def for_request(ordinal: int) -> int:
    """按件：一个自然月内的第 ``ordinal`` 件这一件应收多少元。"""
    return by_requests(ordinal).yuan - by_requests(ordinal - 1).yuan


def by_pages(number: int) -> Charge:
    """按量：单件申请提供 ``number`` 页（A4 及以下幅面单面为 1 页）应收多少元；多件不累加。负数抛出 ``ValueError``。

    30 页以内（含）不收；第 31 到第 100 页 10 元一页；第 101 到第 200 页 20 元一页；第 201 页起 40 元一页。
    """
    return _charged(number, [*PAGE_TIERS, (max(number, PAGE_TIERS[-1][0]), DEAREST_PAGE)], "页")


def _charged(number: int, tiers: Sequence[tuple[int, int]], unit: str) -> Charge:
    if number < 0:
        raise ValueError("不能是负数。")
    steps, first = [], 1
    for last, price in tiers:
        end = min(last, number)
        if end >= first:
            count = end - first + 1
            yuan = count * price
            span = f"第 {first} {unit}" if end == first else f"第 {first} 至 {end} {unit}"
            told = f"{count} × {price} 元 = {yuan} 元" if price else "不收费"
            steps.append(Step(first, end, price, yuan, f"{span}：{told}"))
        first = last + 1
    return Charge(sum(step.yuan for step in steps), tuple(steps))
