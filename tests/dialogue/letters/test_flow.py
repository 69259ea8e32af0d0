"""一份文书从起草到送达：谁办哪一步，签发才编号，送出才有后果，定稿以后再不变。"""

from datetime import date, timedelta
from io import BytesIO

import pytest

from tests.actors import actor
from tests.dialogue.letters.desk import GIVE, OURS, RECEIVED, REFUSE, Desk
from tests.dialogue.requests.conftest import Hall, key
from yangguang.dialogue.letters.gathering import draft_faults
from yangguang.dialogue.letters.models import CaseLetter
from yangguang.dialogue.letters.rendering import docx_text
from yangguang.dialogue.letters.selectors import draftable, for_applicant, waiting_for
from yangguang.dialogue.letters.services import edit, enclose, finished_letter, make
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.procedures import note_search, save_decision
from yangguang.foundation.files.services import store
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.services import Refused


@pytest.fixture
def desk(hall: Hall) -> Desk:
    return Desk(hall)


def request_of(desk: Desk, answers: dict[str, str] | None = None) -> DisclosureRequest:
    request = desk.hall.under_review(RECEIVED)
    if answers:
        save_decision(request, answers, actor=desk.hall.officer)
    return request


def pdf_text(letter: CaseLetter) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(location(letter.pdf))
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def test_a_reply_is_checked_for_law_and_secrecy_then_signed_numbered_and_sent(desk: Desk) -> None:
    request = request_of(desk, GIVE)
    letter = desk.draft(request, "granted")
    desk.go(letter, "submit", desk.hall.officer)
    assert letter.state == "in_legality"
    with pytest.raises(Refused, match="不能保密审查通过"):
        desk.go(letter, "pass_secrecy", desk.secrecy)
    desk.go(letter, "pass_legality", desk.legality)
    desk.go(letter, "pass_secrecy", desk.secrecy)
    assert letter.number == ""
    desk.go(letter, "sign", desk.head)
    assert (letter.number, letter.written_on) == ("测州公开复〔2024〕1号", RECEIVED)
    with pytest.raises(Refused, match="正在排版"):
        desk.go(letter, "send", desk.hall.officer, sent_on=RECEIVED)
    assert Job.objects.filter(name="letters.make").count() == 1
    make(letter)
    assert request.state == "under_review"
    desk.go(letter, "send", desk.hall.officer, sent_on=RECEIVED)
    request.refresh_from_db()
    assert (request.state, request.result, request.replied_on) == ("replied", "granted", RECEIVED)
    desk.go(letter, "deliver", desk.hall.officer, "网上下载记录", delivered_on=RECEIVED)
    request.refresh_from_db()
    assert (request.state, request.delivered_on) == ("delivered", RECEIVED)


def test_word_and_pdf_hold_the_name_the_quotation_and_the_remedies(desk: Desk) -> None:
    letter = desk.signed(request_of(desk, REFUSE), "process_info")
    word = docx_text(location(letter.docx).read_bytes())
    for text in (word, pdf_text(letter)):
        plain = text.replace("\n", "")
        assert "马得福" in plain and "2020年某村低保评议公示结果" in plain
        assert "应当自收到本答复书之日起60日内先向" in plain
        assert "https://xzfy.example.gov.cn/" in plain
    assert "马得福" not in letter.sealed
    assert "第十六条第二款" in finished_letter(letter).text("conclusion")


def test_a_refusal_without_its_reason_or_harm_is_not_even_submitted(desk: Desk) -> None:
    request = request_of(desk, {**REFUSE, "harm": ""})
    letter = desk.draft(request, "process_info")
    with pytest.raises(Refused, match="危害"):
        desk.go(letter, "submit", desk.hall.officer)
    assert any("危害" in fault for fault in draft_faults(letter))


def test_nobody_types_a_remedy_or_changes_the_kind_that_was_decided(desk: Desk) -> None:
    request = request_of(desk, REFUSE)
    with pytest.raises(Refused, match="判断走到的那一种"):
        desk.draft(request, "granted")
    with pytest.raises(Refused, match="救济途径由规则生成"):
        desk.draft(
            request, "process_info",
            written={"reasons": "可以自收到之日起90日内向某局申请行政复议。"},
        )  # fmt: skip


