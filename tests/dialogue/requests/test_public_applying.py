"""网上填一份申请：一屏一组，写过的不丢；交几次都是一件；填错的说明在哪里。"""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from PIL import Image

from tests.dialogue.requests.applying import (
    BY_POST,
    HOME,
    PERSON,
    WANTED,
    Applicant,
    at,
    fields,
    text,
)
from tests.dialogue.requests.conftest import Hall
from yangguang.dialogue.requests.applicants import DELIVERY_FORMS, DELIVERY_WAYS
from yangguang.dialogue.requests.models import DisclosureRequest, RequestFile
from yangguang.dialogue.requests.public.drafting import DELIVERIES, FIELDS
from yangguang.dialogue.requests.selectors import applicant_of
from yangguang.foundation.organisations.rules import demonstration_uscc

NUMBER = PERSON["paper_number"]
FIRM = {
    "kind": "firm", "org_kind": "commercial", "firm_name": "某某建筑有限公司",
    "firm_code": demonstration_uscc("firm"), "contact": "张三", "phone": "0930-6210000",
}  # fmt: skip


def photo() -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "JPEG")
    return SimpleUploadedFile("委托书.jpg", stream.getvalue(), "image/jpeg")


@pytest.fixture
def farmer(hall: Hall) -> Applicant:
    hall.on(date(2020, 10, 20))
    return Applicant(hall)


def test_three_screens_and_a_check_make_one_case_with_what_was_typed(farmer: Applicant) -> None:
    number, code = farmer.applies()
    case = DisclosureRequest.objects.get()
    assert (case.number, case.state, case.channel) == (number, "submitted", "internet")
    assert (case.subject, case.description) == (WANTED["subject"], WANTED["description"])
    assert (case.delivery_form, case.delivery_way) == ("paper", "post")
    applicant = applicant_of(case)
    assert applicant and (applicant.name, applicant.paper.number) == ("马得福", NUMBER)
    assert applicant.address == BY_POST["address"] and len(code) == 11


def test_the_form_asks_nothing_beyond_article_29_and_never_the_purpose(farmer: Applicant) -> None:
    pages = [farmer.opens()]
    for written in (WANTED, PERSON, BY_POST):
        pages.append(farmer.goes_on(pages[-1], **written))
    asked = {name for page in pages for name in fields(page)}
    lawful = {name for names in FIELDS.values() for name in names}
    assert asked - {"draft", "step", "proxy", "identity"} <= lawful
    assert not any("用途" in text(page) for page in pages[1:])


def test_a_wrong_identity_number_is_told_at_the_field_and_in_the_summary_and_nothing_is_lost(
    farmer: Applicant,
) -> None:
    page = farmer.goes_on(farmer.opens(), **WANTED)
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    page = farmer.goes_on(page, **(PERSON | {"paper_number": wrong}))
    assert page.status_code == 422
    whole = html.fromstring(page.content)
    assert whole.xpath("//div[@role='alert']//a/@href") == ["#paper_number"]
    (box,) = whole.xpath("//input[@id='paper_number']")
    assert box.get("aria-invalid") == "true" and "paper_number-fault" in box.get("aria-describedby")
    kept = fields(page)
    assert (kept["name"], kept["paper_number"]) == ("马得福", wrong)
    page = farmer.goes_on(page, paper_number=NUMBER)
    page = farmer.goes_on(page, **BY_POST)
    assert WANTED["subject"] in text(page)


@pytest.mark.parametrize(
    ("step", "given", "at_field"),
    [
        ("want", {"subject": " "}, "subject"),
        ("want", {"subject": "长" * 201}, "subject"),
        ("who", {"kind": ""}, "kind"),
        ("who", {"name": ""}, "name"),
        ("who", {"phone": "12"}, "phone"),
        ("who", FIRM | {"org_kind": ""}, "org_kind"),
        ("who", FIRM | {"firm_code": "91620000MA7000000X"}, "firm_code"),
        ("who", FIRM | {"contact": ""}, "contact"),
        ("who", {"has_agent": "yes", "agent_name": ""}, "agent_name"),
        ("how", {"delivery": ""}, "delivery"),
        ("how", {"delivery": "paper-online"}, "delivery"),
        ("how", {"delivery": "paper-post", "address": ""}, "address"),
        ("how", {"delivery": "electronic-email", "email": ""}, "email"),
        ("how", {"delivery": "electronic-email", "email": "某某"}, "email"),
        ("how", {"postcode": "12"}, "postcode"),
    ],
)
def test_what_is_missing_is_told_on_its_own_screen(
    farmer: Applicant, step: str, given: dict[str, str], at_field: str
) -> None:
    page = farmer.opens()
    for name, written in {"want": WANTED, "who": PERSON, "how": BY_POST}.items():
        page = farmer.goes_on(page, **(written | (given if name == step else {})))
        if name == step:
            break
    assert page.status_code == 422
    links = html.fromstring(page.content).xpath("//div[@role='alert']//a/@href")
    assert f"#{at_field}" in links
    assert DisclosureRequest.objects.count() == 0


def test_a_double_click_and_the_same_form_sent_again_make_one_case(farmer: Applicant) -> None:
    page = farmer.fills()
    for _ in range(3):
        assert farmer.goes_on(page).status_code == 302
    assert DisclosureRequest.objects.count() == 1
    first = text(farmer.client.get(f"{HOME}receipt/"))
    assert DisclosureRequest.objects.get().number in first


