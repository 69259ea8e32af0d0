"""条例以外的期限：日与工作日分开，依法顺延的才顺延。"""

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from yangguang.foundation.calendar.clocks import (
    Bound,
    Clock,
    Unit,
    clock_due,
    clock_for,
    clock_from,
    moment_due,
    months_after,
)
from yangguang.foundation.calendar.rules import CalendarError
from yangguang.foundation.calendar.tables import packaged_calendar, packaged_clocks

CLOCKS = packaged_clocks()
NATIONAL = packaged_calendar()
LINXIA = packaged_calendar("linxia")
BEIJING = ZoneInfo("Asia/Shanghai")


def day(text: str) -> date:
    return date.fromisoformat(text)


# 起点、届满日都是照日历手数的
DATED = [
    ("double_publicity", "2023-09-27", "2023-10-12"),
    ("enforcement_result", "2023-09-18", "2023-10-20"),
    ("penalty_withdrawal", "2024-02-08", "2024-02-19"),
    ("budget", "2024-01-12", "2024-02-01"),
    ("department_budget", "2024-01-21", "2024-02-10"),
    ("decision_comment", "2024-03-01", "2024-03-31"),
    ("decision_legality_review", "2024-03-01", "2024-03-12"),
    ("hearing_materials", "2024-03-20", "2024-03-13"),
    ("norm_comment", "2024-03-01", "2024-03-12"),
    ("norm_comment_market", "2024-03-01", "2024-03-31"),
    ("interpretation", "2024-04-03", "2024-04-09"),
    ("reconsideration", "2024-08-05", "2024-10-08"),
    ("reconsideration_uninformed", "2024-10-01", "2025-10-09"),
    ("reconsideration_decision_simplified", "2024-01-11", "2024-02-18"),
    ("reconsideration_decision", "2024-02-05", "2024-04-07"),
    ("litigation_after_reconsideration", "2024-09-20", "2024-10-08"),
    ("litigation_direct", "2024-04-01", "2024-10-08"),
    ("reconsideration_answer", "2024-09-20", "2024-10-10"),
    ("reconsideration_answer_simplified", "2024-09-27", "2024-10-10"),
    ("litigation_answer", "2024-09-20", "2024-10-08"),
    ("annual_report_department", "2023-05-06", "2024-01-31"),
    ("annual_report_government", "2023-01-01", "2024-03-31"),
    ("website_report", "2023-12-31", "2024-01-31"),
    ("confirmation_alarm", "2024-03-01", "2024-03-04"),
    ("correction_report", "2024-03-01", "2024-03-06"),
]
HOURLY = [
    ("reprint", "2024-03-02 18:00"),
    ("concern_authoritative", "2024-03-01 23:00"),
    ("concern_briefing", "2024-03-02 18:00"),
    ("concern_other", "2024-03-03 18:00"),
]


@pytest.mark.parametrize(("code", "anchor", "due"), DATED)
def test_each_clock_gives_the_day_counted_by_hand(code: str, anchor: str, due: str) -> None:
    clock = clock_for(CLOCKS, code, day(anchor))
    deadline = clock_due(NATIONAL, clock, day(anchor))
    assert (deadline.due, deadline.provisional) == (day(due), False)
    assert all(step.text and step.rule for step in deadline.steps)
    assert {step.rule for step in deadline.steps[:2]} == {clock.legal_basis}


@pytest.mark.parametrize(("code", "due"), HOURLY)
def test_hours_run_through_nights_and_weekends(code: str, due: str) -> None:
    clock = clock_for(CLOCKS, code, day("2024-03-01"))
    moment, steps = moment_due(clock, datetime(2024, 3, 1, 18, 0, tzinfo=BEIJING))
    assert f"{moment:%Y-%m-%d %H:%M}" == due
    assert due in steps[0].text


def test_every_packaged_clock_has_its_hand_counted_row() -> None:
    assert {clock.code for clock in CLOCKS} == {row[0] for row in (*DATED, *HOURLY)}


def test_versions_of_one_clock_do_not_overlap() -> None:
    for code in {clock.code for clock in CLOCKS}:
        versions = sorted(
            (clock for clock in CLOCKS if clock.code == code),
            key=lambda clock: clock.valid_from or date.min,
        )
        for earlier, later in pairwise(versions):
            assert earlier.valid_until is not None
            assert later.valid_from is not None
            assert earlier.valid_until < later.valid_from


def test_twenty_days_of_the_budget_law_are_not_twenty_working_days() -> None:
    approved = day("2024-01-12")
    days = clock_due(NATIONAL, clock_for(CLOCKS, "budget", approved), approved)
    working = clock_due(NATIONAL, clock_for(CLOCKS, "enforcement_result", approved), approved)
    assert (days.due, working.due) == (day("2024-02-01"), day("2024-02-08"))
    assert any("以日计，不是工作日" in step.text for step in days.steps)


