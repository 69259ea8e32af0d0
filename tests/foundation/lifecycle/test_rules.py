"""转换表：允许的只有表里写着的。"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition


def not_by_the_drafter(context: GuardContext) -> list[str]:
    if context.facts["created_by"] == context.actor.user_id:
        return ["不能审核自己起草的稿件，请交由他人审核。"]
    return []


TABLE = Lifecycle(
    name="example",
    label="示例",
    initial="draft",
    states={"draft": "起草", "review": "审核", "done": "办结"},
    transitions=(
        Transition("submit", "送审", frozenset({"draft"}), "review", frozenset({"drafter"})),
        Transition(
            "approve",
            "同意",
            frozenset({"review"}),
            "done",
            frozenset({"reviewer"}),
            guards=(not_by_the_drafter,),
        ),
        Transition(
            "return",
            "退回",
            frozenset({"review"}),
            "draft",
            frozenset({"reviewer"}),
            needs_message=True,
        ),
    ),
    progress=("draft", "review", "done"),
)


def context(role: str, user_id: int = 2, message: str = "") -> GuardContext:
    actor = Actor(user_id, "甲", 1, role, 1, "0001", False)
    return GuardContext({"created_by": 1}, {}, actor, message, datetime(2020, 9, 25, tzinfo=UTC))


def test_only_the_transitions_in_the_table_are_allowed() -> None:
    allowed = {(r, s, e) for r, s, e, ok in TABLE.cases() if ok}
    assert allowed == {
        ("drafter", "draft", "submit"),
        ("reviewer", "review", "approve"),
        ("reviewer", "review", "return"),
    }
    for role, state, event, ok in TABLE.cases():
        reasons = TABLE.reasons_against(event, state, context(role, message="请改"))
        assert bool(reasons) != ok


def test_a_step_leads_on_when_it_lands_later_than_where_it_starts() -> None:
    assert TABLE.leads_on("draft", "review") and TABLE.leads_on("draft", "done")
    assert not TABLE.leads_on("review", "draft") and not TABLE.leads_on("review", "review")
    unordered = replace(TABLE, progress=())
    assert unordered.leads_on("review", "draft"), "没有说先后的，都算往前"


def test_a_refusal_says_in_which_state_it_would_be_possible() -> None:
    assert TABLE.reasons_against("approve", "draft", context("reviewer")) == [
        "“起草”时不能同意，只有“审核”时可以。"
    ]


def test_nobody_approves_what_he_drafted() -> None:
    assert TABLE.reasons_against("approve", "review", context("reviewer", user_id=1)) == [
        "不能审核自己起草的稿件，请交由他人审核。"
    ]


def test_sending_back_needs_a_reason() -> None:
    assert TABLE.reasons_against("return", "review", context("reviewer")) == ["退回须写明理由。"]
    assert TABLE.reasons_against("return", "review", context("reviewer", message="缺附件")) == []


def test_what_is_filled_in_is_not_asked_before_the_form_is_opened() -> None:
    def names_a_unit(context: GuardContext) -> list[str]:
        return [] if context.inputs.get("unit") else ["请选定单位。"]

    hand_over = Transition(
        "hand_over", "移交", frozenset({"draft"}), "draft", frozenset({"drafter"}),
        guards=(not_by_the_drafter,), input_guards=(names_a_unit,), needs_message=True,
    )  # fmt: skip
    table = Lifecycle("example", "示例", "draft", {"draft": "起草"}, (hand_over,))
    blank = context("drafter")
    assert table.reasons_against("hand_over", "draft", blank, is_filled=False) == []
    assert table.reasons_against("hand_over", "draft", blank) == [
        "移交须写明理由。",
        "请选定单位。",
    ]
    own = context("drafter", user_id=1)
    assert table.reasons_against("hand_over", "draft", own, is_filled=False) == [
        "不能审核自己起草的稿件，请交由他人审核。"
    ]


def test_a_table_that_names_an_unknown_state_or_an_event_twice_is_rejected() -> None:
    submit = TABLE.transition("submit")
    with pytest.raises(ValueError, match="重复"):
        Lifecycle("x", "x", "draft", TABLE.states, (submit, submit))
    with pytest.raises(ValueError, match="未知状态"):
        Lifecycle("x", "x", "gone", TABLE.states, ())


def test_the_diagram_holds_every_state_and_transition() -> None:
    diagram = TABLE.diagram()
    assert "draft --> review: 送审" in diagram
    assert diagram.count("-->") == 1 + len(TABLE.transitions)
