"""依申请公开的几个故事：从申请人的一封信、一次点击，到答复、存档、统计。"""

from datetime import date, timedelta

import pytest

from tests.dialogue.letters.desk import OURS, REFUSE, Desk
from tests.dialogue.redaction.conftest import ONE_PAGE, Room
from tests.dialogue.requests.conftest import FIRM, hall_of, key
from tests.town import founded
from yangguang.dialogue.letters.services import enclose, finished_letter
from yangguang.dialogue.redaction.services import make as make_redaction
from yangguang.dialogue.remedies.services import enter, redo
from yangguang.dialogue.requests.applicants import Applicant
from yangguang.dialogue.requests.counting import Period, table3
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.procedures import hear, save_decision
from yangguang.dialogue.requests.selectors import ordinal_in_month, waiting_for
from yangguang.dialogue.requests.services import assign, note_attempt
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.lifecycle.services import Refused, perform
from yangguang.foundation.residents.rules import Paper

GIVEN = OURS | {"giving": "granted", "when": "随本答复寄送"}


@pytest.fixture
def desk(db: None, settings: object) -> Desk:
    return Desk(hall_of(founded(), settings))


def test_the_farmers_paper_letter(desk: Desk) -> None:
    """农户寄来一封平信。到了不算收到；头一天电话没人接，第二天打通才是收到之日。答复用邮政特快寄出，
    以交邮之日判断按不按期，收到回执存档。"""
    hall = desk.hall
    request = hall.came(date(2024, 3, 4), "plain_post", asked={
        "delivery_form": "paper", "delivery_way": "post",
    })  # fmt: skip
    note_attempt(request, date(2024, 3, 4), "无人接听", actor=hall.counter, key=key())
    hall.on(date(2024, 3, 5))
    hall.do(request, "confirm", confirmed_on=date(2024, 3, 5), evidence="本人接听，确认提出过")
    assert request.reply_due == date(2024, 4, 2)
    assign(request, actor=hall.officer, key=key())
    save_decision(request, GIVEN, actor=hall.officer)
    hall.on(date(2024, 4, 2))
    letter = desk.signed(request, "granted")
    desk.go(
        letter, "send", hall.officer, sent_on=date(2024, 4, 2), mail_number="EA000000001CN",
        is_postal=True,
    )  # fmt: skip
    hall.on(date(2024, 4, 8))
    desk.go(letter, "deliver", hall.officer, "邮件查询：本人签收", delivered_on=date(2024, 4, 8))
    request.refresh_from_db()
    assert (request.state, request.is_late, request.delivered_on) == (
        "delivered", False, date(2024, 4, 8),
    )  # fmt: skip
    hall.do(request, "archive")
    assert request.state == "archived"


def test_the_company_whose_trade_secret_is_asked_for(desk: Desk) -> None:
    """有人要一家公司的检测报告。征求它的意见时隐去申请人；它不同意，理由成立，不予公开；答复告诉申请人
    须先申请行政复议。"""
    hall = desk.hall
    request = hall.under_review(date(2024, 3, 5))
    asked = desk.sent(
        request, "third_party_consultation", addressee="某某建材有限公司", way="counter",
        written={"demand": "该公司提交的检测报告"},
    )  # fmt: skip
    assert all("马得福" not in part.text for part in finished_letter(asked).parts)
    desk.go(asked, "deliver", hall.officer, "前台签收", delivered_on=date(2024, 3, 5))
    hall.on(date(2024, 3, 20))
    hear(
        request.third_parties.get(), "objects", settled_on=date(2024, 3, 20), actor=hall.officer,
        key=key(), opinion="报告里有未公开的配方，属于商业秘密",
    )  # fmt: skip
    request.refresh_from_db()
    assert request.reply_due == date(2024, 4, 18)
    answers = {**REFUSE, "ground": "third_party", "public_interest": "no",
               "public_interest_reason": "只关系这一家的配方，不公开对公共利益没有重大影响"}  # fmt: skip
    save_decision(request, answers, actor=hall.officer)
    letter = desk.sent(request, "third_party")
    assert request.result == "deny_4_third_party"
    assert "先向" in finished_letter(letter).text("remedies")


def test_the_one_who_never_answers(desk: Desk) -> None:
    """申请写得不清，一次性告知补正，过了期限没有回音，核实没有正当理由，不再处理，计入“逾期不补正”。"""
    hall = desk.hall
    request = hall.under_review(date(2024, 3, 5))
    until = date(2024, 3, 22)
    desk.sent(request, "clarification", terms={"items": ["写明年份"], "until": until.isoformat()})
    hall.on(until)
    with pytest.raises(Refused, match="还没有过"):
        hall.do(request, "abandon", "没有回音")
    hall.on(until + timedelta(days=3))
    hall.do(request, "abandon", "两次电话核实，没有正当理由")
    cells = table3(DisclosureRequest.objects.all(), Period(2024, date(2024, 12, 31)))
    assert cells["other_1_overdue_correction"]["natural_person"] == 1


