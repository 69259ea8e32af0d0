"""代码表：某一天可以选哪些、念成什么；改、停用都不动从前。"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.codes.rules import (
    Entry,
    adding_faults,
    current,
    ending_faults,
    in_force,
    label_on,
    revising_faults,
)

LAW = "条例第十五条"
OLD = Entry("15-trade", "商业秘密", LAW, date(2019, 5, 15), date(2020, 12, 31))
NEW = Entry("15-trade", "商业秘密和保密商务信息", LAW, date(2021, 1, 1))
OTHER = Entry("15-privacy", "个人隐私", LAW, date(2019, 5, 15))
TABLE = [OLD, NEW, OTHER]


@pytest.mark.parametrize(
    ("on", "label"),
    [
        (date(2019, 5, 15), "商业秘密"),
        (date(2020, 12, 31), "商业秘密"),
        (date(2021, 1, 1), "商业秘密和保密商务信息"),
        (date(2015, 1, 1), "商业秘密"),
    ],
)
def test_a_code_reads_as_it_did_on_that_day(on: date, label: str) -> None:
    assert label_on(TABLE, "15-trade", on) == label
    assert label_on(TABLE, "unknown", on) == "unknown"


def test_what_may_be_chosen_is_what_is_in_force_that_day() -> None:
    assert in_force(TABLE, date(2020, 1, 1)) == [OLD, OTHER]
    assert in_force(TABLE, date(2022, 1, 1)) == [NEW, OTHER]
    assert in_force(TABLE, date(2018, 1, 1)) == []


def test_a_code_is_never_used_for_something_else() -> None:
    ended = [Entry("16-1", "内部事务", LAW, date(2019, 5, 15), date(2020, 1, 1))]
    assert "已经用过" in adding_faults(ended, Entry("16-1", "别的", LAW, date(2021, 1, 1)))[0]
    assert adding_faults(TABLE, Entry("16-3", "另一项", LAW, date(2021, 1, 1))) == []
    assert "依据" in adding_faults(TABLE, Entry("16-3", "另一项", " ", date(2021, 1, 1)))[0]
    assert "分不清" in adding_faults(TABLE, Entry("16-3", "个人隐私", LAW, date(2021, 1, 1)))[0]
    for code in ("16_3", "A", "", "a" * 21, "甲"):
        assert adding_faults(TABLE, Entry(code, "另一项", LAW, date(2021, 1, 1))), code


def test_a_wording_changes_only_after_the_present_one_began() -> None:
    wanted = Entry("15-trade", "再改", LAW, date(2021, 1, 1))
    assert "在这以后起用" in revising_faults(TABLE, wanted)[0]
    assert revising_faults(TABLE, Entry("15-trade", "再改", LAW, date(2021, 1, 2))) == []
    assert revising_faults(TABLE, Entry("15-trade", NEW.label, LAW, date(2022, 1, 1)))
    assert revising_faults(TABLE, Entry("none", "没有", LAW, date(2022, 1, 1)))
    assert revising_faults([OLD], Entry("15-trade", "再改", LAW, date(2022, 1, 1)))


def test_a_code_ends_once_and_not_before_it_began() -> None:
    assert ending_faults(TABLE, "15-trade", date(2021, 1, 1)) == []
    assert ending_faults(TABLE, "15-trade", date(2020, 12, 31))
    assert ending_faults([OLD], "15-trade", date(2022, 1, 1))
    assert current(TABLE, "15-trade") == NEW


@given(st.lists(st.dates(date(2000, 1, 1), date(2040, 1, 1)), min_size=1, max_size=6, unique=True))
def test_revisions_one_after_another_leave_one_wording_for_every_day(starts: list[date]) -> None:
    starts = sorted(starts)
    entries = [
        Entry("a", f"第{n}种", LAW, day, starts[n + 1] - timedelta(days=1) if n + 1 < len(starts) else None)
        for n, day in enumerate(starts)
    ]  # fmt: skip
    for n, day in enumerate(starts):
        assert [each.label for each in in_force(entries, day)] == [f"第{n}种"]
        assert label_on(entries, "a", day) == f"第{n}种"
