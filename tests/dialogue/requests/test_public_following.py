"""申请以后：回执，凭编号和查询码看进度，为什么是那一天，自己走的几步。"""

from datetime import date

import pytest
from django.test import Client
from lxml import html
from pypdfium2 import PdfDocument

from tests.dialogue.requests.applying import (
    BY_POST,
    HOME,
    PERSON,
    Applicant,
    at,
    fields,
    text,
)
from tests.dialogue.requests.conftest import Hall, key
from tests.dialogue.requests.test_public_applying import photo
from yangguang.dialogue.requests import panels
from yangguang.dialogue.requests.models import DisclosureRequest, RequestFile
from yangguang.dialogue.requests.procedures import charge, note_fee_delivered, save_decision
from yangguang.dialogue.requests.public.nine_links import NINE, track
from yangguang.dialogue.requests.public.standing import PLAIN
from yangguang.dialogue.requests.rules import HANDLING
from yangguang.dialogue.requests.selectors import applicant_of
from yangguang.dialogue.requests.services import split
from yangguang.dialogue.requests.states import STATES
from yangguang.dialogue.requests.track import LINKS
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import NameKind, OrganisationName
from yangguang.foundation.theme.chrome import Link


@pytest.fixture
def farmer(hall: Hall) -> Applicant:
    hall.on(date(2020, 9, 21))
    return Applicant(hall)


def received(hall: Hall) -> DisclosureRequest:
    """工作人员打电话确认了，登记分办了。"""
    case = DisclosureRequest.objects.get()
    inputs = {"confirmed_on": date(2020, 9, 21), "evidence": "打 13900000000，本人接的"}
    hall.do(case, "confirm", **inputs)
    hall.do(case, "assign")
    return case


def asked_to_correct(hall: Hall) -> DisclosureRequest:
    case = received(hall)
    hall.on(date(2020, 9, 23)).do(
        case, "ask_correction", items=["写明是哪个村"], until=date(2020, 10, 15),
        sent_on=date(2020, 9, 23),
    )  # fmt: skip
    return case


def test_the_receipt_has_the_number_the_code_and_when_it_counts_as_received(
    farmer: Applicant,
) -> None:
    number, code = farmer.applies()
    page = farmer.client.get(f"{HOME}receipt/")
    assert "no-store" in page.headers["Cache-Control"]
    for words in (number, code, "双方确认之日就是收到申请之日", "二十个工作日"):
        assert words in text(page)
    assert Client().get(f"{HOME}receipt/").status_code == 302


