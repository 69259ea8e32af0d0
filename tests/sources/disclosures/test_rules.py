"""补定公开属性的表：另认三栏；理由类别认得准才收；坏的行连同原来的各格退回。"""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.sources.disclosures.rules import MOST_LINES, Batch, ground_of, read_batch
from yangguang.sources.documents.disclosure import REASONS
from yangguang.sources.ledger.lists import Marked, NotAList

TODAY = date(2020, 11, 20)
HEAD = [
    "发文字号", "标题", "印发日期", "公开属性", "理由类别", "理由", "行政规范性文件",
]  # fmt: skip


def line(number: int, *tail: object, issued: object = "2020-09-25") -> list[object]:
    return [f"甲发〔2020〕{number}号", f"第{number}件", issued, *tail]


def read_lines(*lines: list[object]) -> Batch:
    return read_batch([HEAD, *lines], TODAY, REASONS)


def test_the_good_rows_are_taken_with_their_reasons() -> None:
    found = read_lines(
        line(1, "主动公开", "", "", "是"),
        line(2, "不予公开", "内部事务信息", "机关内部的值班安排", ""),
        line(3, "依申请公开", "只涉及特定的单位或者个人", "对某单位的批复", "否"),
    )
    assert not found.bad
    assert [(p.row.disclosure, p.ground, p.reason, p.is_norm) for p in found.proposals] == [
        ("proactive", "", "", True),
        ("withheld", "16-1", "机关内部的值班安排", False),
        ("on_request", "request-subject", "对某单位的批复", False),
    ]


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        (("主动公开", "商业秘密", "", ""), "主动公开的不写理由类别和理由"),
        (("主动公开", "", "有理由", ""), "主动公开的不写理由类别和理由"),
        (("不予公开", "", "有理由", ""), "须选定条例第十四条至第十六条"),
        (("不予公开", "商业秘密", "", ""), "不予公开须写明理由"),
        (("不予公开", "只涉及特定的单位或者个人", "有理由", ""), "不是不予公开的理由类别"),
        (("依申请公开", "商业秘密", "有理由", ""), "不是依申请公开的理由类别"),
        (("依申请公开", "从前定的，没有分类", "有理由", ""), "没有分类"),
        (("不予公开", "条例第十四条", "有理由", ""), "对得上几种理由类别"),
        (("不予公开", "领导说的", "有理由", ""), "没有“领导说的”这种理由类别"),
        (("不予公开", "内部事务信息", "有理由", "是"), "行政规范性文件须主动公开"),
        (("主动公开", "", "", "大概"), "写“是”或者“否”"),
        (("不予公开", "内部事务信息", "长" * 501, ""), "“理由”超过 500 字"),
        (("", "", "", ""), "“公开属性”没有填"),
    ],
)
def test_each_wrong_row_comes_back_with_its_cells_and_what_is_wrong(
    tail: tuple[str, ...], told: str
) -> None:
    # 2026-11-26 起“从前定的”才停用
    found = read_batch([HEAD, line(1, *tail)], date(2026, 12, 1), REASONS)
    assert not found.proposals
    (bad,) = found.bad
    assert (bad.number, bad.cells[0], bad.cells[3]) == (2, "甲发〔2020〕1号", tail[0])
    assert told in "".join(bad.reasons)
    assert found.headings == tuple(HEAD)


def test_a_date_cell_comes_back_as_it_is_written() -> None:
    found = read_lines(line(1, "也许", "", "", "", issued=datetime(2020, 9, 25)))
    assert found.bad[0].cells[2] == "2020-09-25"


def test_the_sheet_sent_back_put_right_is_read_again() -> None:
    """末栏“怎样不对”不碍事。"""
    found = read_batch(
        [[*HEAD, "怎样不对"], [*line(1, "主动公开", "", "", ""), "“公开属性”没有填"]],
        TODAY,
        REASONS,
    )
    assert [p.row.disclosure for p in found.proposals] == ["proactive"]


def test_a_sheet_without_the_two_columns_or_too_long_is_refused_whole() -> None:
    with pytest.raises(NotAList, match="缺少理由类别、理由"):
        read_batch([HEAD[:4], line(1, "主动公开")], TODAY, REASONS)
    many = [line(number, "主动公开", "", "", "") for number in range(1, MOST_LINES + 2)]
    with pytest.raises(NotAList, match="一批最多"):
        read_batch([HEAD, *many], TODAY, REASONS)
    with pytest.raises(Marked):
        read_lines(line(1, "不予公开", "内部事务信息", "机密★10年", ""))


OFFERED = [each for each in REASONS if each.is_offered(TODAY)]


@given(st.sampled_from(OFFERED), st.data())
def test_whatever_way_a_ground_is_written_it_is_that_ground_or_told(
    reason: object, data: st.DataObject
) -> None:
    """写全文、括号外的、任何半句：认出的必是这一种，或者说明认不准；不会认成别的。"""
    chosen = data.draw(st.sampled_from(OFFERED))
    assert ground_of(chosen.label, chosen.disclosure, TODAY, REASONS) == (chosen.code, "")
    assert ground_of(chosen.code, chosen.disclosure, TODAY, REASONS) == (chosen.code, "")
    first = data.draw(st.integers(0, len(chosen.label) - 1))
    last = data.draw(st.integers(first + 1, len(chosen.label)))
    found, told = ground_of(chosen.label[first:last], chosen.disclosure, TODAY, REASONS)
    assert bool(found) != bool(told)
    if found:
        assert chosen.label[first:last] in next(r.label for r in REASONS if r.code == found)
