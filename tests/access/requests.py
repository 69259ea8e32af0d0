"""依申请公开：窗口人员收件，经办人办理，负责人定延期，身份只给办理的人看，统计监督员也看。"""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.access.table import Row, rows
from tests.actors import actor
from tests.dialogue.requests.conftest import ASKED, FARMER, key
from tests.town import Town
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.procedures import save_decision
from yangguang.dialogue.requests.services import attach, new_code, submit, take_in
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.services import perform

BASE, TABLE = "/workbench/requests/", "/workbench/request-table/"
OFFICER = frozenset({"request_officer"})
RECEPTION = frozenset({"request_officer", "counter_officer"})
SHOWING = RECEPTION | {"approver"}
READERS = SHOWING | {"secrecy_reviewer", "legality_reviewer", "supervisor"}
OPEN_IT = {
    "clarity": "clear", "nature": "information", "responsible": "ours", "existence": "exists",
    "giving": "granted", "when": "随本答复提供",
}  # fmt: skip


def today() -> date:
    return timezone.localdate()


def officer(town: Town) -> Actor:
    return actor("request_officer", town.organisation)


def do(town: Town, request: DisclosureRequest, event: str, **inputs: Any) -> None:
    message = inputs.pop("message", "")
    perform(request, event, actor=officer(town), key=key(), message=message, inputs=inputs)


def at(state: str) -> Any:
    """走到 ``state`` 的一件。"""

    def made(town: Town) -> DisclosureRequest:
        if state == "submitted":
            return submit(
                ASKED, FARMER, organisation=town.organisation, key=key(), query_code=new_code()
            ).request
        request = take_in(
            ASKED, FARMER, channel="counter", came_on=today() - timedelta(days=1),
            organisation=town.organisation, actor=officer(town), key=key(), query_code=new_code(),
        ).request  # fmt: skip
        if state == "received":
            return request
        do(town, request, "assign")
        STEPS[state](town, request)
        request.refresh_from_db()
        return request

    return made


def _tried(town: Town, request: DisclosureRequest) -> None:
    save_decision(request, OPEN_IT, actor=officer(town))


def _replied(town: Town, request: DisclosureRequest) -> None:
    _tried(town, request)
    do(town, request, "reply", outcome="granted", replied_on=today())


def _delivered(town: Town, request: DisclosureRequest) -> None:
    _replied(town, request)
    do(town, request, "deliver", delivered_on=today())


def _correcting(town: Town, request: DisclosureRequest) -> None:
    do(
        town,
        request,
        "ask_correction",
        items=["何年"],
        until=today() + timedelta(days=9),
        sent_on=today(),
    )


def _asked(town: Town, request: DisclosureRequest) -> None:
    do(town, request, "ask_reason", asked_on=today(), until=today() + timedelta(days=9))


def _reasoned(town: Town, request: DisclosureRequest) -> None:
    _asked(town, request)
    do(town, request, "give_reason", answered_on=today(), answer="课题研究要用")


def _judged(town: Town, request: DisclosureRequest) -> None:
    _reasoned(town, request)
    request.reason_inquiry.verdict = "reasonable"
    request.reason_inquiry.save()


def _charged(town: Town, request: DisclosureRequest) -> None:
    do(town, request, "charge", method="pages", quantity=72, yuan=420, notified_on=today())


def _consulting(town: Town, request: DisclosureRequest) -> None:
    do(town, request, "consult", kind="third_party", name="某公司", sent_on=today())


STEPS: dict[str, Any] = {
    "under_review": lambda town, request: None,
    "decided": _tried,
    "replied": _replied,
    "delivered": _delivered,
    "awaiting_correction": _correcting,
    "awaiting_reason": _asked,
    "reasoned": _reasoned,
    "judged": _judged,
    "awaiting_fee": _charged,
    "consulting": _consulting,
}


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{at(state)(town).pk}/{tail}"


def opinion(town: Town) -> str:
    request = at("consulting")(town)
    return f"{BASE}{request.pk}/opinions/third-party/{request.third_parties.get().pk}/"


def material(town: Town) -> str:
    request = at("under_review")(town)
    who = officer(town)
    file = store(
        BytesIO("补正的材料".encode()), "补正.txt", actor=who, organisation=town.organisation
    )
    return f"{BASE}{request.pk}/files/{attach(request, file, 'other', actor=who).pk}/"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "channel": "counter", "came_on": today().isoformat(),
        "kind": "natural_person", "name": "马得福", "paper_kind": "identity_card",
        "paper_number": "11010519491231002X", "phone": "13900000000", "subject": "某项信息",
        "delivery_form": "paper", "delivery_way": "counter", "query_code": "AAAAA-22222",
    }  # fmt: skip


def act(event: str, state: str, roles: frozenset[str], **given: Any) -> list[Row]:
    values = {"key": f"access-{event}", "message": "理由写在这里", **given}
    tail = f"do/{event}/"
    return [
        Row("workbench:requests-do", page(state, tail), roles),
        Row(
            "workbench:requests-do", page(state, tail), roles, method="POST",
            data=lambda t, who: values, event=f"requests.{event}",
        ),
    ]  # fmt: skip


