"""政府公报：公报编辑、信息员编，签发人签，监督员看。"""

from datetime import date
from functools import cache
from typing import Any

from tests.access.table import Row, rows
from tests.api import publish
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.selectors import publication_of
from yangguang.outlets.gazette.models import GazetteIssue
from yangguang.outlets.gazette.services import open_issue, take_entry
from yangguang.outlets.gazette.typesetting import Issue, typeset

EDITORS = frozenset({"gazette_editor", "drafter"})
READERS = EDITORS | {"approver", "supervisor"}
BASE = "/workbench/gazette/"
STEPS = {"draft": 0, "in_approval": 1, "approved": 2, "published": 3}


@cache
def sheet() -> bytes:
    """随便一份真排出来的 PDF：权限与排的是什么无关。"""
    return typeset(Issue("公报", "测试州", "2026年第1期", "总第1期", "", "", ())).content


def at(state: str, *, is_printed: bool = True) -> Any:
    def made(town: Town) -> GazetteIssue:
        published = publication_of(publish(town, 1), "document")
        today = date.today()
        issue = open_issue(
            {"name": "测试州公报", "year": today.year, "number": 1, "running": 1,
             "dated_on": today},
            organisation=town.organisation, actor=town.drafter, key="access-issue",
            columns=[town.column],
        )  # fmt: skip
        take_entry(issue, published, actor=town.drafter)
        for step, event in enumerate(("submit", "approve", "publish")[: STEPS[state]]):
            who = town.approver if event == "approve" else town.drafter
            perform(issue, event, actor=who, key=f"issue-{step}", message="理由")
            if event == "submit" and is_printed:
                content = sheet()
                issue.prints.update(step="made", pdf=keep_made(content), size=len(content), pages=2)
        return issue

    return made


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{at(state)(town).pk}/{tail}"


def entry(tail: str) -> Any:
    def path(town: Town) -> str:
        issue = at("draft")(town)
        return f"{BASE}{issue.pk}/entries/{issue.entries.get().pk}/{tail}/"

    return path


def taking(town: Town) -> str:
    issue = at("draft")(town)
    return f"{BASE}{issue.pk}/take/{publication_of(publish(town, 2), 'document').pk}/"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "name": "公报", "year": "2026", "number": str(who.user_id + 1),
        "running": str(who.user_id + 1),
    }  # fmt: skip


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {"seen": GazetteIssue.objects.latest("pk").updated_at.isoformat()}


def act(event: str, state: str, roles: frozenset[str]) -> list[Row]:
    given = {"key": f"access-{event}", "message": "理由"}
    tail = f"do/{event}/"
    return [
        Row("workbench:gazette-do", page(state, tail), roles),
        Row(
            "workbench:gazette-do", page(state, tail), roles, method="POST",
            data=lambda t, who: given, event=f"gazette.{event}",
        ),
    ]  # fmt: skip


APPROVER = frozenset({"approver"})

rows(
    Row("workbench:gazette", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:gazette-new", lambda t: f"{BASE}new/", EDITORS, elsewhere=True),
    Row(
        "workbench:gazette-new", lambda t: f"{BASE}new/", EDITORS, method="POST", data=typed,
        event="gazette.create", elsewhere=True,
    ),
    Row("workbench:gazette-record", page("draft"), READERS),
    Row("workbench:gazette-record", page("published"), READERS),
    Row("workbench:gazette-edit", page("draft", "edit/"), EDITORS),
    Row(
        "workbench:gazette-edit", page("draft", "edit/"), EDITORS, method="POST", data=edited,
        event="gazette.edit",
    ),
    Row("workbench:gazette-pdf", page("in_approval", "pdf/"), READERS),
    Row("workbench:gazette-take", taking, EDITORS, method="POST", event="gazette.take_entry"),
    Row(
        "workbench:gazette-place", entry("place"), EDITORS, method="POST",
        data=lambda t, who: {"section": "above"}, event="gazette.place_entry",
    ),
    Row("workbench:gazette-drop", entry("drop"), EDITORS, method="POST",
        event="gazette.drop_entry"),
    Row("workbench:gazette-renew", entry("renew"), EDITORS, method="POST",
        event="gazette.renew_entry"),
    *act("typeset", "draft", EDITORS),
    *act("submit", "draft", EDITORS),
    *act("drop", "draft", EDITORS),
    *act("return", "in_approval", APPROVER),
    *act("approve", "in_approval", APPROVER),
    *act("publish", "approved", EDITORS | APPROVER),
    *act("withdraw", "published", APPROVER),
)  # fmt: skip
