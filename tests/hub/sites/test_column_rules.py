"""栏目的规矩：法定的栏目关不了、改不了名；专栏姓专。"""

from datetime import date

import pytest

from yangguang.hub.columns.rules import (
    FIXED,
    ColumnFacts,
    change_faults,
    closing_faults,
    naming_faults,
)

PLANS = ColumnFacts("规划", "政策文件", "20-3")


def test_a_column_that_is_not_statutory_closes() -> None:
    assert closing_faults(ColumnFacts("通知公告", "工作动态"), [PLANS]) == []


@pytest.mark.parametrize("name", sorted(FIXED))
def test_the_disclosure_column_and_its_four_parts_neither_close_nor_change_names(name: str) -> None:
    column = ColumnFacts(name, "信息公开目录")
    (fault,) = closing_faults(column, [ColumnFacts("另一个", "信息公开目录")])
    assert name in fault and "61号" in fault
    assert change_faults(column, "政务公开", "信息公开目录")
    assert change_faults(column, name, "信息公开目录") == []


def test_the_last_column_of_a_statutory_content_stays_open() -> None:
    (fault,) = closing_faults(PLANS, [])
    assert "第二十条第3项" in fault
    assert closing_faults(PLANS, [ColumnFacts("发展规划", "政策文件", "20-3")]) == []
    closed = ColumnFacts("发展规划", "政策文件", "20-3", closed_on=date(2020, 1, 1))
    assert len(closing_faults(PLANS, [closed])) == 1


def test_the_only_column_of_a_required_type_stays_open() -> None:
    column = ColumnFacts("申请", "依申请公开")
    (fault,) = closing_faults(column, [PLANS])
    assert "依申请公开" in fault
    assert closing_faults(column, [ColumnFacts("再一个", "依申请公开")]) == []


def test_children_close_first_and_what_is_closed_does_not_close_again() -> None:
    assert closing_faults(ColumnFacts("甲", "政策文件", has_open_children=True), [])
    assert closing_faults(ColumnFacts("甲", "政策文件", closed_on=date(2020, 1, 1)), [])


def test_no_news_inside_the_disclosure_column_and_no_name_twice_on_a_level() -> None:
    assert naming_faults("动态", "工作动态", above=["政府信息公开"], beside=[])
    assert naming_faults("动态", "工作动态", above=["新闻"], beside=[]) == []
    assert naming_faults("文件", "政策文件", above=[], beside=["文件"])
