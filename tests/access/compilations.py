"""文件汇编：信息员编，审核人审，签发人签，监督员看。"""

from typing import Any

from tests.access.table import Row, rows
from tests.api import publish
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import publication_of
from yangguang.sources.compilations.models import Compilation
from yangguang.sources.compilations.services import begin, pick

DRAFTER, REVIEWER = frozenset({"drafter"}), frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
READERS = DRAFTER | REVIEWER | APPROVER | {"supervisor"}
BASE = "/workbench/compilations/"
WALK = ("submit", "pass", "approve", "publish", "withdraw")
STEPS = {
    "draft": 0, "in_review": 1, "in_approval": 2, "approved": 3, "published": 4, "withdrawn": 5,
}  # fmt: skip


def at(state: str, town: Town) -> Compilation:
    found = publication_of(publish(town, 1), "document")
    record = begin(
        {"title": "测试州汇编", "unit": town.organisation, "validity": "in_force",
         "grouping": "year"},
        organisation=town.organisation, actor=town.drafter, key="access-compilation",
        columns=[town.column],
    )  # fmt: skip
    pick(record, found, is_in=True, reason="要收", actor=town.drafter)
    who = {"pass": town.reviewer, "approve": town.approver, "withdraw": town.approver}
    for step, event in enumerate(WALK[: STEPS[state]]):
        actor = who.get(event, town.drafter)
        perform(record, event, actor=actor, key=f"made-{step}", message="理由")
        if event == "submit":
            kept = keep_made(b"%PDF-1.4 made")
            record.made.update(step="made", pdf=kept, word=kept, pdf_size=13, word_size=13)
    return record


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{at(state, town).pk}/{tail}"


def held(town: Town) -> str:
    record = at("draft", town)
    return f"{BASE}{record.pk}/picks/{record.picks.get().pk}/drop/"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "title": "另一部", "unit": str(who.organisation_id),
        "collected": "norms", "validity": "any", "grouping": "unit",
    }  # fmt: skip


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {"seen": Compilation.objects.latest("pk").updated_at.isoformat()}


def chosen(town: Town, who: Actor) -> dict[str, Any]:
    number = Publication.objects.get(kind="document").index_number
    return {"key": "access-pick", "number": number, "way": "out", "reason": "已有专册"}


def act(event: str, state: str, roles: frozenset[str]) -> list[Row]:
    given = {"key": f"access-{event}", "message": "理由"}
    tail = f"do/{event}/"
    return [
        Row("workbench:compilations-do", page(state, tail), roles),
        Row(
            "workbench:compilations-do", page(state, tail), roles, method="POST",
            data=lambda t, who: given, event=f"compilations.{event}",
        ),
    ]  # fmt: skip


rows(
    Row("workbench:compilations", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:compilations-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:compilations-new", lambda t: f"{BASE}new/", DRAFTER, method="POST", data=typed,
        event="compilations.create", elsewhere=True,
    ),
    Row("workbench:compilations-record", page("draft"), READERS),
    Row("workbench:compilations-record", page("published"), READERS),
    Row("workbench:compilations-made", page("in_review", "made/pdf/"), READERS),
    Row("workbench:compilations-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:compilations-edit", page("draft", "edit/"), DRAFTER, method="POST", data=edited,
        event="compilations.edit",
    ),
    Row("workbench:compilations-pick", page("draft", "pick/"), DRAFTER),
    Row(
        "workbench:compilations-pick", page("draft", "pick/"), DRAFTER, method="POST", data=chosen,
        event="compilations.drop_entry",
    ),
    Row("workbench:compilations-unpick", held, DRAFTER, method="POST",
        event="compilations.unpick"),
    *act("submit", "draft", DRAFTER),
    *act("pass", "in_review", REVIEWER),
    *act("return", "in_review", REVIEWER | APPROVER),
    *act("approve", "in_approval", APPROVER),
    *act("publish", "approved", DRAFTER | APPROVER),
    *act("withdraw", "published", APPROVER),
    *act("reopen", "withdrawn", DRAFTER),
)  # fmt: skip
