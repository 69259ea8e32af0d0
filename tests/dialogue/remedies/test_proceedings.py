"""复议、诉讼：登记、答辩的期限、审结，责令重作的另开一件，表四由它们数出来。"""

from datetime import date
from typing import Any

import pytest

from tests.dialogue.requests.conftest import Hall, key
from tests.dialogue.requests.test_handling import OPEN_IT
from yangguang.dialogue.remedies.counting import table4
from yangguang.dialogue.remedies.models import Remedy
from yangguang.dialogue.remedies.proceedings import oddity
from yangguang.dialogue.remedies.services import enter, redo
from yangguang.dialogue.requests.annual_check import Report, check
from yangguang.dialogue.requests.counting import Period, empty
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.procedures import save_decision
from yangguang.foundation.lifecycle.services import Refused, perform

RECEIVED, REPLIED = date(2024, 3, 5), date(2024, 3, 20)
CAME = date(2024, 4, 8)


def replied(hall: Hall) -> DisclosureRequest:
    request = hall.under_review(RECEIVED)
    save_decision(request, OPEN_IT, actor=hall.officer)
    hall.on(REPLIED)
    hall.do(request, "reply", outcome="granted", replied_on=REPLIED)
    hall.on(CAME)
    return request


def entered(hall: Hall, kind: str = "reconsideration", **given: Any) -> Remedy:
    values = {"body": "测试州人民政府", "received_on": CAME} | given
    return enter(replied(hall), kind, actor=hall.officer, key=key(), **values)


def do(hall: Hall, remedy: Remedy, event: str, **inputs: Any) -> None:
    perform(remedy, event, actor=hall.officer, key=key(), inputs=inputs)


@pytest.mark.parametrize(
    ("kind", "is_simplified", "due"),
    [
        ("reconsideration", False, date(2024, 4, 22)),
        ("reconsideration", True, date(2024, 4, 15)),
        ("litigation_direct", False, date(2024, 4, 23)),
        ("litigation_after_reconsideration", False, date(2024, 4, 23)),
    ],
)
def test_the_answer_is_due_by_its_own_clock(
    hall: Hall,
    kind: str,
    is_simplified: bool,
    due: date,
) -> None:
    assert entered(hall, kind, is_simplified=is_simplified).answer_due == due


def test_what_is_not_received_has_no_remedy_and_dates_run_forward(hall: Hall) -> None:
    values = {"body": "某", "received_on": RECEIVED, "actor": hall.officer}
    with pytest.raises(Refused, match="还没有确认收到"):
        enter(hall.submitted(RECEIVED), "reconsideration", key=key(), **values)
    remedy = entered(hall)
    with pytest.raises(Refused, match="早于收到通知之日"):
        do(hall, remedy, "answer", answered_on=REPLIED)


def test_a_reply_that_never_came_is_contested_as_well(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.on(CAME)
    remedy = enter(
        request, "reconsideration", body="某人民政府", received_on=CAME, actor=hall.officer,
        key=key(),
    )  # fmt: skip
    assert remedy.answer_due == date(2024, 4, 22)
    assert table4(Remedy.objects.all(), Period(2024, CAME))["reconsideration"]["pending"] == 1


def test_an_annulment_that_orders_a_new_reply_opens_one_case_once(hall: Hall) -> None:
    remedy = entered(hall)
    decided = date(2024, 5, 6)
    hall.on(decided)
    with pytest.raises(Refused, match="结果应当是“结果纠正”"):
        do(hall, remedy, "decide", decided_on=decided, result="upheld", orders_redo=True)
    do(
        hall, remedy, "decide", decided_on=decided, result="corrected", orders_redo=True,
        decision_number="测复决〔2024〕1号",
    )  # fmt: skip
    again = redo(remedy, decided, actor=hall.officer, key=key())
    assert (again.state, again.received_on, again.is_counted) == ("under_review", decided, False)
    assert again.reply_due == date(2024, 5, 31)
    assert redo(remedy, decided, actor=hall.officer, key=key()) == again
    assert DisclosureRequest.objects.filter(reopened_from=remedy.request).count() == 1


def test_table_4_counts_results_by_the_year_and_what_is_open_as_pending(hall: Hall) -> None:
    first = entered(hall)
    entered(hall, "litigation_direct")
    hall.on(date(2024, 5, 6))
    do(hall, first, "decide", decided_on=date(2024, 5, 6), result="upheld")
    period = Period(2024, date(2024, 12, 31))
    cells = table4(Remedy.objects.all(), period)
    assert cells["reconsideration"] == {
        "upheld": 1, "corrected": 0, "other": 0, "pending": 0, "total": 1,
    }  # fmt: skip
    assert cells["litigation_direct"]["pending"] == cells["litigation_direct"]["total"] == 1
    assert check(Report("2021", empty(), cells)) == []
    before = table4(Remedy.objects.all(), Period(2024, date(2024, 4, 30)))
    assert before["reconsideration"]["pending"] == 1


def test_a_refusal_taken_straight_to_court_since_2024_is_pointed_out() -> None:
    assert "须先申请行政复议" in oddity("litigation_direct", date(2024, 1, 1), True)
    assert oddity("litigation_direct", date(2023, 12, 31), True) == ""
    assert oddity("litigation_direct", date(2024, 1, 1), False) == ""
    assert oddity("litigation_after_reconsideration", date(2024, 1, 1), True) == ""
