"""复议、诉讼：经办人登记、办理，别的角色看。"""

from typing import Any

from tests.access.requests import NOW, OFFICER, READERS, at, officer, today
from tests.access.table import Row, rows
from tests.dialogue.requests.conftest import key
from tests.town import Town
from yangguang.dialogue.remedies.models import Remedy
from yangguang.dialogue.remedies.services import enter
from yangguang.foundation.lifecycle.services import perform

BASE = "/workbench/remedies/"
SEEN = READERS - {"counter_officer"}


def remedy_at(state: str) -> Any:
    def made(town: Town) -> Remedy:
        request = at("replied")(town)
        remedy = enter(
            request, "reconsideration", body="某人民政府", received_on=today(),
            actor=officer(town), key=key(),
        )  # fmt: skip
        if state == "redo":
            inputs = {"decided_on": today(), "result": "corrected", "orders_redo": True}
            perform(remedy, "decide", actor=officer(town), key=key(), inputs=inputs)
        return remedy

    return made


def page(state: str = "open", tail: str = "") -> Any:
    return lambda town: f"{BASE}{remedy_at(state)(town).pk}/{tail}"


def act(event: str, **given: Any) -> list[Row]:
    values = {"key": f"access-remedy-{event}", "message": "", **given}
    tail = f"do/{event}/"
    return [
        Row("workbench:remedies-do", page("open", tail), OFFICER),
        Row(
            "workbench:remedies-do", page("open", tail), OFFICER, method="POST",
            data=lambda t, who: values, event=f"remedies.{event}",
        ),
    ]  # fmt: skip


def entering(town: Town) -> str:
    return f"{BASE}for/{at('replied')(town).pk}/"


rows(
    Row("workbench:remedies", lambda t: BASE, SEEN, elsewhere=True),
    Row("workbench:remedies-record", page(), SEEN),
    Row("workbench:remedies-print", page("open", "print/"), SEEN),
    Row("workbench:remedies-enter", entering, OFFICER),
    Row(
        "workbench:remedies-enter", entering, OFFICER, method="POST",
        data=lambda t, who: {
            "key": "access-remedy", "kind": "reconsideration", "body": "某人民政府",
            "received_on": NOW,
        },
        event="remedies.create",
    ),
    *act("answer", answered_on=NOW),
    *act("decide", decided_on=NOW, result="upheld"),
    Row("workbench:remedies-redo", page("redo", "redo/"), OFFICER),
    Row(
        "workbench:remedies-redo", page("redo", "redo/"), OFFICER, method="POST",
        data=lambda t, who: {"key": "access-redo", "since": NOW}, event="remedies.redo",
    ),
)  # fmt: skip