def test_going_back_keeps_what_is_half_written(farmer: Applicant) -> None:
    page = farmer.goes_on(farmer.opens(), **WANTED)
    back = farmer.goes_on(page, kind="natural_person", name="马得福", go="want")
    assert fields(back)["subject"] == WANTED["subject"]
    assert fields(farmer.goes_on(back))["name"] == "马得福"


def test_a_page_left_overnight_says_so_and_gives_back_every_word(hall: Hall) -> None:
    hall.on(date(2020, 10, 20))
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(at(hall, "apply/"))
    stale = strict.post(at(hall, "apply/"), fields(page) | WANTED)
    assert stale.status_code == 422 and "停得太久" in text(stale)
    assert fields(stale)["subject"] == WANTED["subject"]
    token = html.fromstring(stale.content).xpath(
        "//main//input[@name='csrfmiddlewaretoken']/@value"
    )
    again = strict.post(at(hall, "apply/"), fields(stale) | {"csrfmiddlewaretoken": token[0]})
    assert again.status_code == 200 and "您是谁" in text(again)


def test_nothing_is_submitted_without_the_token(hall: Hall) -> None:
    hall.on(date(2020, 10, 20))
    page = Applicant(hall).fills()
    assert (
        Client(enforce_csrf_checks=True).post(at(hall, "apply/"), fields(page)).status_code == 422
    )
    assert DisclosureRequest.objects.count() == 0


def test_a_state_forged_by_hand_is_not_believed(farmer: Applicant) -> None:
    page = farmer.goes_on(farmer.opens(), draft="forged", step="check")
    assert page.status_code == 422 and DisclosureRequest.objects.count() == 0


def test_the_identity_number_is_never_in_a_page_after_its_own_screen(farmer: Applicant) -> None:
    page = farmer.fills()
    assert NUMBER not in page.content.decode() and "990*" in text(page)


def test_a_firm_applies_in_one_of_the_five_kinds(farmer: Applicant) -> None:
    farmer.applies(who=FIRM)
    case = DisclosureRequest.objects.get()
    assert (case.applicant_kind, case.applicant_label) == ("commercial", "某某建筑有限公司")


def test_an_agent_brings_the_proxy_paper(farmer: Applicant) -> None:
    agent = {
        "has_agent": "yes", "agent_name": "马小福", "agent_paper_kind": "passport",
        "agent_paper_number": "E12345678",
    }  # fmt: skip
    page = farmer.fills(who=PERSON | agent)
    refused = farmer.goes_on(page)
    assert refused.status_code == 422 and "请附上委托书" in text(refused)
    assert farmer.goes_on(refused, proxy=photo(), identity=photo()).status_code == 302
    kinds = set(RequestFile.objects.values_list("kind", "is_from_applicant"))
    assert kinds == {("proxy", True), ("identity", True)}
    found = applicant_of(DisclosureRequest.objects.get())
    assert found and found.agent and found.agent.name == "马小福"


def test_a_file_that_cannot_be_taken_leaves_neither_file_nor_case(farmer: Applicant) -> None:
    page = farmer.fills()
    bad = SimpleUploadedFile("某.exe", b"MZ" + bytes(100))
    refused = farmer.goes_on(page, identity=bad)
    assert refused.status_code == 422 and DisclosureRequest.objects.count() == 0
    assert farmer.goes_on(refused).status_code == 302
    assert DisclosureRequest.objects.get().number.endswith("-00001")


def test_the_second_sending_does_not_take_the_files_again(farmer: Applicant) -> None:
    page = farmer.fills()
    for _ in range(2):
        farmer.goes_on(page, identity=photo())
    assert RequestFile.objects.count() == 1


def test_text_marked_secret_is_refused_and_not_shown_again(farmer: Applicant) -> None:
    page = farmer.fills(want={"subject": "机密★10年 某某方案"})
    refused = farmer.goes_on(page)
    assert refused.status_code == 422 and "机密★" not in text(refused)
    assert DisclosureRequest.objects.count() == 0


def test_a_phone_photo_is_not_too_large_but_only_where_files_are_taken(farmer: Applicant) -> None:
    page = farmer.fills()
    big = photo().read() + bytes(3_000_000)
    one, other = (SimpleUploadedFile("某.jpg", big, "image/jpeg") for _ in range(2))
    assert farmer.goes_on(page, identity=one).status_code != 413
    assert farmer.client.post(f"{HOME}status/", {"code": other}).status_code == 413


def test_an_organ_that_does_not_accept_online_has_no_form(hall: Hall) -> None:
    hall.office.accepts_online = False
    hall.office.save()
    answer: Any = Applicant(hall).opens()
    assert answer.status_code == 302 and answer.headers["Location"] == at(hall)
    assert "没有开通网上申请" in text(Client().get(at(hall)))


def test_every_way_on_the_form_is_a_lawful_form_and_way() -> None:
    for code in DELIVERIES:
        form, way = code.split("-")
        assert form in DELIVERY_FORMS and way in DELIVERY_WAYS
    assert {code.split("-")[1] for code in DELIVERIES} == set(DELIVERY_WAYS)
    assert {code.split("-")[0] for code in DELIVERIES} == set(DELIVERY_FORMS)
