"""公开属性补定：信息员拟，审核人审查，签发人、监督员看。"""

from io import BytesIO
from typing import Any

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.sources.disclosures.models import DisclosureBatch
from yangguang.sources.disclosures.rules import read_batch
from yangguang.sources.disclosures.services import begin, strike
from yangguang.sources.documents.codes import reasons

DRAFTER, REVIEWER = frozenset({"drafter"}), frozenset({"reviewer"})
READERS = DRAFTER | REVIEWER | {"approver", "supervisor"}
BASE = "/workbench/disclosures/"
LINES = (
    "发文字号,标题,印发日期,公开属性,理由类别,理由",
    "甲发〔2020〕1号,一份,2020-09-25,不予公开,内部事务信息,值班安排",
    "甲发〔2020〕2号,另一份,2020-09-25,也许,,",
)


def begun(town: Town) -> DisclosureBatch:
    """一批：一件收下，一行没有收。"""
    reading = read_batch([line.split(",") for line in LINES], reading_day(), reasons())
    return begin(
        reading, name="旧文.csv", actor=town.drafter, key="access-batch",
        organisation=Organisation.objects.get(pk=town.organisation.pk),
    )  # fmt: skip


def at(state: str, town: Town, *, is_struck: bool = False) -> DisclosureBatch:
    batch = begun(town)
    if state == "in_review":
        perform(batch, "submit", actor=town.drafter, key="access-submit")
    if is_struck:
        strike(batch, list(batch.lines.all()), "应当主动公开", actor=town.reviewer)
    return batch


def page(state: str, tail: str = "", *, is_struck: bool = False) -> Any:
    return lambda town: f"{BASE}{at(state, town, is_struck=is_struck).pk}/{tail}"


def line(state: str, tail: str) -> Any:
    def path(town: Town) -> str:
        batch = at(state, town, is_struck=state == "in_review")
        return f"{BASE}{batch.pk}/lines/{batch.lines.get().pk}/{tail}/"

    return path


def striking(town: Town) -> str:
    batch = at("in_review", town)
    return f"{BASE}{batch.pk}/strike/?line={batch.lines.get().pk}"


def struck(town: Town, who: Actor) -> dict[str, Any]:
    found = DisclosureBatch.objects.latest("pk").lines.get()
    return {"key": "access-strike", "lines": [found.pk], "reason": "应当主动公开"}


def uploaded(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO("\n".join(LINES).encode())
    stream.name = "旧文.csv"
    return {"key": "access-new", "file": stream}


def act(event: str, state: str, roles: frozenset[str]) -> list[Row]:
    given = {"key": f"access-{event}", "message": "理由"}
    tail = f"do/{event}/"
    return [
        Row("workbench:disclosures-do", page(state, tail), roles),
        Row(
            "workbench:disclosures-do", page(state, tail), roles, method="POST",
            data=lambda t, who: given, event=f"disclosures.{event}",
        ),
    ]  # fmt: skip


rows(
    Row("workbench:disclosures", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:disclosures-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:disclosures-new", lambda t: f"{BASE}new/", DRAFTER, method="POST",
        data=uploaded, event="disclosures.create", elsewhere=True,
    ),
    Row("workbench:disclosures-blank", lambda t: f"{BASE}blank.xlsx", DRAFTER, elsewhere=True),
    Row("workbench:disclosures-record", page("draft"), READERS),
    Row("workbench:disclosures-record", page("in_review", is_struck=True), READERS),
    Row("workbench:disclosures-faults", page("draft", "faults.xlsx"), READERS),
    Row("workbench:disclosures-struck", page("in_review", "struck.xlsx", is_struck=True), READERS),
    Row("workbench:disclosures-supplement", page("draft", "supplement/"), DRAFTER),
    Row(
        "workbench:disclosures-supplement", page("draft", "supplement/"), DRAFTER, method="POST",
        data=uploaded, event="disclosures.supplement",
    ),
    Row("workbench:disclosures-strike", striking, REVIEWER),
    Row(
        "workbench:disclosures-strike", striking, REVIEWER, method="POST", data=struck,
        event="disclosures.strike",
    ),
    Row(
        "workbench:disclosures-reinstate", line("in_review", "reinstate"), REVIEWER,
        method="POST", event="disclosures.reinstate",
    ),
    Row(
        "workbench:disclosures-drop-line", line("draft", "drop"), DRAFTER, method="POST",
        event="disclosures.drop_line",
    ),
    *act("submit", "draft", DRAFTER),
    *act("return", "in_review", REVIEWER),
    *act("settle", "in_review", REVIEWER),
    *act("drop", "draft", DRAFTER),
)  # fmt: skip
