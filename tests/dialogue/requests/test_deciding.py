"""七步判断：走到恰好一种答复；该写的没有写、该做的没有做，说得出缺什么。"""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.dialogue.requests.deciding import (
    GROUNDS,
    QUESTIONS,
    TEXTS,
    Decided,
    Standing,
    decide,
)
from yangguang.dialogue.requests.outcomes import BY_OUTCOME, OUTCOMES

READY = Standing(
    was_corrected=True, has_search=True, reasons_unreasonable=True, third_party_heard=True
)
OURS = {"clarity": "clear", "nature": "information", "responsible": "ours", "existence": "exists"}
WRITTEN = {name: f"这里写明{label}，写得具体明白" for name, label in TEXTS.items()}


def walk(standing: Standing = READY, **answers: str) -> Decided:
    return decide(OURS | WRITTEN | answers, standing)


def test_every_kind_of_reply_is_reached_by_some_answers() -> None:
    reached = set()
    questions = {each.code: [option.code for option in each.options] for each in QUESTIONS}
    for values in product(*questions.values()):
        found = decide(dict(zip(questions, values, strict=True)), READY)
        if found.outcome:
            reached.add(found.outcome.code)
    assert reached == {each.code for each in OUTCOMES}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            each.code: st.sampled_from(["", "胡说", *(option.code for option in each.options)])
            for each in QUESTIONS
        },
    )
)
def test_any_answers_end_in_one_reply_or_in_the_question_that_is_open(
    answers: dict[str, str],
) -> None:
    found = decide(answers, READY)
    codes = [question.code for question in found.asked]
    assert len(codes) == len(set(codes))
    if found.outcome is None:
        assert found.faults
    else:
        assert found.outcome is BY_OUTCOME[found.outcome.code]
    answered = set(codes[:-1])
    assert all(answers.get(code) for code in answered)


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_refusal_states_its_reason_and_the_harm(ground: str) -> None:
    refused = {"giving": "refused", "ground": ground, "severable": "no", "public_interest": "no",
               "overruled": "no"}  # fmt: skip
    assert walk(**refused).faults == ()
    assert (walk(**refused).outcome or OUTCOMES[0]).code == ground
    for name in ("reason", "harm"):
        assert any(TEXTS[name] in fault for fault in walk(**refused, **{name: ""}).faults)
        assert any("太简单" in fault for fault in walk(**refused, **{name: "不宜公开"}).faults)


def test_what_can_be_severed_is_given_in_part() -> None:
    answers = {"giving": "refused", "ground": "state_secret", "severable": "yes"}
    assert walk(**answers).outcome is BY_OUTCOME["partial"]


def test_a_third_party_is_asked_before_a_refusal_for_its_sake() -> None:
    answers = {"giving": "refused", "ground": "third_party", "severable": "no",
               "public_interest": "no"}  # fmt: skip
    unheard = Standing()
    assert any("征求第三方" in fault for fault in walk(unheard, **answers).faults)
    assert walk(READY, **answers).faults == ()


@pytest.mark.parametrize("answer", ["consent", "yes"])
def test_consent_or_a_great_public_interest_opens_what_touches_a_third_party(answer: str) -> None:
    answers = {"giving": "refused", "ground": "third_party", "public_interest": answer}
    assert walk(**answers).outcome is BY_OUTCOME["granted"]
    assert any("征求第三方" in fault for fault in walk(Standing(), **answers).faults)


@pytest.mark.parametrize("ground", ["process_info", "enforcement_file"])
def test_what_another_law_wants_open_is_opened(ground: str) -> None:
    answers = {"giving": "refused", "ground": ground, "overruled": "yes"}
    assert walk(**answers).outcome is BY_OUTCOME["granted"]


def test_the_clause_of_other_laws_does_not_reach_internal_affairs() -> None:
    asked = walk(giving="refused", ground="internal_affairs", severable="no").asked
    assert "overruled" not in [question.code for question in asked]


def test_not_existing_needs_a_search_and_unclear_needs_a_correction() -> None:
    assert any("检索" in fault for fault in walk(Standing(), existence="not_existing").faults)
    assert any("补正" in fault for fault in walk(Standing(), clarity="still_unclear").faults)
    assert any("第三十五条" in fault for fault in walk(Standing(), nature="excessive").faults)


def test_nothing_is_replied_while_an_opinion_is_out() -> None:
    found = walk(Standing(is_consulting=True), giving="granted")
    assert any("还有意见没有收到" in fault for fault in found.faults)


def test_what_a_third_party_objects_to_is_given_only_for_a_great_public_interest() -> None:
    objecting = Standing(third_party_heard=True, third_party_objects=True)
    assert any("第三方不同意公开" in fault for fault in walk(objecting, giving="granted").faults)
    answers = {"giving": "refused", "ground": "third_party", "public_interest": "yes"}
    assert walk(objecting, **answers).faults == ()
    lacking = walk(objecting, **answers, public_interest_reason="")
    assert any("公共利益" in fault for fault in lacking.faults)
