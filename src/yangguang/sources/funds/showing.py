"""资金的数怎样写给人看。"""

from .models import Allocation, FlowReport
from .money import yuan


def yuan_or_none(amount: int | None) -> str:
    """元；没有填的为空。"""
    return "" if amount is None else yuan(amount)


def figures_told(of: Allocation | FlowReport) -> list[tuple[str, object]]:
    """收到、拨付、支出：各是多少元，哪一天。"""
    return [
        (yuan_or_none(amount), on)
        for amount, on in (
            (of.received, of.received_on), (of.paid, of.paid_on), (of.used, of.used_on),
        )
    ]  # fmt: skip
