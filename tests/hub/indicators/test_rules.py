"""指标的规则：合计先加后除，没有可数的不说 0，任务、单位、方向写全。"""

from dataclasses import replace
from datetime import date

import pytest

from yangguang.foundation.workbench.registry import viewset_at
from yangguang.hub.indicators.registry import find, of_basis, register, registered
from yangguang.hub.indicators.rules import PLAN, Counted, Period, summed


def test_a_whole_is_added_before_it_is_divided() -> None:
    rate = find("ledger.on_time")
    whole = summed([Counted(1, 1), Counted(0, 9)])
    assert (rate.value(whole), rate.told(whole)) == (10.0, "10.0%")
    assert rate.detail(whole) == "按期上网 1，看得出按期没有的 10"


def test_nothing_to_count_is_not_nought() -> None:
    assert find("ledger.on_time").told(Counted()) == "—"
    assert find("ledger.late").told(Counted()) == "0 件"
    days = replace(find("ledger.on_time"), unit="工作日")
    assert (days.told(Counted()), days.told(Counted(29, 2))) == ("—", "14.5 个工作日")


def test_money_is_written_in_yuan() -> None:
    paid = find("funds.paid")
    assert paid.detail(Counted(123456, 200000)) == (
        "拨付到项目、企业、个人（元） 1,234.56，收到（元） 2,000"
    )


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="起日"):
        Period(date(2020, 2, 1), date(2020, 1, 1))
    assert Period(None, date(2020, 2, 1)).told == "截至 2020-02-01"


def test_a_code_is_registered_once_and_says_what_it_serves() -> None:
    with pytest.raises(ValueError, match="已登记"):
        register([find("ledger.on_time")])
    with pytest.raises(ValueError, match="没有写对"):
        replace(find("ledger.on_time"), unit="个")


def test_the_tasks_that_have_indicators_have_them_and_each_links_to_a_screen() -> None:
    tasks = {task for each in of_basis(PLAN) for task in each.tasks}
    assert tasks >= {6, 7, 9, 10, 11, 25, 26, 32}
    for each in registered():
        assert viewset_at(each.screen) is not None, each.code
        assert each.explanation and each.article.startswith("方案第")
    assert of_basis("") == ()
