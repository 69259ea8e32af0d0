"""公文。"""

from io import BytesIO
from typing import Any

from django.utils import timezone

from tests.access.table import Row, rows
from tests.actors import actor, organisation
from tests.town import TEXT, Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.services import keep_made, store
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.documents.models import (
    CirculationRoute,
    Countersignature,
    DocumentPrint,
    NumberEntry,
    NumberSeries,
    OfficialDocument,
)
from yangguang.sources.documents.printing import paper_digest
from yangguang.sources.documents.routes import FULL_ROUTE
from yangguang.sources.documents.selectors import paper_of
from yangguang.sources.documents.services import attach, take_in

READERS = frozenset(
    {"drafter", "reviewer", "approver", "supervisor", "secrecy_reviewer", "legality_reviewer"}
)
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


def typeset(town: Town) -> str:
    document = at("draft")(town)
    DocumentPrint.objects.create(
        document=document, digest=paper_digest(paper_of(document)), step="made", pages=1,
        asked_at=timezone.now(), sha256=keep_made(b"%PDF-1.7"), size=8,
    )  # fmt: skip
    return f"/workbench/documents/{document.pk}/pdf/"


def file_page(tail: str = "") -> Any:
    def path(town: Town) -> str:
        document = at("draft")(town)
        number = document.document_attachments.get().pk
        return f"/workbench/documents/{document.pk}/attachments/{number}/{tail}"

    return path


def act(event: str, state: str, role: str, placed: Any = None, **data: Any) -> list[Row]:
    """一个动作：看表单和提交，同一个角色。``data`` 里要现取的写成函数。"""
    found = placed or at(state)

    def path(town: Town) -> str:
        return f"/workbench/documents/{found(town).pk}/do/{event}/"

    def given(town: Town, who: Actor) -> dict[str, Any]:
        values = {name: each(town) if callable(each) else each for name, each in data.items()}
        return {"key": f"access-{event}", "message": "理由", **values}

    return [
        Row("workbench:documents-do", path, frozenset(role.split())),
        Row(
            "workbench:documents-do", path, frozenset(role.split()), method="POST",
            data=given, event=f"documents.{event}",
        ),
    ]  # fmt: skip


def placed(state: str, **fields: Any) -> Any:
    """取一份放在 ``state`` 的公文，步骤照全部的走。"""

    def path(town: Town) -> OfficialDocument:
        CirculationRoute.objects.update(steps=list(FULL_ROUTE))
        document = town.document(**fields)
        if document.needs_interpretation:
            town.planned(document)
        OfficialDocument.objects.filter(pk=document.pk).update(state=state)
        document.refresh_from_db()
        return document

    return path


def numbered(town: Town) -> OfficialDocument:
    document = placed("numbered", document_number="")(town)
    NumberEntry.objects.create(
        series=series(town), year=2020, serial=1, document=document,
        taken_by_id=town.drafter.user_id, taken_at=timezone.now(),
    )  # fmt: skip
    return document


def series(town: Town) -> NumberSeries:
    return NumberSeries.objects.get_or_create(organisation=town.organisation, code="测州府发")[0]


def asked(town: Town) -> OfficialDocument:
    """别的机关主办，请本机关会签的。"""
    lead = organisation("lead")
    document = take_in(
        TEXT.format(number=1), organisation=lead, actor=actor("drafter", lead), key="lead",
        overrides={"stage": "execution"},
    )  # fmt: skip
    Countersignature.objects.create(
        document=document, organisation=town.organisation, is_sent=True
    )  # fmt: skip
    OfficialDocument.objects.filter(pk=document.pk).update(state="in_countersign")
    return document


def released(town: Town) -> OfficialDocument:
    document = town.document()
    someone = actor("approver", town.organisation, username="releaser")
    perform(document, "release", actor=someone, key="release", message="急")
    return document


def colleague(town: Town) -> str:
    other = actor("reviewer", town.organisation, username="colleague")
    return str(other.user_id)


def edited(town: Town, who: Actor) -> dict[str, Any]:
    document = OfficialDocument.objects.latest("pk")
    return {
        "key": "edit", "seen": document.updated_at.isoformat(), "title": "改过的标题",
        "validity": "effective", "body": "", "disclosure": "proactive",
    }  # fmt: skip


def planned(town: Town, who: Actor) -> dict[str, Any]:
    document = OfficialDocument.objects.latest("pk")
    return {
        "key": "plan", "seen": document.updated_at.isoformat(), "outline": "为什么要定",
        "forms": ["text"], "channels": ["website"], "persons": "某某", "planned_on": "2020-09-28",
    }  # fmt: skip