def test_forty_requests_in_a_month(desk: Desk) -> None:
    """一个人一个月提了四十件。第 40 件按件收费 200 元，收费通知写着依据、算式和不能单独复议诉讼。"""
    hall = desk.hall
    for _ in range(39):
        hall.came(date(2024, 3, 5))
    request = hall.under_review(date(2024, 3, 6))
    assert ordinal_in_month(request) == 40
    letter = desk.sent(
        request, "fee_notice", terms={"method": "requests", "quantity": 40},
        written={"payment": "到某处缴纳，开具财政票据"},
    )  # fmt: skip
    assert request.fee.yuan == 200
    text = finished_letter(letter)
    assert "200元" in text.text("conclusion")
    assert "不能单独申请行政复议" in text.text("fee_remedies")


def test_a_part_is_given_with_the_identity_number_blacked_out(desk: Desk) -> None:
    """名单里有身份证号码：遮盖以后由另一个人核对，部分公开的答复附的是遮盖过的一份。"""
    hall = desk.hall
    request = hall.under_review(date(2024, 3, 5))
    room = Room(hall, request, hall.officer, desk.secrecy, desk.head)
    redaction = room.marked(ONE_PAGE)
    make_redaction(redaction, actor=hall.officer, key=key())
    redaction.refresh_from_db()
    perform(redaction, "check", actor=desk.secrecy, key=key())
    answers = {
        **OURS, "giving": "partial", "ground": "third_party", "public_interest": "no",
        "public_interest_reason": "公民的身份证号码，不公开没有重大影响", "when": "随本答复提供",
        "reason": "名单里的身份证号码属于个人隐私，依据条例第十五条不予公开。",
        "harm": "公开身份证号码会使当事人的个人信息被冒用。",
    }  # fmt: skip
    save_decision(request, answers, actor=hall.officer)
    letter = desk.draft(request, "partial")
    output = StoredFile.objects.get(pk=redaction.output_id)
    enclose(letter, output, "名单（经区分处理）", actor=hall.officer)
    for event, who in (
        ("submit", hall.officer), ("pass_legality", desk.legality), ("pass_secrecy", desk.secrecy),
        ("sign", desk.head),
    ):  # fmt: skip
        desk.go(letter, event, who)
    assert "名单（经区分处理）" in finished_letter(letter).text("attachments")
    remedies = finished_letter(letter).text("remedies")
    assert "本答复中不予公开的部分" in remedies and "本答复的其他部分" in remedies


def test_a_reversal(desk: Desk) -> None:
    """不予公开的答复被复议机关撤销，责令重作：另开一件，期限重新计算，最后公开；年报里只计一件。"""
    hall = desk.hall
    request = hall.under_review(date(2024, 3, 5))
    save_decision(request, REFUSE, actor=hall.officer)
    desk.sent(request, "process_info")
    hall.on(date(2024, 4, 8))
    remedy = enter(
        request, "reconsideration", body="测试州人民政府", received_on=date(2024, 4, 8),
        actor=hall.officer, key=key(),
    )  # fmt: skip
    hall.on(date(2024, 5, 6))
    inputs = {"decided_on": date(2024, 5, 6), "result": "corrected", "orders_redo": True,
              "decision_number": "测复决〔2024〕1号"}  # fmt: skip
    perform(remedy, "decide", actor=hall.officer, key=key(), inputs=inputs)
    again = redo(remedy, date(2024, 5, 6), actor=hall.officer, key=key())
    save_decision(again, GIVEN, actor=hall.officer)
    desk.sent(again, "granted", way="counter")
    assert again.result == "granted"
    cells = table3(DisclosureRequest.objects.all(), Period(2024, date(2024, 12, 31)))
    assert cells["processed_total"]["total"] == 1
    assert cells["deny_6_process_info"]["total"] == 1


def test_the_public_health_request_comes_first(desk: Desk) -> None:
    """公共卫生类的标出来，排在要办的最前。"""
    hall = desk.hall
    hall.under_review(date(2024, 3, 5))
    later = hall.came(date(2024, 3, 6))
    assign(later, actor=hall.officer, key=key(), is_public_health=True)
    assert waiting_for(hall.officer).first() == later


def test_a_company_is_counted_in_its_own_column(desk: Desk) -> None:
    """企业凭统一社会信用代码申请，答复称“你单位”，计入商业企业一列。"""
    hall = desk.hall
    firm: Applicant = FIRM
    assert firm.paper == Paper("uscc", firm.paper.number)
    request = hall.under_review(date(2024, 3, 5), applicant=FIRM)
    save_decision(request, GIVEN, actor=hall.officer)
    letter = desk.sent(request, "granted")
    assert "你单位申请公开的政府信息" in finished_letter(letter).text("conclusion")
    cells = table3(DisclosureRequest.objects.all(), Period(2024, date(2024, 12, 31)))
    assert cells["granted"]["commercial"] == 1
