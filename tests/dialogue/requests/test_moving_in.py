"""转入旧案：逐行看对不对，对得上账，办结的存档、没有办结的接着办，转两遍还是一遍。"""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialogue.requests.conftest import Hall
from yangguang.dialogue.requests.counting import Period, findings, table3
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.moving_in import (
    FIELDS,
    HEADINGS,
    MOST_ROWS,
    RESULTS,
    NotACaseTable,
    Reading,
    read_cases,
)
from yangguang.dialogue.requests.selectors import applicant_of, of_same_applicant
from yangguang.dialogue.requests.transfers import move_in
from yangguang.foundation.lifecycle.services import OutOfScope

TODAY = date(2024, 3, 5)
HEAD = [label for label, _ in HEADINGS]
CLOSED = {
    "原编号": "旧-1", "提出方式": "当面提交", "收到日期": "2023年9月18日", "申请人类别": "自然人",
    "姓名或者名称": "马得福", "证件号码": "622901198001010016", "联系电话": "13900000000",
    "所需信息": "某村低保名单", "办理结果": RESULTS["granted"], "办结日期": date(2023, 10, 9),
    "送达日期": "2023-10-11",
}  # fmt: skip
OPEN_ONE = {
    "原编号": "旧-2", "提出方式": "互联网", "收到日期": datetime(2024, 2, 26, 9, 0),
    "申请人类别": "商业企业", "姓名或者名称": "某公司", "所需信息": "某工程验收报告",
}  # fmt: skip


def table(*rows: dict[str, Any]) -> list[list[Any]]:
    return [["某局依申请公开旧台账"], HEAD, *([row.get(label) for label in HEAD] for row in rows)]


def read(*rows: dict[str, Any]) -> Reading:
    return read_cases(table(*rows), TODAY)


def test_good_rows_are_read_and_summed_for_the_reconciliation() -> None:
    reading = read(CLOSED, OPEN_ONE, {})
    assert not reading.bad
    assert (len(reading.cases), reading.still_open) == (2, 1)
    assert [(each.year, each.received, dict(each.finished)) for each in reading.years] == [
        (2023, 1, {RESULTS["granted"]: 1}), (2024, 1, {}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"提出方式": "捎信"}, "不认识"),
        ({"收到日期": "去年"}, "不是日期"),
        ({"收到日期": "2024-03-06"}, "还没有到"),
        ({"办结日期": None}, "要么都写"),
        ({"办结日期": "2023-09-01", "送达日期": None}, "早于收到日期"),
        ({"送达日期": "2023-10-01"}, "早于办结日期"),
        ({"证件号码": "622901198001010014"}, "号码不合格"),
        ({"姓名或者名称": ""}, "没有写姓名或者名称"),
        ({"办理结果": "公开了"}, "不认识"),
    ],
)
def test_a_bad_row_says_what_is_wrong(changed: dict[str, Any], told: str) -> None:
    reading = read(CLOSED | changed)
    assert not reading.cases
    assert reading.bad[0].row == 3 and any(told in reason for reason in reading.bad[0].reasons)


def test_one_number_twice_is_told() -> None:
    assert "重复" in read(CLOSED, CLOSED).bad[0].reasons[0]


def test_a_sheet_without_its_headings_or_with_too_many_rows_is_refused() -> None:
    with pytest.raises(NotACaseTable, match="没有找到栏名"):
        read_cases([["甲", "乙"], [1, 2]], TODAY)
    with pytest.raises(NotACaseTable, match="最多"):
        read_cases(table(*[CLOSED] * (MOST_ROWS + 1)), TODAY)


@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.text(max_size=12), st.floats(allow_nan=False), st.dates(),
                      st.sampled_from([*RESULTS.values(), "自然人", "互联网"])),
            max_size=len(FIELDS),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_whatever_stands_in_the_cells_is_read_or_told(rows: list[list[Any]]) -> None:
    reading = read_cases([HEAD, *rows], TODAY)
    assert len(reading.cases) + len(reading.bad) <= len(rows)
    assert all(each.reasons for each in reading.bad)


def test_closed_cases_are_archived_and_open_ones_go_on(hall: Hall) -> None:
    hall.on(TODAY)
    reading = read(CLOSED, OPEN_ONE)
    place = hall.town.organisation
    assert move_in(reading, organisation=place, actor=hall.officer).made == 2
    closed, going = DisclosureRequest.objects.order_by("legacy_number")
    assert (closed.state, closed.result, closed.replied_on, closed.delivered_on) == (
        "archived", "granted", date(2023, 10, 9), date(2023, 10, 11),
    )  # fmt: skip
    assert (going.state, going.received_on, going.reply_due) == (
        "under_review", date(2024, 2, 26), date(2024, 3, 25),
    )  # fmt: skip
    found = applicant_of(closed)
    assert found is not None and found.name == "马得福" and closed.applicant_label == "马**"
    assert not of_same_applicant(going).exists()
    again = move_in(reading, organisation=place, actor=hall.officer)
    assert (again.made, again.had) == (0, 2)
    assert DisclosureRequest.objects.count() == 2


def test_what_was_moved_in_is_counted_in_its_years(hall: Hall) -> None:
    hall.on(TODAY)
    move_in(read(CLOSED, OPEN_ONE), organisation=hall.town.organisation, actor=hall.officer)
    last = table3(DisclosureRequest.objects.all(), Period.of(2023, TODAY))
    assert last["granted"]["natural_person"] == 1
    now = table3(DisclosureRequest.objects.all(), Period.of(2024, TODAY))
    assert now["carried_out"]["commercial"] == 1
    assert findings(now, last) == []


def test_only_the_offices_own_officer_moves_cases_in(hall: Hall) -> None:
    hall.on(TODAY)
    with pytest.raises(OutOfScope):
        move_in(read(CLOSED), organisation=hall.town.organisation, actor=hall.counter)
