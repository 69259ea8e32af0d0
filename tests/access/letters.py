"""答复文书：经办人起草、送出，合法性审核员、保密审查员、负责人各办一步；有姓名的只给看得身份的人。"""

from io import BytesIO
from typing import Any

from tests.access.requests import OFFICER, READERS, RECEPTION, SHOWING, at, officer, today
from tests.access.table import Row, rows
from tests.actors import actor
from tests.dialogue.requests.conftest import key
from tests.town import Town
from yangguang.dialogue.letters.models import CaseLetter
from yangguang.dialogue.letters.services import draft, enclose, make
from yangguang.dialogue.requests.models import RequestOffice
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation

BASE = "/workbench/letters/"
HEAD = frozenset({"approver"})
LEGALITY, SECRECY = frozenset({"legality_reviewer"}), frozenset({"secrecy_reviewer"})
WHO = {"submit": "request_officer", "pass_legality": "legality_reviewer",
       "pass_secrecy": "secrecy_reviewer", "sign": "approver", "send": "request_officer"}  # fmt: skip
STEPS = {
    "draft": (),
    "in_legality": ("submit",),
    "in_secrecy": ("submit", "pass_legality"),
    "in_signing": ("submit", "pass_legality", "pass_secrecy"),
    "signed": ("submit", "pass_legality", "pass_secrecy", "sign"),
    "sent": ("submit", "pass_legality", "pass_secrecy", "sign", "send"),
}


def letter_at(state: str) -> Any:
    """走到 ``state`` 的一份答复书。"""

    def made(town: Town) -> CaseLetter:
        place = Organisation.objects.filter(pk=town.organisation.pk)
        place.update(kind="administrative")
        RequestOffice.objects.get_or_create(
            organisation=place.get(),
            defaults={
                "name": "公开科", "address": "某路1号", "hours": "工作日", "telephone": "0930-0",
                "agency_code": "测州", "review_online_url": "https://xzfy.example.gov.cn/",
            },
        )  # fmt: skip
        request = at("decided")(town)
        request.refresh_from_db()
        letter = draft(request, "granted", {}, actor=officer(town), key=key())
        for event in STEPS[state]:
            who: Actor = actor(WHO[event], town.organisation)
            inputs = {"sent_on": today()} if event == "send" else {}
            perform(letter, event, actor=who, key=key(), inputs=inputs)
            if event == "sign":
                CaseLetter.objects.filter(pk=letter.pk).update(docx="0" * 64, pdf="0" * 64)
                letter.refresh_from_db()
        return letter

    return made


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{letter_at(state)(town).pk}/{tail}"


def drafting(kind: str) -> Any:
    def path(town: Town) -> str:
        letter_at("draft")(town)
        return f"{BASE}for/{CaseLetter.objects.latest('pk').request_id}/{kind}/"

    return path


def printed(town: Town) -> str:
    return f"{drafting('register_form')(town)}form.docx"


def downloaded(town: Town) -> str:
    letter = letter_at("signed")(town)
    CaseLetter.objects.filter(pk=letter.pk).update(docx="", pdf="")
    letter.refresh_from_db()
    make(letter)
    return f"{BASE}{letter.pk}/letter.pdf"


def enclosed(tail: str = "") -> Any:
    def path(town: Town) -> str:
        letter, who = letter_at("draft")(town), officer(town)
        file = store(
            BytesIO("所要的信息".encode()), "信息.txt", actor=who, organisation=town.organisation
        )
        row = enclose(letter, file, "所要的信息", actor=who)
        return f"{BASE}{letter.pk}/enclosures/{row.pk}/{tail}"

    return path


def act(event: str, state: str, roles: frozenset[str], **given: Any) -> list[Row]:
    values = {"key": f"access-letter-{event}", "message": "理由写在这里", **given}
    tail = f"do/{event}/"
    return [
        Row("workbench:letters-do", page(state, tail), roles),
        Row(
            "workbench:letters-do", page(state, tail), roles, method="POST",
            data=lambda t, who: values, event=f"letters.{event}",
        ),
    ]  # fmt: skip


NOW = today().isoformat()
WRITTEN = {"way": "online", "copies": ""}

rows(
    Row("workbench:letters", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:letters-record", page("draft"), READERS),
    Row("workbench:letters-print", page("draft", "print/"), READERS),
    Row("workbench:letters-draft", drafting("granted"), OFFICER),
    Row(
        "workbench:letters-draft", drafting("granted"), OFFICER, method="POST",
        data=lambda t, who: {"key": "access-letter", **WRITTEN}, event="letters.create",
    ),
    Row("workbench:letters-form", printed, SHOWING),
    Row("workbench:letters-edit-letter", page("draft", "edit-letter/"), OFFICER),
    Row(
        "workbench:letters-edit-letter", page("draft", "edit-letter/"), OFFICER, method="POST",
        data=lambda t, who: {"key": "access-letter-edit", **WRITTEN, "way": "counter"},
        event="letters.edit",
    ),
    Row("workbench:letters-enclose", page("draft", "enclose/"), OFFICER),
    Row("workbench:letters-enclosure", enclosed(), SHOWING),
    Row(
        "workbench:letters-unenclose", enclosed("remove/"), OFFICER, method="POST",
        event="letters.unenclose",
    ),
    Row("workbench:letters-download", downloaded, SHOWING),
    *act("submit", "draft", OFFICER),
    *act("pass_legality", "in_legality", LEGALITY),
    *act("pass_secrecy", "in_secrecy", SECRECY),
    *act("return", "in_secrecy", SECRECY | LEGALITY | HEAD),
    *act("sign", "in_signing", HEAD),
    *act("send", "signed", OFFICER, sent_on=NOW),
    *act("deliver", "sent", RECEPTION, delivered_on=NOW),
    *act("void", "signed", OFFICER | HEAD),
)  # fmt: skip
