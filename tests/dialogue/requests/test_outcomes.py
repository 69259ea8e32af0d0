"""二十一种答复：每一种恰好归入表三的一行，须先复议的恰好是不予公开的那几种。"""

from yangguang.dialogue.remedies.tables import packaged_tables
from yangguang.dialogue.requests.outcomes import ENDINGS, OUTCOMES
from yangguang.dialogue.requests.table3 import BY_CODE, RESULTS


def test_there_are_twenty_one_kinds_of_reply_each_with_its_own_letter() -> None:
    assert len(OUTCOMES) == 21
    assert len({each.letter for each in OUTCOMES}) == len({each.code for each in OUTCOMES}) == 21


def test_every_row_of_table_3_is_reached_by_a_reply_or_an_ending() -> None:
    reached = {each.row for each in OUTCOMES} | set(ENDINGS.values())
    assert reached == {each.code for each in RESULTS}
    assert reached <= set(BY_CODE)


def test_refusals_are_exactly_those_that_go_to_reconsideration_first() -> None:
    in_force = next(each for each in packaged_tables().versions if each.valid_until is None)
    refused = {each.row for each in OUTCOMES if each.is_refusal}
    assert refused == set(in_force.reconsideration_first)


def test_a_reply_that_refuses_or_cannot_provide_states_its_reasons_or_its_search() -> None:
    silent = {each.code for each in OUTCOMES if not (each.needs_reason or each.needs_search)}
    assert silent == {"already_public", "granted", "petition", "publication"}
