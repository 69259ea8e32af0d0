"""一件申请从收到到办结：期限怎样起算、停、续、重来，哪些步走不得。"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.dialogue.requests.conftest import FARMER, Hall, key
from yangguang.dialogue.requests.models import DisclosureRequest, ThirdPartyConsultation
from yangguang.dialogue.requests.procedures import (
    charge,
    hear,
    judge_reason,
    note_delivered,
    note_fee_delivered,
    save_decision,
)
from yangguang.dialogue.requests.selectors import (
    applicant_of,
    by_query_code,
    decided,
    standing_of,
)
from yangguang.dialogue.requests.services import (
    Asked,
    correct_by_applicant,
    note_attempt,
    reopen,
    split,
    submit,
    withdraw_by_applicant,
)
from yangguang.foundation.accounts.models import User
from yangguang.foundation.calendar.dated import redate
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Classified, KeyTaken, Refused
from yangguang.foundation.residents.rules import Paper

RECEIVED = date(2020, 9, 14)
DUE = date(2020, 10, 16)
"""2020-09-14 收到，20 个工作日：国庆放假，9 月 27 日、10 月 10 日上班。"""


def test_an_application_at_the_counter_is_received_the_day_it_is_handed_in(hall: Hall) -> None:
    request = hall.came(RECEIVED)
    assert (request.state, request.received_on, request.reply_due) == ("received", RECEIVED, DUE)


@pytest.mark.parametrize("channel", ["internet", "fax", "plain_post"])
def test_what_must_be_confirmed_has_no_day_of_receipt_before_it_is(
    hall: Hall, channel: str
) -> None:
    request = hall.came(RECEIVED, channel)
    assert (request.state, request.received_on, request.reply_due) == ("submitted", None, None)
    with pytest.raises(Refused, match="没有“收到”这一步"):
        hall.do(request, "receive")
    with pytest.raises(Refused, match="怎样确认的"):
        hall.do(request, "confirm", confirmed_on=RECEIVED)
    with pytest.raises(Refused, match="早于申请到达"):
        hall.do(request, "confirm", confirmed_on=RECEIVED - timedelta(days=1), evidence="电话确认")
    confirmed = hall.on(date(2020, 9, 15)).settings.READING_DAY
    hall.do(request, "confirm", confirmed_on=confirmed, evidence="电话 139… 本人确认")
    assert request.received_on == confirmed
    assert request.reply_due == date(2020, 10, 19)


def test_an_application_from_the_net_has_no_drafter_until_staff_confirm_it(hall: Hall) -> None:
    request = hall.submitted(RECEIVED)
    assert request.created_by is None
    assert [row.who for row in history(request)] == ["申请人"]
    hall.do(request, "confirm", confirmed_on=RECEIVED, evidence="电话确认")
    assert request.created_by_id == hall.officer.user_id


def test_a_double_click_makes_one_application_and_shows_the_same_receipt(hall: Hall) -> None:
    asked, place = Asked("某项信息", "", "paper", "post"), hall.town.organisation
    first = submit(asked, FARMER, organisation=place, key="once", query_code="AAAAA-22222")
    again = submit(asked, FARMER, organisation=place, key="once", query_code="AAAAA-22222")
    assert (first.request.pk, first.is_new, again.is_new) == (again.request.pk, True, False)
    assert DisclosureRequest.objects.count() == 1
    with pytest.raises(KeyTaken):
        submit(asked, FARMER, organisation=place, key="once", query_code="BBBBB-33333")


def test_the_query_code_opens_its_own_application_only(hall: Hall) -> None:
    asked, place = Asked("某项信息", "", "paper", "post"), hall.town.organisation
    request = submit(asked, FARMER, organisation=place, key="k1", query_code="AAAAA-22222").request
    other = hall.submitted(RECEIVED)
    assert by_query_code(request.number, "aaaaa 22222") == request
    assert by_query_code(request.number, "AAAAA-22223") is None
    assert by_query_code(other.number, "AAAAA-22222") is None


def test_the_applicant_is_sealed_and_the_surname_alone_is_shown(hall: Hall) -> None:
    request = hall.submitted(RECEIVED)
    assert applicant_of(request) == FARMER
    assert request.applicant_label == "马**"
    stored = " ".join(str(value) for value in DisclosureRequest.objects.values_list().get())
    assert "马得福" not in stored and "622901198001010016" not in stored


def test_a_secret_mark_leaves_nothing_behind(hall: Hall) -> None:
    asked = Asked("某项信息", "绝密★启用前", "paper", "post")
    with pytest.raises(Classified):
        submit(
            asked, FARMER, organisation=hall.town.organisation, key="k", query_code="AAAAA-22222"
        )
    assert not DisclosureRequest.objects.exists()


def test_correction_stops_the_clock_and_starts_it_anew(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.do(
        request, "ask_correction", items=["请写明是哪一年的"], until=date(2020, 9, 30),
        sent_on=RECEIVED,
    )  # fmt: skip
    assert (request.state, request.reply_due) == ("awaiting_correction", None)
    hall.on(date(2020, 9, 21))
    correct_by_applicant(request, "是 2020 年的", key=key())
    assert request.reply_due == date(2020, 10, 23)
    assert request.clarification.answer == "是 2020 年的"
    with pytest.raises(Refused, match="已经要求过一次补正"):
        hall.do(
            request, "ask_correction", items=["再来"], until=date(2020, 9, 30),
            sent_on=date(2020, 9, 21),
        )  # fmt: skip


def test_correction_cannot_be_asked_after_the_seventh_working_day(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    assert request.correction_due == date(2020, 9, 23)
    values = {"items": ["何年"], "until": date(2020, 10, 30)}
    hall.on(date(2020, 9, 24))
    with pytest.raises(Refused, match="7 个工作日已于"):
        hall.do(request, "ask_correction", sent_on=date(2020, 9, 24), **values)
    # 第 7 个工作日当面告知的，第二天记下来，仍是按期
    hall.do(request, "ask_correction", sent_on=date(2020, 9, 23), **values)


def test_the_term_to_correct_lies_ahead_so_nobody_is_given_up_at_once(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.on(date(2020, 9, 21))
    with pytest.raises(Refused, match="须在今天以后"):
        hall.do(
            request, "ask_correction", items=["何年"], until=date(2020, 9, 21), sent_on=RECEIVED
        )


def test_who_never_answers_is_given_up_only_after_the_term_and_counts_as_overdue(
    hall: Hall,
) -> None:
    request = hall.under_review(RECEIVED)
    until = date(2020, 9, 30)
    hall.do(request, "ask_correction", items=["何年"], until=until, sent_on=RECEIVED)
    hall.on(until)
    with pytest.raises(Refused, match="还没有过"):
        hall.do(request, "abandon", "电话核实过，没有正当理由")
    hall.on(date(2020, 10, 9))
    hall.do(request, "abandon", "电话核实过，没有正当理由")
    assert request.result == "other_1_overdue_correction"
    assert request.finished_on == date(2020, 10, 9)


def test_the_time_of_a_consultation_is_not_counted_and_silence_is_not_consent(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    sent = date(2020, 9, 16)
    hall.on(sent)
    hall.do(request, "consult", kind="third_party", name="某公司", sent_on=sent)
    sought = request.third_parties.get()
    assert (request.state, request.reply_due) == ("consulting", None)
    with pytest.raises(Refused, match="期限没有起算"):
        hear(sought, "silent", settled_on=sent, actor=hall.officer, key=key())
    hall.on(date(2020, 9, 17))
    note_delivered(sought, date(2020, 9, 17), actor=hall.officer)
    sought.refresh_from_db()
    assert sought.opinion_due == date(2020, 10, 14)
    hall.on(date(2020, 10, 14))
    with pytest.raises(Refused, match="还没有过"):
        hear(sought, "silent", settled_on=date(2020, 10, 14), actor=hall.officer, key=key())
    hall.on(date(2020, 10, 19))
    hear(sought, "silent", settled_on=date(2020, 10, 19), actor=hall.officer, key=key())
    request.refresh_from_db()
    sought.refresh_from_db()
    assert not sought.consents
    # 已用 2 个工作日（15、16 日），剩 18 个自 10 月 14 日的次日续算
    assert (request.state, request.reply_due) == ("under_review", date(2020, 11, 9))


def test_another_agencys_silence_is_consent(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.do(request, "consult", kind="agency", name="某局", sent_on=RECEIVED, delivered_on=RECEIVED)
    sought = request.agencies.get()
    hall.on(date(2020, 10, 30))
    with pytest.raises(Refused, match="请选定对方的意见"):
        hear(sought, "silent", settled_on=date(2020, 10, 30), actor=hall.officer, key=key())
    hear(sought, "deemed", settled_on=date(2020, 10, 30), actor=hall.officer, key=key())
    sought.refresh_from_db()
    assert sought.consents and sought.settled_on == sought.opinion_due


def test_a_consultation_after_the_due_day_cannot_win_back_time(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.on(date(2020, 11, 2))
    values = {"kind": "third_party", "name": "某公司"}
    with pytest.raises(Refused, match="已过答复的期限"):
        hall.do(request, "consult", sent_on=date(2020, 10, 19), **values)
    with pytest.raises(Refused, match="早于收到申请之日"):
        hall.do(request, "consult", sent_on=RECEIVED - timedelta(days=1), **values)


def test_a_third_party_that_cannot_be_reached_is_let_go_without_being_taken_as_consent(
    hall: Hall,
) -> None:
    request = hall.under_review(RECEIVED)
    hall.do(request, "consult", kind="third_party", name="某公司", sent_on=RECEIVED)
    sought, day = request.third_parties.get(), date(2020, 9, 21)
    hall.on(day)
    with pytest.raises(Refused, match="退件、找不到人"):
        hear(sought, "unreached", settled_on=day, actor=hall.officer, key=key())
    hear(
        sought, "unreached", settled_on=day, actor=hall.officer, key=key(),
        opinion="邮件退回，登记的地址查无此人",
    )  # fmt: skip
    request.refresh_from_db()
    sought.refresh_from_db()
    assert request.state == "under_review" and not sought.consents
    assert not standing_of(request).third_party_heard


def test_silence_about_the_reasons_ends_the_wait_and_cannot_count_as_reasonable(
    hall: Hall,
) -> None:
    request = hall.under_review(RECEIVED)
    until = date(2020, 9, 25)
    hall.do(request, "ask_reason", asked_on=RECEIVED, until=until)
    hall.on(until)
    with pytest.raises(Refused, match="还没有过"):
        hall.do(request, "lapse_reason", "没有说明")
    hall.on(date(2020, 9, 27))
    hall.do(request, "lapse_reason", "没有说明")
    with pytest.raises(Refused, match="不能认定为合理"):
        judge_reason(request, "reasonable", "研究要用", actor=hall.officer)
    judge_reason(request, "unreasonable", "逾期没有说明", actor=hall.officer)
    save_decision(
        request, {"clarity": "clear", "nature": "excessive", "reason": "一个月里提了八十件，没有说明理由"},
        actor=hall.officer,
    )  # fmt: skip
    request.refresh_from_db()
    assert decided(request).faults == ()


def test_a_fee_notice_sent_in_error_is_taken_back(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    charge(request, "pages", 72, notified_on=RECEIVED, actor=hall.officer, key=key())
    hall.do(request, "cancel_charge", "申请人缩小了范围，不足 30 页")
    assert (request.state, request.reply_due) == ("under_review", DUE)
    assert not hasattr(DisclosureRequest.objects.get(pk=request.pk), "fee")


def test_the_same_key_and_code_in_other_hands_open_nothing(hall: Hall) -> None:
    asked, place = Asked("某项信息", "", "paper", "post"), hall.town.organisation
    submit(asked, FARMER, organisation=place, key="k", query_code="AAAAA-22222")
    other = replace(FARMER, name="别人", paper=Paper("identity_card", "11010519491231002X"))
    with pytest.raises(KeyTaken):
        submit(asked, other, organisation=place, key="k", query_code="AAAAA-22222")


def test_two_consultations_at_once_stop_the_clock_until_both_are_settled(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.do(request, "consult", kind="third_party", name="甲公司", sent_on=RECEIVED)
    hall.do(request, "consult", kind="third_party", name="乙公司", sent_on=RECEIVED)
    first, second = ThirdPartyConsultation.objects.order_by("pk")
    day = date(2020, 9, 18)
    hall.on(day)
    hear(first, "agrees", settled_on=day, actor=hall.officer, key=key())
    request.refresh_from_db()
    assert (request.state, request.reply_due) == ("consulting", None)
    later = date(2020, 9, 21)
    hall.on(later)
    hear(second, "agrees", settled_on=later, actor=hall.officer, key=key())
    request.refresh_from_db()
    assert (request.state, request.reply_due) == ("under_review", date(2020, 10, 23))


def test_a_reply_is_extended_once_before_it_is_due_and_by_twenty_days_at_most(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    head = User.objects.get(pk=hall.town.approver.user_id).pk
    with pytest.raises(Refused, match="1 到 20 个工作日"):
        hall.do(request, "extend", "复杂", days=21, approved_by=head, told_on=RECEIVED)
    with pytest.raises(Refused, match="没有“延长期限”这一步"):
        hall.do(request, "extend", "复杂", days=5, approved_by=None, told_on=RECEIVED)
    late = date(2020, 10, 19)
    hall.on(late)
    with pytest.raises(Refused, match="已过答复的期限2020年10月16日"):
        hall.do(request, "extend", "复杂", days=5, approved_by=head, told_on=late)
    # 届满那天告知的，过后记下来，仍是按期
    hall.do(request, "extend", "复杂", days=5, approved_by=head, told_on=DUE)
    assert request.reply_due == date(2020, 10, 23)
    with pytest.raises(Refused, match="已经延长过一次"):
        hall.do(request, "extend", "复杂", days=5, approved_by=head, told_on=DUE)


def test_the_fee_is_computed_and_the_term_starts_anew_the_day_after_payment(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    charge(request, "pages", 72, notified_on=RECEIVED, actor=hall.officer, key=key())
    assert (request.state, request.fee.yuan, request.reply_due) == ("awaiting_fee", 420, None)
    note_fee_delivered(request, RECEIVED, actor=hall.officer)
    request.fee.refresh_from_db()
    assert request.fee.payment_due == DUE
    hall.on(date(2020, 9, 21))
    hall.do(request, "pay", paid_on=date(2020, 9, 21))
    assert request.reply_due == date(2020, 10, 23)


def test_an_unpaid_fee_ends_the_application_after_twenty_working_days(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    charge(
        request, "pages", 31, notified_on=RECEIVED, delivered_on=RECEIVED, actor=hall.officer,
        key=key(),
    )  # fmt: skip
    hall.on(DUE)
    with pytest.raises(Refused, match="还没有过"):
        hall.do(request, "lapse_fee", "没有缴")
    hall.on(DUE + timedelta(days=1))
    hall.do(request, "lapse_fee", "没有缴")
    assert request.result == "other_2_overdue_fee"


def test_nothing_to_pay_is_no_fee_notice(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    with pytest.raises(Refused, match="算不出应收的费用"):
        charge(request, "pages", 30, notified_on=RECEIVED, actor=hall.officer, key=key())


OPEN_IT = {
    "clarity": "clear", "nature": "information", "responsible": "ours", "existence": "exists",
    "giving": "granted", "when": "随本答复提供",
}  # fmt: skip


def test_a_reply_needs_its_decision_and_ends_in_one_row(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    with pytest.raises(Refused, match="补不补"):
        hall.do(request, "reply", outcome="granted", replied_on=RECEIVED)
    save_decision(request, OPEN_IT, actor=hall.officer)
    with pytest.raises(Refused, match="早于收到申请之日"):
        hall.do(request, "reply", outcome="granted", replied_on=RECEIVED - timedelta(days=1))
    hall.do(request, "reply", outcome="granted", replied_on=RECEIVED)
    assert (request.state, request.result, request.is_late) == ("replied", "granted", False)
    hall.do(request, "deliver", delivered_on=RECEIVED)
    hall.do(request, "archive")
    assert request.state == "archived"


def test_a_returned_mail_is_archived_with_its_proof(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    save_decision(request, OPEN_IT, actor=hall.officer)
    hall.do(request, "reply", outcome="granted", replied_on=RECEIVED)
    with pytest.raises(Refused, match="退回、拒收"):
        hall.do(request, "archive")
    hall.do(request, "archive", "邮件退回，附退件凭据")
    assert request.state == "archived"


def test_a_late_reply_is_marked_and_still_counted(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    save_decision(request, OPEN_IT, actor=hall.officer)
    late = date(2020, 10, 21)
    hall.on(late)
    hall.do(request, "reply", outcome="granted", replied_on=late)
    assert request.is_late and request.finished_on == late


def test_the_applicant_may_withdraw_until_the_reply(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    withdraw_by_applicant(request, "不需要了", key=key())
    assert (request.state, request.result) == ("withdrawn", "other_3_other")


def test_one_matter_one_application_keeps_the_day_of_receipt(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    hall.on(date(2020, 9, 16))
    parts = split(request, ["低保名单", "", "危房改造名单"], actor=hall.officer, key="split")
    assert [part.subject for part in parts] == ["低保名单", "危房改造名单"]
    assert {part.received_on for part in parts} == {RECEIVED}
    assert {part.reply_due for part in parts} == {DUE}
    assert (request.state, request.is_counted) == ("split", False)
    assert split(request, ["低保名单", "危房改造名单"], actor=hall.officer, key="split") == parts


def test_an_annulled_reply_is_done_again_with_a_new_clock_and_counts_once(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    save_decision(request, OPEN_IT, actor=hall.officer)
    hall.do(request, "reply", outcome="granted", replied_on=RECEIVED)
    hall.on(date(2020, 12, 1))
    again = reopen(
        request, since=date(2020, 12, 1), actor=hall.officer, key=key(),
        message="某复决字〔2020〕1号，责令重新答复",
    )  # fmt: skip
    assert (again.state, again.received_on, again.is_counted) == (
        "under_review", date(2020, 12, 1), False,
    )  # fmt: skip
    assert again.reply_due == date(2020, 12, 29)


def test_unreachable_applicants_are_tried_on_two_days_first(hall: Hall) -> None:
    request = hall.submitted(RECEIVED)
    note_attempt(request, RECEIVED, "无人接听", actor=hall.officer, key=key())
    note_attempt(request, RECEIVED, "仍无人接听", actor=hall.officer, key=key())
    with pytest.raises(Refused, match="两次"):
        hall.do(request, "give_up", "联系不上")
    hall.on(date(2020, 9, 15))
    note_attempt(request, date(2020, 9, 15), "号码是空号", actor=hall.officer, key=key())
    hall.do(request, "give_up", "联系不上")
    assert (request.state, request.result) == ("unconfirmed", "")


def test_the_nightly_check_finds_every_due_date_as_the_calculator_gives_it(hall: Hall) -> None:
    request = hall.under_review(RECEIVED)
    DisclosureRequest.objects.filter(pk=request.pk).update(**{"reply_due": date(2020, 1, 1)})
    assert redate(nightly=True).changed == 1
    request.refresh_from_db()
    assert request.reply_due == DUE
