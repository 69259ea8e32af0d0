"""申请人下载给他的文书：送出了的、给他的、他自己那一件的，别的都没有；下载了留下凭据。"""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.dialogue.letters.test_flow import GIVE, RECEIVED, Desk, desk, request_of  # noqa: F401
from tests.dialogue.requests.conftest import hall  # noqa: F401
from yangguang.dialogue.letters.models import CaseLetter
from yangguang.dialogue.letters.services import enclose, make
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.public.passes import give
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.services import store

CASE = "/interact/requests/case/"


def applicant(request: DisclosureRequest) -> Client:
    """凭编号和查询码进来了的申请人。"""
    client, response = Client(), HttpResponse()
    give(response, request)
    client.cookies = response.cookies
    return client


@pytest.fixture
def signed(desk: Desk) -> CaseLetter:  # noqa: F811
    """签发了、还没有送出的答复书，随附一份文件。"""
    request = request_of(desk, GIVE)
    letter = desk.draft(request, "granted")
    place = desk.hall.town.organisation
    file = store(BytesIO("名单".encode()), "名单.txt", actor=desk.hall.officer, organisation=place)
    enclose(letter, file, "评议名单", actor=desk.hall.officer)
    desk.go(letter, "submit", desk.hall.officer)
    desk.go(letter, "pass_legality", desk.legality)
    desk.go(letter, "pass_secrecy", desk.secrecy)
    desk.go(letter, "sign", desk.head)
    make(letter)
    return letter


def test_a_letter_is_there_to_download_once_it_is_sent(
    desk: Desk,  # noqa: F811
    signed: CaseLetter,
) -> None:
    client = applicant(signed.request)
    here = f"{CASE}letters/{signed.pk}/"
    assert here not in client.get(CASE).content.decode()
    assert client.get(here).status_code == 404
    desk.go(signed, "send", desk.hall.officer, sent_on=RECEIVED)
    page = client.get(CASE).content.decode()
    assert here in page and "评议名单" in page
    answer = client.get(here)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    (one,) = signed.enclosures.all()
    assert client.get(f"{here}files/{one.pk}/").status_code == 200
    assert client.get(f"{here}files/{one.pk + 1}/").status_code == 404
    assert AuditEvent.objects.filter(action="letters.fetch").count() == 2


def test_no_one_else_gets_it(desk: Desk, signed: CaseLetter) -> None:  # noqa: F811
    desk.go(signed, "send", desk.hall.officer, sent_on=RECEIVED)
    here = f"{CASE}letters/{signed.pk}/"
    assert Client().get(here).status_code == 302
    other = applicant(request_of(desk))
    assert other.get(here).status_code == 404
    (one,) = signed.enclosures.all()
    assert other.get(f"{here}files/{one.pk}/").status_code == 404