def test_the_drafter_does_not_sign_his_own_letter(desk: Desk) -> None:
    request = request_of(desk, GIVE)
    letter = desk.draft(request, "granted")
    desk.go(letter, "submit", desk.hall.officer)
    own = actor("legality_reviewer", desk.hall.town.organisation,
                username="request_officer-test-prefecture")  # fmt: skip
    with pytest.raises(Refused, match="自己起草"):
        desk.go(letter, "pass_legality", own)


def test_numbers_run_without_a_gap_in_each_series_and_a_voided_one_stays(desk: Desk) -> None:
    first = desk.signed(request_of(desk, GIVE), "granted")
    second = desk.signed(request_of(desk, REFUSE), "process_info")
    other = desk.signed(
        request_of(desk), "clarification",
        terms={"items": ["何年"], "until": (RECEIVED + timedelta(20)).isoformat()},
    )  # fmt: skip
    desk.go(second, "void", desk.head, "写错了")
    third = desk.signed(request_of(desk, GIVE), "granted")
    assert [each.number for each in (first, second, third)] == [
        f"测州公开复〔2024〕{n}号" for n in (1, 2, 3)
    ]
    assert other.number == "测州公开补〔2024〕1号"


def test_sending_a_clarification_stops_the_clock(desk: Desk) -> None:
    request = request_of(desk)
    until = RECEIVED + timedelta(20)
    desk.sent(
        request, "clarification", terms={"items": ["何年", "何村"], "until": until.isoformat()}
    )
    assert (request.state, request.reply_due) == ("awaiting_correction", None)
    assert request.clarification.items == ["何年", "何村"]
    assert request.clarification.until == until


def test_the_signature_of_the_head_is_his_consent_to_an_extension(desk: Desk) -> None:
    request = request_of(desk)
    before = request.reply_due
    desk.sent(
        request, "extension", terms={"days": 5}, written={"reasons": "档案分存三处，须逐卷核对"}
    )
    assert request.extension.approved_by_id == desk.head.user_id
    assert request.reply_due is not None and before is not None and request.reply_due > before
    assert "extension" not in [each.kind.code for each in draftable(request)]


def test_a_third_party_is_asked_without_learning_who_asks(desk: Desk) -> None:
    request = request_of(desk)
    letter = desk.sent(
        request, "third_party_consultation", addressee="某某建材有限公司", way="counter", written={"demand": "该公司提交的检测报告。"},
    )  # fmt: skip
    text = finished_letter(letter)
    assert all("马得福" not in part.text for part in text.parts)
    sought = request.third_parties.get()
    assert (request.state, sought.name, sought.opinion_due) == (
        "consulting",
        "某某建材有限公司",
        None,
    )
    desk.go(letter, "deliver", desk.hall.officer, "前台签收", delivered_on=RECEIVED)
    sought.refresh_from_db()
    assert sought.opinion_due == date(2024, 3, 26)


def test_a_fee_notice_charges_what_the_standard_gives(desk: Desk) -> None:
    request = request_of(desk)
    letter = desk.sent(
        request, "fee_notice", terms={"method": "pages", "quantity": 72},
        written={"payment": "到某处缴纳"},
    )  # fmt: skip
    assert (request.state, request.fee.yuan) == ("awaiting_fee", 420)
    assert "420元" in finished_letter(letter).text("conclusion")
    desk.go(letter, "deliver", desk.hall.officer, "短信回执", delivered_on=RECEIVED)
    request.fee.refresh_from_db()
    assert request.fee.payment_due is not None


def test_a_posted_reply_goes_by_the_postal_express_with_its_number(desk: Desk) -> None:
    letter = desk.signed(request_of(desk, GIVE), "granted", way="ems")
    with pytest.raises(Refused, match="邮件号") as refused:
        desk.go(letter, "send", desk.hall.officer, sent_on=RECEIVED, is_postal=False)
    assert any("不得使用其他快递" in reason for reason in refused.value.reasons)
    desk.go(
        letter, "send", desk.hall.officer, sent_on=RECEIVED, is_postal=True,
        mail_number="EA123456789CN",
    )  # fmt: skip
    assert letter.mail_number == "EA123456789CN"


