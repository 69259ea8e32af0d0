"""公文。"""

from io import BytesIO
from typing import Any

from tests.access.table import Row, rows
from tests.town import TEXT, Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import store
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.documents.models import OfficialDocument
from yangguang.sources.documents.services import attach

READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
DRAFTER = frozenset({"drafter"})
BY = {
    "submit": "drafter", "pass": "reviewer", "approve": "approver", "publish": "drafter",
    "revise": "drafter", "withdraw": "approver",
}  # fmt: skip
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


def at(state: str, number: int = 1) -> Any:
    """取一份走到 ``state`` 的公文的地址。"""

    def path(town: Town) -> OfficialDocument:
        document = town.document(number)
        file = store(
            BytesIO("附件".encode()), "附件.txt", actor=town.drafter, organisation=town.organisation
        )
        attach(document, [file], actor=town.drafter)
        for step, event in enumerate(TO[state]):
            perform(
                document, event, actor=getattr(town, BY[event]), key=f"to-{number}-{step}",
                message="理由", at=None,
            )  # fmt: skip
        if state == "revising":
            document.subject = "改过"
            document.save()
        return document

    return path


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"/workbench/documents/{at(state)(town).pk}/{tail}"


def file_page(tail: str = "") -> Any:
    def path(town: Town) -> str:
        document = at("draft")(town)
        return f"/workbench/documents/{document.pk}/attachments/{document.files()[0].pk}/{tail}"

    return path


def act(event: str, state: str, role: str) -> list[Row]:
    """一个动作：看表单和提交，同一个角色。"""
    tail = f"do/{event}/"
    return [
        Row("workbench:documents-do", page(state, tail), frozenset(role.split())),
        Row(
            "workbench:documents-do", page(state, tail), frozenset(role.split()), method="POST",
            data=lambda t, who: {"key": f"access-{event}", "message": "理由"},
            event=f"documents.{event}",
        ),
    ]  # fmt: skip


def edited(town: Town, who: Actor) -> dict[str, Any]:
    document = OfficialDocument.objects.latest("pk")
    return {
        "key": "edit", "seen": document.updated_at.isoformat(), "title": "改过的标题",
        "validity": "effective", "body": "", "disclosure": "proactive",
    }  # fmt: skip


def upload(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO("说明".encode())
    stream.name = "说明.txt"
    return {"key": "attach", "attachments": stream}


rows(
    Row("workbench:documents", lambda t: "/workbench/documents/", READERS, elsewhere=True),
    Row("workbench:documents-new", lambda t: "/workbench/documents/new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:documents-new", lambda t: "/workbench/documents/new/", DRAFTER, method="POST",
        data=lambda t, who: {"key": "new", "text": TEXT.format(number=99)},
        event="documents.create", elsewhere=True,
    ),
    Row("workbench:documents-record", page("draft"), READERS),
    Row("workbench:documents-record", page("published"), READERS),
    Row("workbench:documents-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:documents-edit", page("draft", "edit/"), DRAFTER, method="POST",
        data=edited, event="documents.edit",
    ),
    Row("workbench:documents-attach", page("draft", "attachments/"), DRAFTER),
    Row(
        "workbench:documents-attach", page("draft", "attachments/"), DRAFTER, method="POST",
        data=upload, event="documents.attach",
    ),
    Row("workbench:documents-file", file_page(), READERS),
    Row("workbench:documents-detach", file_page("remove/"), DRAFTER, method="POST",
        event="documents.detach"),
    *act("submit", "draft", "drafter"),
    *act("pass", "in_review", "reviewer"),
    *act("return", "in_review", "reviewer approver"),
    *act("return", "in_approval", "reviewer approver"),
    *act("approve", "in_approval", "approver"),
    *act("publish", "approved", "drafter approver"),
    *act("revise", "published", "drafter"),
    *act("correct", "revising", "approver"),
    *act("withdraw", "published", "approver"),
    *act("republish", "withdrawn", "approver"),
)  # fmt: skip