def upload(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO("说明".encode())
    stream.name = "说明.txt"
    return {"key": "attach", "attachments": stream}


rows(
    Row("workbench:documents", lambda t: "/workbench/documents/", READERS, elsewhere=True),
    Row(
        "workbench:emergencies", lambda t: "/workbench/emergencies/", frozenset({"supervisor"}),
        elsewhere=True,
    ),
    Row("workbench:documents-new", lambda t: "/workbench/documents/new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:documents-new", lambda t: "/workbench/documents/new/", DRAFTER, method="POST",
        data=lambda t, who: {"key": "new", "text": TEXT.format(number=99)},
        event="documents.create", elsewhere=True,
    ),
    Row("workbench:documents-record", page("draft"), READERS),
    Row("workbench:documents-paper", page("draft", "paper/"), READERS),
    Row("workbench:documents-pdf", typeset, READERS),
    Row("workbench:documents-typeset", page("draft", "typeset/"), READERS, method="POST",
        event="documents.typeset"),
    Row("workbench:documents-record", page("published"), READERS),
    Row("workbench:documents-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:documents-edit", page("draft", "edit/"), DRAFTER, method="POST",
        data=edited, event="documents.edit",
    ),
    Row("workbench:documents-interpretation", page("draft", "interpretation/"), DRAFTER),
    Row(
        "workbench:documents-interpretation", page("draft", "interpretation/"), DRAFTER,
        method="POST", data=planned, event="documents.plan_interpretation",
    ),
    Row("workbench:documents-attach", page("draft", "attachments/"), DRAFTER),
    Row(
        "workbench:documents-attach", page("draft", "attachments/"), DRAFTER, method="POST",
        data=upload, event="documents.attach",
    ),
    Row("workbench:documents-attached", file_page(), READERS),
    Row("workbench:documents-detach", file_page("remove/"), DRAFTER, method="POST",
        event="documents.detach"),
    *act("submit", "draft", "drafter"),
    *act("pass", "in_review", "reviewer"),
    *act("pass_disclosure", "", "reviewer", placed("in_disclosure_review")),
    *act("pass_secrecy", "", "secrecy_reviewer", placed("in_secrecy_review")),
    *act("pass_legality", "", "legality_reviewer", placed("in_legality_review", is_norm=True)),
    *act("pass_fairness", "", "legality_reviewer",
         placed("in_fairness_review", touches_operators=True), sector="物业", nature="norm",
         reviewed_by="测试州市场监管局", opinions="书面征求", conclusion="fits"),
    *act("countersign", "", "approver", asked),
    *act("decline", "", "approver", asked),
    *act("return", "", "secrecy_reviewer approver", placed("in_secrecy_review")),
    *act("return", "", "legality_reviewer approver", placed("in_legality_review", is_norm=True)),
    *act("take_back", "in_review", "drafter"),
    *act("delegate", "in_review", "reviewer", person=colleague),
    *act("urge", "in_review", "drafter"),
    *act("number", "", "drafter approver", placed("approved", document_number=""),
         series=lambda town: series(town).pk),
    *act("void_number", "", "approver", numbered),
    *act("issue", "", "drafter approver", placed("approved"), issued_on="2020-10-09"),
    *act("release", "draft", "approver"),
    *act("endorse", "", "reviewer approver", released),
    *act("object", "", "reviewer approver", released),
    Row("workbench:documents-draft", lambda t: "/workbench/documents/draft/", DRAFTER,
        elsewhere=True),
    Row("workbench:documents-draft", lambda t: "/workbench/documents/draft/", DRAFTER,
        method="POST", data=lambda t, who: {"key": "draft", "title": "起草的", "body": "正文",
        "validity": "effective"}, event="documents.create", elsewhere=True),
    Row("workbench:documents-steps", lambda t: "/workbench/documents/steps/",
        frozenset({"approver"}), elsewhere=True),
    Row("workbench:documents-steps", lambda t: "/workbench/documents/steps/",
        frozenset({"approver"}), method="POST", data=lambda t, who: {"key": "steps",
        "steps": ["secrecy", "issue"]}, event="documents.set_route", elsewhere=True),
    Row("workbench:documents-numbers", lambda t: "/workbench/documents/numbers/", READERS,
        elsewhere=True),
    Row("workbench:documents-numbers", lambda t: "/workbench/documents/numbers/",
        frozenset({"approver"}), method="POST", data=lambda t, who: {"key": "numbers",
        "code": "测州新发", "used": "3"}, event="documents.add_series", elsewhere=True),
    *act("return", "in_review", "reviewer approver"),
    *act("return", "in_approval", "reviewer approver"),
    *act("approve", "in_approval", "approver"),
    *act("publish", "approved", "drafter approver"),
    *act("revise", "published", "drafter"),
    *act("correct", "revising", "approver"),
    *act("withdraw", "published", "approver"),
    *act("republish", "withdrawn", "approver"),
)  # fmt: skip
