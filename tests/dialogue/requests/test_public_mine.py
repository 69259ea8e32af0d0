"""实名登录着的人：身份不用填，也填不了别人的；我的申请只有自己的。"""

from datetime import date
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from tests.dialogue.requests.applying import BY_POST, HOME, WANTED, Applicant, fields, text
from tests.dialogue.requests.conftest import Hall
from tests.foundation.residents.conftest import citizen
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.selectors import applicant_of
from yangguang.foundation.oidc.claims import Identity
from yangguang.foundation.organisations.rules import demonstration_uscc
from yangguang.foundation.residents.models import ResidentSession
from yangguang.foundation.residents.rules import Paper, Person, RealName
from yangguang.foundation.residents.services import enter
from yangguang.foundation.residents.sessions import open_session

NUMBER = citizen("19800115")
MA = Person("马晓梅", Paper("identity_card", NUMBER))


def signed_in(applicant: Applicant, real_name: RealName, subject: str = "citizen-1") -> Applicant:
    open_session(None, {})
    token = enter(
        Identity("https://id.example", subject, "", ""), real_name,
        before=ResidentSession.objects.latest("pk"),
    )  # fmt: skip
    applicant.client.cookies[configured.RESIDENT_COOKIE] = token
    return applicant


@pytest.fixture
def resident(hall: Hall) -> Applicant:
    hall.on(date(2020, 10, 20))
    return signed_in(Applicant(hall), RealName(MA, "verified"))


def test_the_identity_is_the_real_name_and_what_is_posted_beside_it_counts_for_nothing(
    resident: Applicant,
) -> None:
    page = resident.goes_on(resident.opens(), **WANTED)
    assert "马晓梅" in text(page) and NUMBER not in page.content.decode()
    assert "paper_number" not in fields(page)
    page = resident.goes_on(page, phone="13900000000", name="别人", kind="firm")
    page = resident.goes_on(page, **BY_POST)
    assert resident.goes_on(page).status_code == 302
    case = DisclosureRequest.objects.get()
    found = applicant_of(case)
    assert found and (found.name, found.paper.number) == ("马晓梅", NUMBER)
    assert case.resident is not None


def test_for_a_firm_only_its_kind_is_asked_and_the_agent_is_the_contact(hall: Hall) -> None:
    hall.on(date(2020, 10, 20))
    code = demonstration_uscc("firm")
    firm = signed_in(Applicant(hall), RealName(MA, "verified", "某某公司", code))
    page = firm.goes_on(firm.opens(), **WANTED)
    assert firm.goes_on(page, phone="0930-6210000").status_code == 422
    page = firm.goes_on(page, phone="0930-6210000", org_kind="legal_service")
    page = firm.goes_on(page, **BY_POST)
    assert firm.goes_on(page).status_code == 302
    case = DisclosureRequest.objects.get()
    found = applicant_of(case)
    assert case.applicant_kind == "legal_service"
    assert found and (found.name, found.contact) == ("某某公司", "马晓梅")


def test_a_sign_in_that_ran_out_asks_for_the_identity_and_keeps_the_rest(
    resident: Applicant,
) -> None:
    page = resident.goes_on(resident.opens(), **WANTED)
    page = resident.goes_on(page, phone="13900000000")
    page = resident.goes_on(page, **BY_POST)
    ResidentSession.objects.all().delete()
    page = resident.goes_on(page)
    assert page.status_code == 422 and fields(page)["step"] == "who"
    assert fields(page)["phone"] == "13900000000"
    assert DisclosureRequest.objects.count() == 0


def test_my_requests_are_only_mine_and_open_without_a_code(resident: Applicant, hall: Hall) -> None:
    resident.applies(who={"phone": "13900000000"})
    mine = DisclosureRequest.objects.get()
    stranger = hall.submitted(date(2020, 10, 20))
    listed = text(resident.client.get(f"{HOME}mine/"))
    assert mine.number in listed and stranger.number not in listed
    fresh = signed_in(Applicant(hall), RealName(MA, "verified"))
    assert fresh.client.get(f"{HOME}mine/{mine.pk}/").status_code == 302
    assert mine.number in text(fresh.case())
    assert fresh.client.get(f"{HOME}mine/{stranger.pk}/").status_code == 404
    other = Person("某人", Paper("passport", "E12345678"))
    someone = signed_in(Applicant(hall), RealName(other, "verified"), "citizen-2")
    assert someone.client.get(f"{HOME}mine/{mine.pk}/").status_code == 404


def test_my_page_leads_to_my_requests(resident: Applicant) -> None:
    assert f'href="{HOME}mine/"' in resident.client.get("/interact/me/").content.decode()


def test_who_has_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    answer: Any = Client().get(f"{HOME}mine/")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/interact/sign-in/")
