"""政策解读：本机构的信息员、审核人、签发人和监督员看得见；只有信息员写。"""

from io import BytesIO
from typing import Any

from tests.access.articles import chosen_captions
from tests.access.table import Row, rows
from tests.foundation.files.footage import mp4
from tests.foundation.library.conftest import captions_in
from tests.sources.interpretations.conftest import PARTS, issued, walk, written
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.sources.interpretations.models import Interpretation
from yangguang.sources.interpretations.services import attach, caption

READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
DRAFTER = frozenset({"drafter"})
BASE = "/workbench/interpretations/"
TO = {
    "draft": (),
    "in_review": ("submit",),
    "in_approval": ("submit", "pass"),
    "approved": ("submit", "pass", "approve"),
    "published": ("submit", "pass", "approve", "publish"),
    "revising": ("submit", "pass", "approve", "publish", "revise"),
    "withdrawn": ("submit", "pass", "approve", "publish", "withdraw"),
}
"""走到每个状态要办哪些事。"""


def at(state: str) -> Any:
    def made(town: Town) -> Interpretation:
        record: Interpretation = walk(town, written(town, issued(town, "publish")), *TO[state])
        if state == "revising":
            Interpretation.objects.filter(pk=record.pk).update(title="改过的标题")
        return record

    return made


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{at(state)(town).pk}/{tail}"


def act(event: str, state: str, role: str) -> list[Row]:
    """一个动作：看表单和提交，同一个角色。"""
    tail, roles = f"do/{event}/", frozenset(role.split())
    return [
        Row("workbench:interpretations-do", page(state, tail), roles),
        Row(
            "workbench:interpretations-do", page(state, tail), roles, method="POST",
            data=lambda t, who: {"key": f"access-{event}", "message": "理由"},
            event=f"interpretations.{event}",
        ),
    ]  # fmt: skip


def new(town: Town) -> str:
    issued(town, "publish")
    return f"{BASE}new/"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "new", "about": "测州办发〔2020〕1号", "title": "一篇", "form": "text", **PARTS}


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {"seen": Interpretation.objects.latest("pk").updated_at.isoformat()}


def upload(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO("说明".encode())
    stream.name = "说明.txt"
    return {"key": "attach", "attachments": stream}


def attached(tail: str = "") -> Any:
    def path(town: Town) -> str:
        record = at("draft")(town)
        attach(record, [("说明.txt", "说明".encode())], actor=town.drafter)
        return f"{BASE}{record.pk}/attachments/{record.attachments.get().pk}/{tail}"

    return path


def filmed(tail: str = "") -> Any:
    """草稿里有一段配了字幕的视频。"""

    def path(town: Town) -> str:
        record = at("draft")(town)
        attach(record, [("解读.mp4", mp4())], actor=town.drafter)
        number = record.attachments.get().pk
        caption(record, number, captions_in(town, "一句话"), actor=town.drafter)
        return f"{BASE}{record.pk}/attachments/{number}/captions/{tail}"

    return path


rows(
    Row("workbench:interpretations", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:interpretations-owed", lambda t: f"{BASE}owed/", READERS, elsewhere=True),
    Row("workbench:interpretations-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:interpretations-new", new, DRAFTER, method="POST", data=typed,
        event="interpretations.create", elsewhere=True,
    ),
    Row("workbench:interpretations-record", page("draft"), READERS),
    Row("workbench:interpretations-record", page("published"), READERS),
    Row("workbench:interpretations-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:interpretations-edit", page("draft", "edit/"), DRAFTER, method="POST",
        data=edited, event="interpretations.edit",
    ),
    Row("workbench:interpretations-attach", page("draft", "attachments/"), DRAFTER),
    Row(
        "workbench:interpretations-attach", page("draft", "attachments/"), DRAFTER, method="POST",
        data=upload, event="interpretations.attach",
    ),
    Row("workbench:interpretations-attached", attached(), READERS),
    Row("workbench:interpretations-captions", filmed(), DRAFTER),
    Row(
        "workbench:interpretations-captions", filmed(), DRAFTER, method="POST",
        data=chosen_captions, event="interpretations.caption",
    ),
    Row("workbench:interpretations-captions-file", filmed("file/"), READERS),
    Row(
        "workbench:interpretations-uncaption", filmed("remove/"), DRAFTER, method="POST",
        event="interpretations.caption",
    ),
    Row("workbench:interpretations-detach", attached("remove/"), DRAFTER, method="POST",
        event="interpretations.detach"),
    *act("submit", "draft", "drafter"),
    *act("pass", "in_review", "reviewer"),
    *act("return", "in_review", "reviewer approver"),
    *act("approve", "in_approval", "approver"),
    *act("publish", "approved", "drafter approver"),
    *act("revise", "published", "drafter"),
    *act("correct", "revising", "approver"),
    *act("withdraw", "published", "approver"),
    *act("republish", "withdrawn", "approver"),
)  # fmt: skip