def test_the_receipt_is_a_pdf_with_the_same_number_and_code(farmer: Applicant) -> None:
    number, code = farmer.applies()
    answer = farmer.client.get(f"{HOME}receipt/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    document = PdfDocument(answer.content)
    assert len(document) == 1
    told = document[0].get_textpage().get_text_bounded()
    assert number in told and code in told and "马得福" not in told
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_case_opens_by_number_and_code_in_any_writing(farmer: Applicant, hall: Hall) -> None:
    number, code = farmer.applies()
    other = Applicant(hall)
    assert other.case().status_code == 302
    answer = other.looks_up(f" {number} ", code.lower().replace("-", " "))
    assert answer.status_code == 302
    assert "还没有与您确认" in text(other.case())
    assert code in text(other.client.get(f"{HOME}receipt/"))


def test_the_answer_never_says_which_of_the_two_is_wrong(farmer: Applicant, hall: Hall) -> None:
    number, code = farmer.applies()
    other = Applicant(hall)
    answers = [
        other.looks_up(number, "22222-22222"), other.looks_up("0001-2020-99999", code),
        other.looks_up("0001-2020-99999", "22222-22222"),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {422}
    told = [html.fromstring(a.content).xpath("string(//div[@role='alert'])") for a in answers]
    assert len(set(told)) == 1
    assert other.case().status_code == 302


def test_leaving_shuts_the_case_on_this_device(farmer: Applicant) -> None:
    farmer.applies()
    assert farmer.case().status_code == 200
    farmer.client.post(f"{HOME}leave/")
    assert farmer.case().status_code == 302


def test_the_pass_lasts_half_an_hour_and_dies_with_anonymisation(
    farmer: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    farmer.applies()
    monkeypatch.setattr("yangguang.dialogue.requests.public.passes.SECONDS", -1)
    assert farmer.case().status_code == 302
    monkeypatch.undo()
    assert farmer.case().status_code == 200
    DisclosureRequest.objects.update(query_digest="")
    assert farmer.case().status_code == 302


def test_it_shows_the_due_date_and_every_step_to_it(farmer: Applicant, hall: Hall) -> None:
    farmer.applies()
    case = received(hall)
    page = text(farmer.case())
    assert case.reply_due == date(2020, 10, 23)
    assert "最迟答复：2020年10月23日（周五）" in page
    for words in ("收到当日不计入", "国庆节", "计为工作日", "第三十三条"):
        assert words in page, words


def test_it_says_why_the_clock_stands(farmer: Applicant, hall: Hall) -> None:
    farmer.applies()
    asked_to_correct(hall)
    page = text(farmer.case())
    assert "期限现在停着" in page and "收到补正之日重新起算" in page
    assert "写明是哪个村" in page and "2020年10月15日" in page


def test_a_correction_with_a_paper_starts_the_clock_anew(farmer: Applicant, hall: Hall) -> None:
    farmer.applies()
    asked_to_correct(hall)
    hall.on(date(2020, 9, 25))
    assert farmer.does("correct", text="某镇某村", correction=photo()).status_code == 302
    case = DisclosureRequest.objects.get()
    assert case.state == "under_review" and case.clarification.answer == "某镇某村"
    assert RequestFile.objects.get().kind == "correction"
    assert case.reply_due == date(2020, 10, 29)
    assert "重新起算" in text(farmer.case())


def test_an_empty_correction_is_refused_and_a_double_click_takes_one(
    farmer: Applicant, hall: Hall
) -> None:
    farmer.applies()
    asked_to_correct(hall)
    assert "请写下要补充的内容" in text(farmer.does("correct", text=" "))
    once = html.fromstring(farmer.case().content).xpath("//form//input[@name='key']/@value")[0]
    for _ in range(2):
        answer = farmer.does("correct", key=once, text="某村", correction=photo())
        assert answer.status_code == 302
    assert RequestFile.objects.count() == 1


def test_a_stale_correction_gives_back_what_was_typed(farmer: Applicant, hall: Hall) -> None:
    number, code = farmer.applies()
    asked_to_correct(hall)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = farmer.client.cookies
    answer = strict.post(f"{HOME}case/do/correct/", {"text": "写了很久的"})
    assert answer.status_code == 422 and "写了很久的" in text(answer)
    assert DisclosureRequest.objects.get().state == "awaiting_correction"


def test_the_reason_asked_for_is_given(farmer: Applicant, hall: Hall) -> None:
    farmer.applies()
    hall.do(received(hall), "ask_reason", asked_on=date(2020, 9, 21))
    assert "请您说明理由" in text(farmer.case())
    assert farmer.does("reason", text="各年的分别申请").status_code == 302
    assert DisclosureRequest.objects.get().reason_inquiry.answer == "各年的分别申请"


def test_the_fee_notice_says_how_much_by_when_and_how_it_was_counted(
    farmer: Applicant, hall: Hall
) -> None:
    farmer.applies()
    case = received(hall)
    on = date(2020, 9, 21)
    charge(case, "pages", 72, notified_on=on, actor=hall.officer, key=key())
    note_fee_delivered(case, on, actor=hall.counter)
    page = text(farmer.case())
    for words in ("420元", "共72页", "2020年10月23日", "财政票据"):
        assert words in page, words


def test_withdrawing_asks_once_more_first(farmer: Applicant) -> None:
    farmer.applies()
    page = farmer.client.get(f"{HOME}case/withdraw/")
    assert "不能恢复" in text(page) and DisclosureRequest.objects.get().state == "submitted"
    farmer.client.post(f"{HOME}case/do/withdraw/", fields(page) | {"text": "找到了"})
    assert DisclosureRequest.objects.get().state == "withdrawn"
    assert "您撤回了" in text(farmer.case())


def test_a_step_that_cannot_be_taken_says_why(farmer: Applicant) -> None:
    farmer.applies()
    answer = farmer.does("correct", text="某村")
    assert answer.status_code == 422
    assert html.fromstring(answer.content).xpath("string(//div[@role='alert']//li)").strip()


def replied(hall: Hall, outcome: str, **answers: str) -> DisclosureRequest:
    case = received(hall)
    save_decision(case, answers, actor=hall.officer)
    inputs = {"outcome": outcome, "replied_on": date(2020, 9, 25)}
    hall.on(date(2020, 9, 25)).do(case, "reply", **inputs)
    return case


ELSEWHERE = {
    "clarity": "clear", "nature": "information", "responsible": "other",
    "reason": "该信息由另一机关制作，不由本机关负责公开。",
}  # fmt: skip


def test_the_reply_is_confirmed_received(farmer: Applicant, hall: Hall) -> None:
    farmer.applies()
    replied(hall, "not_responsible", **ELSEWHERE)
    assert "不属于本机关负责公开" in text(farmer.case())
    assert farmer.does("received").status_code == 302
    case = DisclosureRequest.objects.get()
    assert (case.state, case.delivered_on) == ("delivered", date(2020, 9, 25))


def test_not_ours_leads_to_the_organ_that_is_with_everything_filled_in(
    farmer: Applicant, hall: Hall
) -> None:
    farmer.applies()
    name = hall.town.organisation.name
    OrganisationName.objects.create(
        organisation=hall.town.organisation, name=name, kind=NameKind.OFFICIAL
    )
    authority = f"{name}，电话 0930-0000000"
    replied(hall, "not_responsible", **ELSEWHERE, authority=authority)
    links = html.fromstring(farmer.case().content).xpath("//main//a[contains(@class,'btn')]/@href")
    assert f"{at(hall)}?again=1" in links
    page = farmer.opens(again="1")
    assert fields(page)["subject"] == "2020年某村低保评议公示结果"
    for _ in range(3):
        page = farmer.goes_on(page)
        assert page.status_code == 200, text(page)
        for words in ("马得福", PERSON["paper_number"], PERSON["phone"], BY_POST["address"]):
            assert words not in page.content.decode(), "拿着回执的人看不到申请人是谁"
    assert farmer.goes_on(page).status_code == 302
    first, second = DisclosureRequest.objects.order_by("pk")
    assert applicant_of(first) == applicant_of(second) and first.query_digest != second.query_digest


def test_someone_else_applying_like_an_earlier_case_fills_in_himself(farmer: Applicant) -> None:
    farmer.applies()
    page = farmer.goes_on(farmer.opens(again="1"))
    page = farmer.goes_on(page, fresh="yes")
    assert page.status_code == 200 and fields(page)["name"] == ""
    page = farmer.goes_on(page, **(PERSON | {"name": "马小福"}))
    page = farmer.goes_on(page, **BY_POST)
    assert farmer.goes_on(page).status_code == 302
    found = applicant_of(DisclosureRequest.objects.latest("pk"))
    assert found and found.name == "马小福"


def test_publication_is_proposed_once(farmer: Applicant) -> None:
    farmer.applies()
    for _ in range(2):
        assert farmer.does("propose").status_code == 302
    assert DisclosureRequest.objects.get().wants_publication
    assert "您已经建议" in text(farmer.case())


def test_a_split_case_opens_its_parts_with_the_same_code(farmer: Applicant, hall: Hall) -> None:
    farmer.applies()
    case = received(hall)
    one, _ = split(case, ["低保名单", "评议会议记录"], actor=hall.officer, key=key())
    assert "低保名单" in text(farmer.case())
    assert farmer.client.get(f"{HOME}case/part/{one.pk}/").status_code == 302
    assert one.number in text(farmer.case())
    stranger = hall.came(date(2020, 9, 21))
    farmer.client.get(f"{HOME}case/part/{stranger.pk}/")
    assert stranger.number not in text(farmer.case())


def test_what_the_office_has_drafted_but_not_sent_is_not_on_the_page(
    farmer: Applicant, hall: Hall
) -> None:
    farmer.applies()
    case = received(hall)
    save_decision(case, ELSEWHERE | {"authority": "另一机关"}, actor=hall.officer)
    page = farmer.case().content.decode()
    for words in (ELSEWHERE["reason"], "另一机关", "非本机关负责", "本人接的"):
        assert words not in page, words


def test_letters_sent_to_the_applicant_are_listed_to_download(
    farmer: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    farmer.applies()
    monkeypatch.setattr(panels, "_public", [])
    assert "给您的文书" not in text(farmer.case())
    panels.register_public(lambda request: [Link("答复书", f"/letters/{request.number}")])
    page = farmer.case()
    links = html.fromstring(page.content).xpath("//main//a[text()='答复书']/@href")
    assert links == [f"/letters/{DisclosureRequest.objects.get().number}"]


def test_every_state_is_told_in_plain_words() -> None:
    assert set(PLAIN) == set(STATES)


def test_the_nine_links_hold_every_step_of_the_table_but_withdrawing() -> None:
    held = [event for link in NINE for event in link.events]
    assert len(held) == len(set(held))
    assert set(held) == {each.event for each in HANDLING.transitions} - {"withdraw"}
    assert [link.name for link in NINE] == list(LINKS) and all(link.words for link in NINE)


def test_the_track_marks_one_present_link_or_more_until_the_end(hall: Hall) -> None:
    case = hall.submitted(date(2020, 9, 21))
    assert [each.link.name for each in track(case) if each.standing == "now"] == [
        "确认申请内容和时间"
    ]
    inputs = {"confirmed_on": date(2020, 9, 21), "evidence": "本人接的"}
    perform(case, "confirm", actor=hall.officer, key=key(), inputs=inputs)
    hall.do(case, "assign")
    case = DisclosureRequest.objects.get(pk=case.pk)
    assert {each.link.name for each in track(case) if each.standing == "now"} == {
        "依申请公开情形", "办理期限",
    }  # fmt: skip