def test_what_goes_electronically_goes_on_the_day_it_is_sent(desk: Desk) -> None:
    letter = desk.signed(request_of(desk, GIVE), "granted")
    desk.hall.on(RECEIVED + timedelta(days=2))
    with pytest.raises(Refused, match="电子送达"):
        desk.go(letter, "send", desk.hall.officer, sent_on=RECEIVED)


def test_the_decision_stands_still_while_its_reply_is_being_signed(desk: Desk) -> None:
    request = request_of(desk, REFUSE)
    letter = desk.draft(request, "process_info")
    desk.go(letter, "submit", desk.hall.officer)
    with pytest.raises(Refused, match="已经送审或者签发"):
        save_decision(request, GIVE, actor=desk.hall.officer)
    desk.go(letter, "return", desk.legality, "理由再写具体")
    save_decision(request, {**REFUSE, "ground": "enforcement_file"}, actor=desk.hall.officer)
    assert any("与选定的办理结果不同" in fault for fault in draft_faults(letter))


def test_a_reply_cannot_be_sent_before_it_was_written(desk: Desk) -> None:
    letter = desk.signed(request_of(desk, GIVE), "granted", way="counter")
    with pytest.raises(Refused, match="早于成文日期"):
        desk.go(letter, "send", desk.hall.officer, sent_on=RECEIVED - timedelta(days=1))


def test_what_changes_after_signing_does_not_change_the_letter(desk: Desk) -> None:
    letter = desk.signed(request_of(desk, GIVE), "granted")
    before = location(letter.pdf).read_bytes()
    desk.hall.office.telephone = "0930-9999999"
    desk.hall.office.save()
    with pytest.raises(Refused, match="不能修改"):
        edit(letter, {"copies": "某局"}, actor=desk.hall.officer)
    make(letter)
    assert location(letter.pdf).read_bytes() == before
    assert "0930-9999999" not in finished_letter(letter).text("contact")


def test_not_existing_tells_the_search(desk: Desk) -> None:
    request = request_of(desk)
    values = {
        "scope": "2018 至 2020 年文书档案", "words": "低保、评议", "places": "档案室、民政股",
        "way": "查阅目录、系统检索", "found": "没有找到", "searched_on": RECEIVED,
    }  # fmt: skip
    note_search(request, values, actor=desk.hall.officer, key=key())
    save_decision(request, {**OURS, "existence": "not_existing"}, actor=desk.hall.officer)
    letter = desk.signed(request, "not_existing")
    told = finished_letter(letter).text("search")
    assert all(str(values[name]) in told for name in ("scope", "words", "places", "way"))


def test_a_state_secret_is_refused_without_any_file(desk: Desk) -> None:
    answers = {**REFUSE, "ground": "state_secret"}
    letter = desk.draft(request_of(desk, answers), "state_secret")
    file = store(
        BytesIO("普通的材料".encode()), "附.txt", actor=desk.hall.officer,
        organisation=desk.hall.town.organisation,
    )  # fmt: skip
    with pytest.raises(Refused, match="不带附件"):
        enclose(letter, file, "附件", actor=desk.hall.officer)


def test_the_applicant_sees_only_what_was_sent_to_him_electronically(desk: Desk) -> None:
    request = request_of(desk, GIVE)
    letter = desk.signed(request, "granted")
    assert not for_applicant(request).exists()
    desk.go(letter, "send", desk.hall.officer, sent_on=RECEIVED)
    assert [each.pk for each in for_applicant(request)] == [letter.pk]


def test_each_waits_for_the_one_whose_step_it_is(desk: Desk) -> None:
    letter = desk.draft(request_of(desk, GIVE), "granted")
    assert list(waiting_for(desk.hall.officer)) == [letter]
    desk.go(letter, "submit", desk.hall.officer)
    assert list(waiting_for(desk.legality)) == [letter]
    assert not waiting_for(desk.secrecy).exists() and not waiting_for(desk.head).exists()
