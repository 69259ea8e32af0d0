"""指标的登记处：来源、出口、互动各应用在启动时登记，任务页和监督从这里取。"""

from collections.abc import Iterable

from .rules import Indicator

_indicators: dict[str, Indicator] = {}


def register(indicators: Iterable[Indicator]) -> None:
    """登记几个指标；代码重复抛出 ``ValueError``。"""
    for each in indicators:
        if each.code in _indicators:
            raise ValueError(f"指标 {each.code} 已登记")
        _indicators[each.code] = each


def find(code: str) -> Indicator:
    """按代码取；没有抛出 ``KeyError``。"""
    return _indicators[code]


def registered() -> tuple[Indicator, ...]:
    """全部指标：按所为的任务，同一任务的按登记的次序。"""
    return tuple(sorted(_indicators.values(), key=lambda each: each.tasks))


def of_basis(basis: str) -> tuple[Indicator, ...]:
    """为一个方案（文号）的指标。"""
    return tuple(each for each in registered() if basis and each.basis == basis)
