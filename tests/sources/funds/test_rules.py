"""资金的账：数要对得上，日期不颠倒，不兜圈子；对不上的说得出是哪个单位、哪个数。"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.funds.money import MOST, Unread, fen, yuan
from yangguang.sources.funds.rules import (
    Account,
    Flow,
    Spending,
    Unit,
    faults,
    level_totals,
    structure_faults,
    sum_faults,
    unit_totals,
)

STATE = Unit(1, "测试州财政局", "prefecture")
EAST, WEST = Unit(2, "东县", "county"), Unit(3, "西县", "county")
TOWN = Unit(4, "东县甲镇", "township")
TODAY = date(2020, 12, 1)
NOTHING = Spending()


def day(number: int) -> date:
    return date(2020, 1, 1) + timedelta(days=number)


def flow(
    number: int, giver: Unit, receiver: Unit, amount: int, received: int | None = -1,
    spending: Spending = NOTHING, at: int = 10,
) -> Flow:  # fmt: skip
    took = amount if received == -1 else received
    took_on = None if took is None else day(at + 1)
    return Flow(number, giver, receiver, amount, day(at), "", "", took, took_on, spending)


def account(*flows: Flow, amount: int = 1000, spending: Spending = NOTHING) -> Account:
    return Account(STATE, amount, day(1), spending, flows)


def spent(paid: int, used: int, at: int = 30) -> Spending:
    return Spending(paid, day(at), used, day(at + 1))


def test_an_account_that_adds_up_has_nothing_to_say() -> None:
    sound = account(
        flow(1, STATE, EAST, 600, spending=spent(200, 150)),
        flow(2, STATE, WEST, 400),
        flow(3, EAST, TOWN, 400, at=20, spending=spent(400, 400)),
    )
    assert faults(sound, TODAY) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (account(flow(1, STATE, EAST, 1200)),
         "测试州财政局收到 10 元，分配 12 元、拨付 0 元，多出 2 元。"),
        (account(flow(1, STATE, EAST, 500), flow(2, EAST, TOWN, 400, at=20), flow(3, EAST, TOWN, 200, at=20)),
         "东县收到 5 元，分配 6 元、拨付 0 元，多出 1 元。"),
        (account(flow(1, STATE, EAST, 500, 450)),
         "第 1 笔：东县收到 4.50 元，与测试州财政局分配的 5 元相差 0.50 元。"),
        (account(flow(1, STATE, EAST, 500, 450)),
         "县市合计收到 4.50 元，与上级分配给县市的合计 5 元相差 0.50 元。"),
        (account(flow(1, STATE, EAST, 500, spending=spent(600, 100))),
         "第 1 笔：东县拨付 6 元，多于收到的 5 元。"),
        (account(flow(1, STATE, EAST, 500, spending=spent(300, 400))),
         "第 1 笔：东县支出 4 元，多于拨付的 3 元。"),
        (account(flow(1, STATE, EAST, 500, None), flow(2, EAST, TOWN, 300, at=20)),
         "东县还没有收到资金，却分配、拨付了 3 元。"),
        (account(flow(1, STATE, EAST, 500), spending=spent(600, 0)),
         "测试州财政局收到 10 元，分配 5 元、拨付 6 元，多出 1 元。"),
        (account(flow(1, STATE, EAST, 500, spending=Spending(100, None))),
         "第 1 笔：东县拨付的 1 元没有填日期。"),
        (account(flow(1, STATE, EAST, 500, spending=Spending(None, day(30)))),
         "第 1 笔：东县填了拨付的日期，没有填数。"),
        (account(flow(1, STATE, EAST, 500, spending=spent(100, 50, at=5))),
         "第 1 笔：东县拨付的日期 2020-01-06 早于收到的日期 2020-01-12。"),
        (account(flow(1, STATE, EAST, 500), flow(2, EAST, TOWN, 100, at=5)),
         "第 2 笔：东县 2020-01-06 分配给东县甲镇，早于它自己收到资金的 2020-01-12。"),
        (account(flow(1, STATE, EAST, 500, at=400)),
         "第 1 笔：东县由测试州财政局分配的日期 2021-02-04 还没有到。"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_told_with_the_unit_and_the_figure(
    wrong: Account, told: str
) -> None:
    assert told in faults(wrong, TODAY)


def test_money_on_the_way_is_no_fault_but_counts_as_not_received() -> None:
    waiting = account(flow(1, STATE, EAST, 500, None), flow(2, STATE, WEST, 300))
    assert faults(waiting, TODAY) == []
    assert level_totals(waiting)["county"].in_transit == 500


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ((flow(1, EAST, EAST, 1),), "第 1 笔：东县不能分配给自己。"),
        ((flow(1, TOWN, EAST, 1),), "不能由下级分配给上级"),
        ((flow(1, Unit(5, "测试州民政局", "prefecture"), STATE, 1),), "不能再分回去"),
        ((flow(1, EAST, WEST, 1), flow(2, WEST, EAST, 1)), "东县→西县→东县：资金兜了圈子"),
    ],
)
def test_money_that_runs_up_back_or_in_a_ring_is_refused(
    flows: tuple[Flow, ...], told: str
) -> None:
    assert any(told in fault for fault in structure_faults(account(*flows)))


@st.composite
def sound_accounts(draw: st.DrawFn) -> Account:
    """随便一笔对得上的账：每个单位分出去的不多于收到的，拨付、支出不多于剩下的。"""
    total = draw(st.integers(1_00, 10**12))
    flows: list[Flow] = []
    left = {STATE.code: total}
    units = {STATE.code: STATE}
    for number in range(1, draw(st.integers(1, 12)) + 1):
        codes = [c for c in units if left[c] > 0 and units[c].level != "township"]
        if not codes:
            break
        giver = units[draw(st.sampled_from(codes))]
        level = "county" if giver.level == "prefecture" else "township"
        receiver = Unit(100 + number, f"单位{number}", level)
        amount = draw(st.integers(1, left[giver.code]))
        left[giver.code] -= amount
        paid = draw(st.integers(0, amount))
        used = draw(st.integers(0, paid))
        at = 10 if giver == STATE else 40
        flows.append(
            flow(number, giver, receiver, amount, at=at, spending=spent(paid, used, at + 5))
        )
        units[receiver.code], left[receiver.code] = receiver, amount - paid
    return account(*flows, amount=total)


@given(sound_accounts())
def test_a_sound_account_passes_and_no_fen_is_lost_between_the_levels(sound: Account) -> None:
    assert faults(sound, TODAY) == []
    levels = list(level_totals(sound).values())
    assert sum(each.left + each.paid for each in levels) == sound.amount
    assert all(each.left >= 0 and each.used <= each.paid for each in levels)
    # 下一级收到的合计，就是上一级说分出去的
    for upper, lower in zip(levels, levels[1:], strict=False):
        assert lower.received == lower.announced == upper.allocated
    assert sum(each.left for each in unit_totals(sound).values()) == sum(e.left for e in levels)


@given(sound_accounts(), st.data())
def test_one_figure_changed_is_found(sound: Account, data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(sound.flows) - 1))
    held = sound.flows[which]
    assert held.received is not None
    wrong = replace(held, received=held.received + data.draw(st.integers(1, 10**6)))
    flows = (*sound.flows[:which], wrong, *sound.flows[which + 1 :])
    told = sum_faults(replace(sound, flows=flows))
    assert any(f"第 {held.number} 笔" in each and held.receiver.name in each for each in told)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=12))
def test_a_ring_is_found_exactly_when_there_is_one(pairs: list[tuple[int, int]]) -> None:
    units = {code: Unit(code + 10, f"单位{code}", "county") for code in range(1, 7)}
    flows = tuple(flow(n, units[a], units[b], 1) for n, (a, b) in enumerate(pairs, 1) if a != b)
    edges = {(f.giver.code, f.receiver.code) for f in flows}
    left = {code for edge in edges for code in edge}
    # 一再去掉没有进来的：去得干净就没有圈子
    while gone := {c for c in left if not any(b == c and a in left for a, b in edges)}:
        left -= gone
    told = structure_faults(account(*flows))
    assert bool(left) == any("兜了圈子" in each for each in told)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1200000", 120_000_000), ("1,234.56", 123_456), ("120万元", 120_000_000),
     ("1.2亿元", 12_000_000_000), ("0.01元", 1), ("1.5", 150), ("0.123456万元", 123_456)],
)  # fmt: skip
def test_sums_are_read_as_officials_write_them(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize("text", ["-1", "一百万", "1.234", "1e6", "99999999999999", "12.3.4"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(Unread):
        fen(text)


@given(st.integers(0, MOST))
def test_a_sum_written_in_yuan_reads_back_to_the_fen(amount: int) -> None:
    assert fen(yuan(amount)) == amount
