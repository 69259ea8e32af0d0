"""资金公开的规则：一笔资金逐级分配、拨付、使用，各级的数要对得上。纯函数，不碰数据库、时钟和配置。

公开什么，照《临夏州政务公开工作实施方案》（临州办发〔2020〕81号）第 9 项：“确保政策资金流向、使用公开
透明，让政策资金直达基层，直接惠企利民”。钱数一律是分（见 ``money``），话里写元。
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .money import yuan

KINDS = {"policy": "政策资金", "direct": "直达资金"}
"""资金的种类。"""
LEVELS = {"prefecture": "州", "county": "县市", "township": "乡镇街道"}
"""层级，从上到下。"""
RANKS = {level: rank for rank, level in enumerate(LEVELS)}
FIGURES = ("received", "received_on", "paid", "paid_on", "used", "used_on")
"""一笔分配里由接收单位自己说的各项。"""
STAGE = "execution"
"""资金的分配、拨付、使用属于执行公开。"""
SUBJECT = "财政、金融、审计"


@dataclass(frozen=True)
class Unit:
    """一个单位：在库里的编号、名称、层级。"""

    code: int
    name: str
    level: str


@dataclass(frozen=True)
class Spending:
    """一个单位用一笔钱用到哪里：``paid`` 拨付到项目、企业、个人的，``used`` 其中已经支出的（分）。

    没有发生的为空，日期也空着；日期是最近一次的。
    """

    paid: int | None = None
    paid_on: date | None = None
    used: int | None = None
    used_on: date | None = None


@dataclass(frozen=True)
class Flow:
    """一笔分配。``number`` 是第几笔，``amount`` 是上级说分了多少，``received`` 是下级说收到多少（分）。"""

    number: int
    giver: Unit
    receiver: Unit
    amount: int
    allocated_on: date | None = None
    document_number: str = ""
    project: str = ""
    received: int | None = None
    received_on: date | None = None
    spending: Spending = Spending()

    @property
    def name(self) -> str:
        """话里怎样称它。"""
        return f"第 {self.number} 笔（{self.giver.name}分配给{self.receiver.name}）"


@dataclass(frozen=True)
class Account:
    """一笔资金的账：``holder`` 收到 ``amount``（分），自己用的是 ``spending``，往下分的是 ``flows``。"""

    holder: Unit
    amount: int
    received_on: date | None
    spending: Spending
    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class Totals:
    """一级（或一个单位）的合计（分）。

    ``announced`` 上级说分来的，``received`` 自己收到的，``allocated`` 再分给下级的，``paid`` 直接拨付的，
    ``used`` 其中支出的。
    """

    units: int = 1
    announced: int = 0
    received: int = 0
    allocated: int = 0
    paid: int = 0
    used: int = 0

    @property
    def in_transit(self) -> int:
        """分来了还没有收到的。"""
        return self.announced - self.received

    @property
    def left(self) -> int:
        """收到了，还没有分、没有拨付的。"""
        return self.received - self.allocated - self.paid


def units_of(account: Account) -> list[Unit]:
    """涉及的各单位，按出现的先后，持有单位在前。"""
    found = {account.holder.code: account.holder}
    for flow in account.flows:
        found.setdefault(flow.giver.code, flow.giver)
        found.setdefault(flow.receiver.code, flow.receiver)
    return list(found.values())


def unit_totals(account: Account) -> dict[int, Totals]:
    """各单位的合计，按编号。"""
    found = {}
    for unit in units_of(account):
        is_holder = unit.code == account.holder.code
        own = account.amount if is_holder else 0
        into = [flow for flow in account.flows if flow.receiver.code == unit.code]
        out = [flow for flow in account.flows if flow.giver.code == unit.code]
        spent = [flow.spending for flow in into] + ([account.spending] if is_holder else [])
        found[unit.code] = Totals(
            1,
            own + sum(flow.amount for flow in into),
            own + sum(flow.received or 0 for flow in into),
            sum(flow.amount for flow in out),
            sum(each.paid or 0 for each in spent),
            sum(each.used or 0 for each in spent),
        )
    return found


def level_totals(account: Account) -> dict[str, Totals]:
    """各级的合计，从上到下；只算从外面进这一级、分到这一级以外的，同级之间的不重复算。"""
    found = {}
    units = units_of(account)
    for level in LEVELS:
        within = [unit for unit in units if unit.level == level]
        if not within:
            continue
        own = account.amount if account.holder.level == level else 0
        here = [flow for flow in account.flows if flow.receiver.level == level]
        into = [flow for flow in here if flow.giver.level != level]
        out = [f for f in account.flows if f.giver.level == level and f.receiver.level != level]
        spent = [flow.spending for flow in here] + ([account.spending] if own else [])
        found[level] = Totals(
            len(within),
            own + sum(flow.amount for flow in into),
            own + sum(flow.received or 0 for flow in into),
            sum(flow.amount for flow in out),
            sum(each.paid or 0 for each in spent),
            sum(each.used or 0 for each in spent),
        )
    return found


def faults(account: Account, today: date) -> list[str]:
    """账对不上的，每条一句，写明哪个单位、哪个数；对得上为空。"""
    return [*structure_faults(account), *sum_faults(account), *date_faults(account, today)]


def own_faults(flow: Flow, today: date) -> list[str]:
    """接收单位自己报的数不成立的，每条一句；与上级分配的数不同可以报，由持有资金的机构核对。"""
    name = flow.receiver.name
    if not flow.received and flow.spending == Spending():
        return [f"{name}还没有填收到多少。"]
    steps = (
        (f"由{flow.giver.name}分配", flow.amount, flow.allocated_on),
        ("收到", flow.received, flow.received_on),
        *_steps(flow.spending),
    )
    own = steps if flow.allocated_on else steps[1:]
    return [*_spending_faults(name, flow.received or 0, flow.spending), *_dated(name, own, today)]


# ---- 往哪里流 ----


def structure_faults(account: Account) -> list[str]:
    """流向不成立的：分给自己、由下往上、兜圈子、分回持有单位。"""
    found = []
    for flow in account.flows:
        if flow.giver.code == flow.receiver.code:
            found.append(f"第 {flow.number} 笔：{flow.giver.name}不能分配给自己。")
        elif RANKS[flow.giver.level] > RANKS[flow.receiver.level]:
            found.append(f"{flow.name}：资金逐级往下分配，不能由下级分配给上级。")
        elif flow.receiver.code == account.holder.code:
            found.append(f"{flow.name}：资金从{flow.receiver.name}分出来，不能再分回去。")
    if not found and (ring := _ring(account.flows)):
        names = "→".join(unit.name for unit in (*ring, ring[0]))
        found.append(f"{names}：资金兜了圈子，请核对分配单位和接收单位。")
    return found


def _ring(flows: Iterable[Flow]) -> list[Unit]:
    """兜圈子的各单位，按流向；没有为空。"""
    out: dict[int, list[Unit]] = {}
    named: dict[int, Unit] = {}
    for flow in flows:
        named[flow.giver.code] = flow.giver
        out.setdefault(flow.giver.code, []).append(flow.receiver)
    done: set[int] = set()
    for start in named:
        way: list[Unit] = []
        on_way: set[int] = set()
        pending: list[tuple[Unit, Iterator[Unit]]] = []
        if start not in done:
            pending = [(named[start], iter(out[start]))]
        while pending:
            unit, onward = pending[-1]
            if unit.code not in on_way:
                way.append(unit)
                on_way.add(unit.code)
            step = next(onward, None)
            if step is None:
                pending.pop()
                way.pop()
                on_way.discard(unit.code)
                done.add(unit.code)
            elif step.code in on_way:
                codes = [each.code for each in way]
                return way[codes.index(step.code) :]
            elif step.code not in done:
                pending.append((step, iter(out.get(step.code, ()))))
    return []


# ---- 数对不对得上 ----


def sum_faults(account: Account) -> list[str]:
    """数对不上的：收到与分配不一致，分出去的多于收到的，拨付多于收到的，支出多于拨付的。"""
    found = []
    for flow in account.flows:
        if flow.received is not None and flow.received != flow.amount:
            found.append(
                f"第 {flow.number} 笔：{flow.receiver.name}收到 {yuan(flow.received)} 元，与"
                f"{flow.giver.name}分配的 {yuan(flow.amount)} 元相差 "
                f"{yuan(abs(flow.amount - flow.received))} 元。"
            )
        found += _spending_faults(
            f"第 {flow.number} 笔：{flow.receiver.name}", flow.received or 0, flow.spending
        )
    found += _spending_faults(account.holder.name, account.amount, account.spending)
    totals = unit_totals(account)
    for unit in units_of(account):
        found += _unit_faults(unit, totals[unit.code])
    for level, total in level_totals(account).items():
        waiting = any(f.receiver.level == level and f.received is None for f in account.flows)
        if total.in_transit and not waiting:
            found.append(
                f"{LEVELS[level]}合计收到 {yuan(total.received)} 元，与上级分配给{LEVELS[level]}的合计 "
                f"{yuan(total.announced)} 元相差 {yuan(abs(total.in_transit))} 元。"
            )
    return found


def _unit_faults(unit: Unit, total: Totals) -> list[str]:
    spent = total.allocated + total.paid
    if spent <= total.received:
        return []
    if not total.received:
        return [f"{unit.name}还没有收到资金，却分配、拨付了 {yuan(spent)} 元。"]
    return [
        f"{unit.name}收到 {yuan(total.received)} 元，分配 {yuan(total.allocated)} 元、拨付 "
        f"{yuan(total.paid)} 元，多出 {yuan(spent - total.received)} 元。"
    ]


def _spending_faults(name: str, received: int, spending: Spending) -> list[str]:
    paid, used = spending.paid or 0, spending.used or 0
    found = []
    if paid > received:
        found.append(f"{name}拨付 {yuan(paid)} 元，多于收到的 {yuan(received)} 元。")
    if used > paid:
        found.append(f"{name}支出 {yuan(used)} 元，多于拨付的 {yuan(paid)} 元。")
    return found


# ---- 日期先后 ----


def date_faults(account: Account, today: date) -> list[str]:
    """日期不成立的：缺的、先后颠倒的、还没有到的。"""
    found = _dated(
        account.holder.name,
        (("收到", account.amount, account.received_on), *_steps(account.spending)),
        today,
    )
    first = _first_received(account)
    for flow in account.flows:
        steps = (
            (f"由{flow.giver.name}分配", flow.amount, flow.allocated_on),
            ("收到", flow.received, flow.received_on),
            *_steps(flow.spending),
        )
        found += _dated(f"第 {flow.number} 笔：{flow.receiver.name}", steps, today)
        since = first.get(flow.giver.code)
        if since and flow.allocated_on and flow.allocated_on < since:
            found.append(
                f"第 {flow.number} 笔：{flow.giver.name} {flow.allocated_on} 分配给"
                f"{flow.receiver.name}，早于它自己收到资金的 {since}。"
            )
    return found


def _steps(spending: Spending) -> tuple[tuple[str, int | None, date | None], ...]:
    return (
        ("拨付", spending.paid, spending.paid_on),
        ("支出", spending.used, spending.used_on),
    )


def _first_received(account: Account) -> Mapping[int, date]:
    """各单位最早哪一天收到。"""
    found: dict[int, date] = {}
    if account.received_on:
        found[account.holder.code] = account.received_on
    for flow in account.flows:
        if flow.received_on:
            known = found.get(flow.receiver.code, flow.received_on)
            found[flow.receiver.code] = min(known, flow.received_on)
    return found


def _dated(
    name: str, steps: Sequence[tuple[str, int | None, date | None]], today: date
) -> list[str]:
    """一步步的数和日期：有数的有日期，有日期的有数，先后不颠倒，不晚于今天。"""
    found = []
    before: tuple[str, date] | None = None
    for word, amount, on in steps:
        if amount and on is None:
            found.append(f"{name}{word}的 {yuan(amount)} 元没有填日期。")
        if on is None:
            continue
        if amount is None:
            found.append(f"{name}填了{word}的日期，没有填数。")
        if on > today:
            found.append(f"{name}{word}的日期 {on} 还没有到。")
        if before is not None and on < before[1]:
            found.append(f"{name}{word}的日期 {on} 早于{before[0]}的日期 {before[1]}。")
        before = (word, on)
    return found
