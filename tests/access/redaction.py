"""遮盖处理：经办人画框、制作，签发、保密审核的核对，看得见申请的都看得见。"""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.table import Row, rows
from tests.actors import actor
from tests.dialogue.redaction.conftest import ONE_PAGE
from tests.dialogue.requests.conftest import ASKED, FARMER, key
from tests.town import Town
from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.redaction.services import begin, make, mark
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.services import new_code, take_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation

BASE = "/workbench/redactions/"
OFFICER, CHECKERS = frozenset({"request_officer"}), frozenset({"approver", "secrecy_reviewer"})
BARE = OFFICER | CHECKERS | {"counter_officer"}
"""看得到还没有遮盖的：能显示申请人的，要核对的。"""
READERS = OFFICER | CHECKERS | {"counter_officer", "legality_reviewer", "supervisor"}
MARK = "1:0.10000:0.10000:0.20000:0.05000:drawn"


def asked(at: Organisation) -> DisclosureRequest:
    """``at`` 收到的一件申请。"""
    return take_in(
        ASKED, FARMER, channel="counter", came_on=date(2020, 10, 12), organisation=at,
        actor=actor("counter_officer", at, username=f"window-{at.code}"), key=key(),
        query_code=new_code(),
    ).request  # fmt: skip


def at(state: str) -> Any:
    """走到 ``state`` 的一份，由另一位经办人建、做的：核对的人都不是他。"""

    def built(town: Town) -> Redaction:
        officer = actor("request_officer", town.organisation, username="officer-before")
        redaction = begin(
            asked(town.organisation), "一份", content=ONE_PAGE, name="原件.pdf", actor=officer,
            key=key(),
        )  # fmt: skip
        boxes = [box for each in redaction.suggestions for box in each.boxes]
        mark(redaction, boxes, [], actor=officer, seen=redaction.updated_at)
        if state != "draft":
            make(redaction, actor=officer, key=key())
        if state == "checked":
            checker = actor("approver", town.organisation, username="checker-before")
            perform(redaction, "check", actor=checker, key=key())
        return redaction

    return built


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{at(state)(town).pk}/{tail}"


def opening(town: Town) -> str:
    """本机构、别的机构各有一件申请。"""
    for code in (town.organisation.code, "elsewhere"):
        asked(Organisation.objects.get(code=code))
    return f"{BASE}new/"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    request = DisclosureRequest.objects.filter(organisation=who.organisation_id).first()
    return {
        "key": "access-new",
        "request": request.number if request else "没有",
        "title": "一份",
        "file": SimpleUploadedFile("原件.pdf", ONE_PAGE, "application/pdf"),
    }


def marked(town: Town, who: Actor) -> dict[str, Any]:
    seen = Redaction.objects.latest("pk").updated_at.isoformat()
    return {"key": "access-mark", "seen": seen, "box": [MARK], "do": "save"}


def act(event: str, state: str, roles: frozenset[str]) -> list[Row]:
    given = {"key": f"access-{event}", "message": "第 1 页漏了一处"}
    route, path = "workbench:redactions-do", page(state, f"do/{event}/")
    return [
        Row(route, path, roles),
        Row(
            route, path, roles, method="POST", data=lambda t, who: given,
            event=f"redactions.{event}",
        ),
    ]  # fmt: skip


rows(
    Row("workbench:redactions", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:redactions-new", lambda t: f"{BASE}new/", OFFICER, elsewhere=True),
    Row(
        "workbench:redactions-new", opening, OFFICER, method="POST", data=typed,
        event="redactions.create", elsewhere=True,
    ),
    Row("workbench:redactions-record", page("draft"), READERS),
    Row("workbench:redactions-record", page("done"), READERS),
    Row("workbench:redactions-marks", page("draft", "marks/"), OFFICER),
    Row(
        "workbench:redactions-marks", page("draft", "marks/"), OFFICER, method="POST", data=marked,
        event="redactions.mark",
    ),
    Row("workbench:redactions-page", page("draft", "pages/1/"), BARE),
    Row("workbench:redactions-made", page("done", "made/1/"), READERS),
    Row("workbench:redactions-source", page("draft", "source/"), BARE),
    Row("workbench:redactions-output", page("done", "output/"), READERS),
    *act("make", "draft", OFFICER),
    *act("revise", "checked", OFFICER),
    *act("return", "done", CHECKERS),
    *act("check", "done", CHECKERS),
)  # fmt: skip
