"""转换表与状况：表里没有的转换都不行；截至哪天就是哪天的状况。"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import GuardContext
from yangguang.oversight.plans.rules import (
    PLAN_LIFE,
    SHARE_LIFE,
    STANDINGS,
    combined_standing,
    days_left,
    standing,
)

DUE = date(2020, 9, 30)
DAYS = st.dates(date(2020, 1, 1), date(2021, 12, 31))
MAYBE = st.none() | DAYS
ANY_STANDING = st.sampled_from(sorted(STANDINGS))


def _standing(as_of: date, **dates: date) -> str:
    known = {"due_on": DUE, "reported_on": None, "confirmed_on": None, "closed_on": None}
    return standing(as_of=as_of, **{**known, **dates})


def test_the_due_day_itself_is_within_the_deadline() -> None:
    assert _standing(DUE) == "in_progress"
    assert _standing(DUE + timedelta(days=1)) == "due_passed"


def test_on_time_is_judged_by_the_day_of_the_report_not_of_the_check() -> None:
    later = DUE + timedelta(days=40)
    assert _standing(later, reported_on=DUE, confirmed_on=later) == "completed_on_time"
    late = DUE + timedelta(days=1)
    assert _standing(later, reported_on=late, confirmed_on=later) == "completed_late"


def test_what_is_reported_but_not_yet_checked_is_in_progress_and_not_overdue() -> None:
    assert _standing(DUE + timedelta(days=9), reported_on=DUE) == "in_progress"


def test_what_happens_later_is_not_seen_earlier() -> None:
    dates = {"reported_on": date(2020, 10, 5), "confirmed_on": date(2020, 10, 9)}
    assert _standing(date(2020, 10, 4), **dates) == "due_passed"
    assert _standing(date(2020, 10, 6), **dates) == "in_progress"
    assert _standing(date(2020, 10, 9), **dates) == "completed_late"


@given(DAYS, MAYBE, MAYBE, MAYBE, MAYBE)
def test_finished_stays_finished_as_the_day_moves_on(
    as_of: date,
    due: date | None,
    reported: date | None,
    confirmed: date | None,
    closed: date | None,
) -> None:
    dates = {"due_on": due, "reported_on": reported, "confirmed_on": confirmed, "closed_on": closed}
    now, next_day = (standing(as_of=as_of + timedelta(days=n), **dates) for n in (0, 1))
    assert now in STANDINGS
    if now.startswith("completed"):
        assert next_day in (now, "closed")
    if now == "closed":
        assert next_day == "closed"
    if due is None:
        assert now not in ("due_passed", "completed_late")


@given(st.lists(ANY_STANDING), st.booleans())
def test_a_whole_is_finished_only_when_every_part_is(parts: list[str], waiting: bool) -> None:
    whole = combined_standing(parts, is_waiting=waiting)
    if "due_passed" in parts:
        assert whole == "due_passed"
    elif waiting or not parts or "in_progress" in parts:
        assert whole == "in_progress"
    else:
        assert whole in ("completed_on_time", "completed_late", "closed")
        assert (whole == "completed_late") == ("completed_late" in parts)


def test_days_left_count_down_to_the_due_day() -> None:
    assert days_left(DUE, date(2020, 9, 1)) == 29
    assert days_left(DUE, date(2020, 10, 1)) == -1
    assert days_left(None, DUE) is None


FACTS = {
    "created_by": 9,
    "plan_is_active": True,
    "plan_organisation_id": 1,
    "plan_path": "0001",
    "organisation_id": 1,
    "reported_by": 9,
    "units": {1},
    "ledger_is_public": False,
    "open_shares": [],
    "open_groups": [],
}
INPUTS = {
    "text": "已完成",
    "evidence_count": 1,
    "organisation_id": 2,
    "reported_on": date(2020, 9, 30),
    "today": date(2020, 9, 30),
    "reason": "并入其他工作",
}


def _context(role: str, user: int = 1, **changes: object) -> GuardContext:
    actor = Actor(user, "甲", 1, role, 1, "0001", True)
    facts = {**FACTS, **{k: v for k, v in changes.items() if k in FACTS}}
    inputs = {**INPUTS, **{k: v for k, v in changes.items() if k not in FACTS}}
    return GuardContext(facts, inputs, actor, "说明", datetime(2020, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("life", [PLAN_LIFE, SHARE_LIFE], ids=lambda life: life.label)
def test_only_the_transitions_in_the_table_are_allowed(life: object) -> None:
    for role, state, event, allowed in life.cases():
        assert bool(life.reasons_against(event, state, _context(role))) != allowed


@given(
    st.lists(
        st.tuples(
            st.sampled_from([t.event for t in SHARE_LIFE.transitions]),
            st.sampled_from(["approver", "supervisor", "drafter"]),
        ),
        max_size=20,
    )
)
def test_any_sequence_of_attempts_keeps_to_the_table(attempts: list[tuple[str, str]]) -> None:
    """照表走的模型：完成之前必有报送，完成的必经核实。"""
    state, reported = SHARE_LIFE.initial, False
    for event, role in attempts:
        if SHARE_LIFE.reasons_against(event, state, _context(role)):
            continue
        transition = SHARE_LIFE.transition(event)
        assert state in transition.sources
        assert role in transition.roles
        state = transition.target
        reported = event == "report" or (reported and event in ("confirm", "close"))
        if state == "completed":
            assert reported


@pytest.mark.parametrize(
    ("event", "state", "role", "changes", "reason"),
    [
        ("report", "in_progress", "approver", {"text": " "}, "请写明做了什么。"),
        ("report", "in_progress", "approver", {"evidence_count": 0}, "报送完成须附佐证"),
        ("report", "in_progress", "approver", {"unpublished": ["某通知"]}, "“某通知”现在没有公开"),
        ("report", "in_progress", "approver", {"organisation_id": 1, "reported_on": date(2020, 10, 1)}, "不能晚于今天"),
        ("report", "in_progress", "approver", {"reported_on": date(2020, 9, 1)}, "须注明来源"),
        ("report", "in_progress", "approver", {"plan_is_active": False}, "方案已经结项"),
        ("confirm", "reported", "supervisor", {"reported_by": 1}, "不能核实自己报送的"),
        ("confirm", "reported", "supervisor", {"plan_organisation_id": 5, "plan_path": "0002"}, "只有监督这个方案"),
        ("reassign", "in_progress", "supervisor", {"units": {2}}, "已有一份"),
    ],
)  # fmt: skip
def test_a_refusal_says_why(event: str, state: str, role: str, changes: dict, reason: str) -> None:
    (given_reason,) = SHARE_LIFE.reasons_against(event, state, _context(role, **changes))
    assert reason in given_reason


def test_only_the_units_own_approver_reports() -> None:
    facts = {**FACTS, "organisation_id": 7}
    context = GuardContext(
        facts, INPUTS, _context("approver").actor, "说明", datetime(2020, 9, 30, tzinfo=UTC)
    )
    assert SHARE_LIFE.reasons_against("report", "in_progress", context) == [
        "只能由承担任务的单位自己的签发人报送。"
    ]


def test_closing_a_plan_names_every_open_share_without_a_reason() -> None:
    shares = [(1, "第1项 州甲局：进行中"), (2, "第2项 州乙局：进行中")]
    context = _context("supervisor", open_shares=shares, reasons={2: "并入其他工作"})
    assert PLAN_LIFE.reasons_against("close", "active", context) == [
        "第1项 州甲局：进行中，请先核实完成，或写明结项理由。"
    ]
