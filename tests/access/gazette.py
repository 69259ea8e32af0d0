"""政府公报：公报编辑、信息员编，签发人签，监督员看。"""

from datetime import date
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.table import Row, rows
from tests.api import publish
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.publications.selectors import publication_of
from yangguang.outlets.gazette.delivering import (
    count_copies,
    draw_list,
    enter_reader,
    note_feedback,
)
from yangguang.outlets.gazette.models import GazetteCopies, GazetteIssue, GazetteReader
from yangguang.outlets.gazette.services import open_issue, take_entry, take_past
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


def past(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {
        "dated_on": "2026-01-31", "pdf": SimpleUploadedFile("旧.pdf", sheet()),
    }  # fmt: skip


def past_page(tail: str = "") -> Any:
    def path(town: Town) -> str:
        issue = take_past(
            {"name": "公报", "year": 1998, "number": 1, "running": 1, "dated_on": date(1998, 5, 1)},
            ("旧.pdf", sheet()), [{"title": "关于甲的通知", "page": 1}],
            organisation=town.organisation, actor=town.drafter, key="access-past",
        )  # fmt: skip
        return f"{BASE}{issue.pk}/{tail}"

    return path


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


# ---- 赠阅 ----

HEIRS = "/workbench/gazette-readers/"


def reader(town: Town) -> GazetteReader:
    return enter_reader(
        {"kind": "village", "name": "测试村", "copies": 4}, organisation=town.organisation,
        actor=town.drafter, key="access-reader",
    )  # fmt: skip


def reader_page(tail: str = "", *, is_stopped: bool = False) -> Any:
    def path(town: Town) -> str:
        found = reader(town)
        if is_stopped:
            perform(found, "stop", actor=town.drafter, key="access-stopped", message="理由")
        return f"{HEIRS}{found.pk}/{tail}"

    return path


def reader_typed(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-new", "kind": "village", "name": "另一个村", "copies": "3"}


def reader_edited(town: Town, who: Actor) -> dict[str, Any]:
    seen = GazetteReader.objects.latest("pk").updated_at.isoformat()
    return reader_typed(town, who) | {"seen": seen}


def distribution(tail: str = "/", *, is_drawn: bool = True) -> Any:
    def path(town: Town) -> str:
        reader(town)
        issue = at("approved")(town)
        if is_drawn:
            draw_list(issue, actor=town.drafter)
        return f"{BASE}{issue.pk}/distribution{tail}"

    return path


def counted(town: Town, who: Actor) -> dict[str, Any]:
    row = GazetteCopies.objects.get().pk
    return {"print_run": "9", f"{row}-sent": "4", f"{row}-returned": "0"}


def fed_back(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-fed", "reader": str(GazetteReader.objects.get().pk), "kind": "unread"}


def proposed(town: Town) -> str:
    distribution()(town)
    issue, row = GazetteIssue.objects.get(), GazetteCopies.objects.get()
    counts = {row.pk: {"sent": 4, "returned": 3, "reason": "没有人看"}}
    count_copies(issue, 9, counts, actor=town.drafter)
    given = {"kind": "unread", "wanted": None, "text": ""}
    note_feedback(issue, row.reader, given, actor=town.drafter, key="access-unread")
    return f"{HEIRS}proposal/"


def confirmed(town: Town, who: Actor) -> dict[str, Any]:
    return {"chosen": f"{GazetteReader.objects.get().pk}:4:1"}


rows(
    Row("workbench:gazette", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:gazette-new", lambda t: f"{BASE}new/", EDITORS, elsewhere=True),
    Row(
        "workbench:gazette-new", lambda t: f"{BASE}new/", EDITORS, method="POST", data=typed,
        event="gazette.create", elsewhere=True,
    ),
    Row("workbench:gazette-past", lambda t: f"{BASE}past/", EDITORS, elsewhere=True),
    Row(
        "workbench:gazette-past", lambda t: f"{BASE}past/", EDITORS, method="POST", data=past,
        event="gazette.create", elsewhere=True,
    ),
    Row("workbench:gazette-record", past_page(), READERS),
    Row("workbench:gazette-pdf", past_page("pdf/"), READERS),
    Row("workbench:gazette-record", page("draft"), READERS),
    Row("workbench:gazette-record", page("published"), READERS),
    Row("workbench:gazette-edit", page("draft", "edit/"), EDITORS),
    Row(
        "workbench:gazette-edit", page("draft", "edit/"), EDITORS, method="POST", data=edited,
        event="gazette.edit",
    ),
    Row("workbench:gazette-pdf", page("in_approval", "pdf/"), READERS),
    Row("workbench:gazette-typesetting", page("in_approval", "typesetting/"), READERS),
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

rows(
    Row("workbench:gazette-readers", lambda t: HEIRS, READERS, elsewhere=True),
    Row("workbench:gazette-readers-new", lambda t: f"{HEIRS}new/", EDITORS, elsewhere=True),
    Row(
        "workbench:gazette-readers-new", lambda t: f"{HEIRS}new/", EDITORS, method="POST",
        data=reader_typed, event="gazette_readers.create", elsewhere=True,
    ),
    Row("workbench:gazette-readers-record", reader_page(), READERS),
    Row("workbench:gazette-readers-edit", reader_page("edit/"), EDITORS),
    Row(
        "workbench:gazette-readers-edit", reader_page("edit/"), EDITORS, method="POST",
        data=reader_edited, event="gazette_readers.edit",
    ),
    Row("workbench:gazette-readers-do", reader_page("do/stop/"), EDITORS | APPROVER),
    Row(
        "workbench:gazette-readers-do", reader_page("do/stop/"), EDITORS | APPROVER,
        method="POST", data=lambda t, who: {"key": "access-stop", "message": "理由"},
        event="gazette_readers.stop",
    ),
    Row(
        "workbench:gazette-readers-do", reader_page("do/resume/", is_stopped=True), EDITORS,
        method="POST", data=lambda t, who: {"key": "access-resume"},
        event="gazette_readers.resume",
    ),
    Row("workbench:gazette-readers-proposal", lambda t: f"{HEIRS}proposal/", READERS,
        elsewhere=True),
    Row(
        "workbench:gazette-readers-proposal", proposed, APPROVER, method="POST", data=confirmed,
        event="gazette_readers.adjust",
    ),
    Row("workbench:gazette-readers-proposal-workbook", lambda t: f"{HEIRS}proposal.xlsx", READERS,
        elsewhere=True),
    Row("workbench:gazette-distribution", distribution(), READERS),
    Row(
        "workbench:gazette-distribution", distribution(), EDITORS, method="POST", data=counted,
        event="gazette.count_copies",
    ),
    Row("workbench:gazette-draw", distribution("/draw/", is_drawn=False), EDITORS, method="POST",
        event="gazette.draw_list"),
    Row("workbench:gazette-feedback", distribution("/feedback/"), EDITORS),
    Row(
        "workbench:gazette-feedback", distribution("/feedback/"), EDITORS, method="POST",
        data=fed_back, event="gazette.note_feedback",
    ),
    Row("workbench:gazette-copies", distribution(".xlsx"), READERS),
)  # fmt: skip
