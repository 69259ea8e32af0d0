"""随附文件：核对过的遮盖件可以直接附上，没有核对过的选不到。"""

from typing import Any

import pytest

from tests.actors import actor
from tests.dialogue.letters.test_flow import GIVE, Desk, request_of
from tests.dialogue.redaction.conftest import ONE_PAGE
from tests.dialogue.requests.conftest import hall_of, key
from tests.town import founded
from tests.workbench import sign_in
from yangguang.dialogue.letters.models import Enclosure
from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.redaction.services import begin, make, mark
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.foundation.lifecycle.services import perform

pytestmark = pytest.mark.django_db


def made(desk: Desk, request: DisclosureRequest) -> Redaction:
    """做成了、还没有核对的一份。"""
    officer = desk.hall.officer
    redaction = begin(
        request, "评议公示结果", content=ONE_PAGE, name="原件.pdf", actor=officer, key=key()
    )
    mark(redaction, redaction.suggestions[0].boxes, [], actor=officer, seen=redaction.updated_at)
    make(redaction, actor=officer, key=key())
    return redaction


def test_only_a_checked_redaction_can_be_enclosed_and_it_is_what_was_made(settings: Any) -> None:
    desk = Desk(hall_of(founded(), settings))
    request = request_of(desk, GIVE)
    letter = desk.draft(request, "granted")
    redaction = made(desk, request)
    path = f"/workbench/letters/{letter.pk}/enclose/"
    officer = sign_in(desk.hall.officer)
    assert "核对过的遮盖件" not in officer.get(path).content.decode()
    assert officer.fill(path).status_code == 422, "没有遮盖件的，必须上传"
    checker = actor("secrecy_reviewer", request.organisation)
    perform(redaction, "check", actor=checker, key=key())
    redaction.refresh_from_db()
    assert officer.fill(path).status_code == 422, "两样都没有"
    officer.fill(path, redaction=str(redaction.pk))
    assert Enclosure.objects.get().file == redaction.output


def test_the_page_of_the_request_lists_its_redactions_and_opens_a_new_one(settings: Any) -> None:
    desk = Desk(hall_of(founded(), settings))
    request = request_of(desk, GIVE)
    redaction = made(desk, request)
    path = f"/workbench/requests/{request.pk}/"
    seen = sign_in(desk.hall.officer).get(path).content.decode()
    assert f"/workbench/redactions/{redaction.pk}/" in seen
    assert f"/workbench/redactions/new/?request={request.number}" in seen
    counter = sign_in(desk.hall.counter).get(path).content.decode()
    assert f"/workbench/redactions/{redaction.pk}/" in counter
    assert "/workbench/redactions/new/" not in counter