def screen(
    name: str, path: Any, roles: frozenset[str], event: str, answer: int = 302, **given: Any
) -> list[Row]:
    values = {"key": f"access-{name}", **given}
    return [
        Row(f"workbench:requests-{name}", path, roles),
        Row(
            f"workbench:requests-{name}", path, roles, method="POST",
            data=lambda t, who: values, event=event, answer=answer,
        ),
    ]  # fmt: skip


OLD = (
    "原编号,提出方式,收到日期,申请人类别,姓名或者名称,所需信息\n"
    "旧-1,当面提交,2023-09-18,自然人,马得福,某村低保名单\n"
)
NOW = timezone.localdate().isoformat()
LATER = (timezone.localdate() + timedelta(days=60)).isoformat()

rows(
    Row("workbench:requests", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:requests-new", lambda t: f"{BASE}new/", RECEPTION, elsewhere=True),
    Row(
        "workbench:requests-new", lambda t: f"{BASE}new/", RECEPTION, method="POST", data=typed,
        event="requests.create", elsewhere=True,
    ),
    Row("workbench:requests-record", page("submitted"), READERS),
    Row("workbench:requests-record", page("decided"), READERS),
    Row("workbench:requests-print", page("consulting", "print/"), READERS),
    Row("workbench:requests-file", material, SHOWING),
    *act("confirm", "submitted", RECEPTION, confirmed_on=NOW, evidence="电话确认，本人接听"),
    *act("assign", "received", OFFICER),
    *act("split", "received", OFFICER, parts="低保名单\n危房名单"),
    *act("ask_correction", "under_review", OFFICER, items="何年", until=LATER, sent_on=NOW),
    *act("correct", "awaiting_correction", RECEPTION, corrected_on=NOW, answer="2020 年"),
    *act("consult", "under_review", OFFICER, kind="agency", name="某局", sent_on=NOW),
    *act("ask_reason", "under_review", OFFICER, asked_on=NOW, until=LATER),
    *act("cancel_charge", "awaiting_fee", OFFICER),
    *act("give_reason", "awaiting_reason", RECEPTION, answered_on=NOW, answer="研究要用"),
    *act("delay", "judged", OFFICER, until=LATER),
    *act("extend", "under_review", frozenset({"approver"}), days="5", told_on=NOW),
    *act("charge", "under_review", OFFICER, method="pages", quantity="72", notified_on=NOW),
    *act("pay", "awaiting_fee", RECEPTION, paid_on=NOW),
    *act("reply", "decided", OFFICER, replied_on=NOW),
    *act("deliver", "replied", RECEPTION, delivered_on=NOW),
    *act("archive", "delivered", OFFICER),
    *act("withdraw", "under_review", RECEPTION),
    *screen(
        "contact", page("submitted", "contact/"), RECEPTION, "requests.try_contact", on=NOW,
        note="无人接听",
    ),
    *screen(
        "applicant", page("under_review", "applicant/"), SHOWING, "requests.show_applicant",
        answer=200, purpose="打电话确认收到",
    ),
    *screen(
        "search", page("under_review", "search/"), OFFICER, "requests.search", scope="2020 年档案",
        words="低保", places="档案室", way="查阅目录", found="没有找到", searched_on=NOW,
    ),
    *screen("decide", page("under_review", "decide/"), OFFICER, "requests.decide", **OPEN_IT),
    *screen(
        "judge", page("reasoned", "judge/"), OFFICER, "requests.judge_reason",
        verdict="reasonable", grounds="确为研究所需",
    ),
    *screen(
        "fee-delivered", page("awaiting_fee", "fee-delivered/"), RECEPTION,
        "requests.note_fee_delivered", on=NOW,
    ),
    Row("workbench:requests-material", page("under_review", "material/"), RECEPTION),
    Row(
        "workbench:requests-hear", opinion, OFFICER,
    ),
    Row(
        "workbench:requests-hear", opinion, OFFICER, method="POST",
        data=lambda t, who: {
            "key": "access-hear", "answer": "agrees", "settled_on": NOW, "opinion": "没有意见",
        },
        event="requests.hear",
    ),
    Row("workbench:requests-move-in", lambda t: f"{BASE}move-in/", OFFICER, elsewhere=True),
    Row(
        "workbench:requests-move-in", lambda t: f"{BASE}move-in/", OFFICER, method="POST",
        data=lambda t, who: {
            "key": "access-move-in", "mode": "write",
            "file": SimpleUploadedFile("旧案.csv", OLD.encode()),
        },
        event="requests.transfer", elsewhere=True,
    ),
    Row(
        "workbench:requests-move-in-blank", lambda t: f"{BASE}move-in/blank.xlsx", OFFICER,
        elsewhere=True,
    ),
    Row("workbench:request-table", lambda t: TABLE, READERS, elsewhere=True),
    Row(
        "workbench:request-table-cases",
        lambda t: f"{TABLE}cases/new_received/total/", READERS, elsewhere=True,
    ),
    Row(
        "workbench:request-table-seal", lambda t: f"{TABLE}seal/", OFFICER, method="POST",
        data=lambda t, who: {"year": str(today().year - 1)}, event="requests.seal_year",
        elsewhere=True,
    ),
)  # fmt: skip