def test_a_publishing_duty_in_days_is_not_put_off_by_a_holiday_but_a_remedy_is() -> None:
    assert not NATIONAL.is_working_day(day("2024-02-10"))
    budget = clock_due(NATIONAL, clock_for(CLOCKS, "budget", day("2024-01-21")), day("2024-01-21"))
    assert budget.due == day("2024-02-10")
    remedy = clock_for(CLOCKS, "reconsideration", day("2024-08-05"))
    deadline = clock_due(NATIONAL, remedy, day("2024-08-05"))
    assert "届满日2024年10月4日（周五）是休息日（国庆节）" in deadline.steps[2].text
    assert deadline.steps[2].date == deadline.due


def test_a_remedy_is_put_off_by_the_prefecture_day_too() -> None:
    clock = clock_for(CLOCKS, "litigation_after_reconsideration", day("2024-11-04"))
    assert clock_due(NATIONAL, clock, day("2024-11-04")).due == day("2024-11-19")
    assert clock_due(LINXIA, clock, day("2024-11-04")).due == day("2024-11-20")


def test_a_fixed_date_is_not_put_off_nor_provisional() -> None:
    clock = clock_for(CLOCKS, "website_report", day("2026-06-01"))
    deadline = clock_due(NATIONAL, clock, day("2026-06-01"))
    # 2027年1月31日是周日
    assert (deadline.due, deadline.provisional) == (day("2027-01-31"), False)


def test_a_clock_is_provisional_only_where_the_unknown_calendar_can_move_it() -> None:
    anchor = day("2026-12-20")
    remedy = clock_due(NATIONAL, clock_for(CLOCKS, "reconsideration", anchor), anchor)
    duty = clock_due(NATIONAL, clock_for(CLOCKS, "budget", anchor), anchor)
    assert (remedy.provisional, duty.provisional) == (True, False)
    assert "2027年的放假安排尚未录入" in remedy.steps[-1].text


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-01-15", 6, "2024-07-15"),
        ("2024-12-01", 1, "2025-01-01"),
        ("2024-11-30", 1, "2024-12-30"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_of_the_month(
    start: str, months: int, end: str
) -> None:
    assert months_after(day(start), months) == day(end)


def test_a_number_not_checked_against_the_text_says_so() -> None:
    anchor = day("2024-03-01")
    unverified = clock_due(NATIONAL, clock_for(CLOCKS, "norm_comment", anchor), anchor)
    verified = clock_due(NATIONAL, clock_for(CLOCKS, "interpretation", anchor), anchor)
    told = ["尚未与原文核对" in "".join(s.text for s in d.steps) for d in (unverified, verified)]
    assert told == [True, False]


def test_a_term_not_yet_in_force_is_refused_by_name() -> None:
    with pytest.raises(CalendarError, match="申请行政复议在2023年12月31日（周日）没有有效的规定"):
        clock_for(CLOCKS, "reconsideration", day("2023-12-31"))
    assert clock_for(CLOCKS, "reconsideration", day("2024-01-01")).number == 60
    with pytest.raises(CalendarError, match="没有“nothing”这种期限"):
        clock_for(CLOCKS, "nothing", day("2024-01-01"))


def test_hours_and_days_are_not_mixed() -> None:
    anchor = day("2024-03-01")
    with pytest.raises(CalendarError, match="以小时计"):
        clock_due(NATIONAL, clock_for(CLOCKS, "reprint", anchor), anchor)
    with pytest.raises(CalendarError, match="不以小时计"):
        moment_due(clock_for(CLOCKS, "budget", anchor), datetime(2024, 3, 1, tzinfo=BEIJING))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"unit": Unit.DATE, "number": 1}, "固定日期须写明月和日"),
        ({"unit": Unit.DAY, "number": 0}, "期限至少为 1"),
        ({"unit": Unit.WORKING_DAY, "number": 3, "bound": Bound.BEFORE}, "倒数的期限只能以日计"),
    ],
)
def test_a_faulty_clock_is_refused(values: dict[str, object], message: str) -> None:
    texts = dict.fromkeys(("code", "label", "anchor", "duty", "legal_basis"), "某期限")
    with pytest.raises(CalendarError, match=message):
        Clock(**texts, **values)  # type: ignore[arg-type]


def test_a_clock_off_the_end_of_the_calendar_is_refused() -> None:
    clock = clock_from(
        {"code": "x", "label": "某期限", "anchor": "起点", "duty": "办理", "unit": "day",
         "number": 20, "legal_basis": "某法"}
    )  # fmt: skip
    with pytest.raises(CalendarError, match="超出"):
        clock_due(NATIONAL, clock, date.max)
