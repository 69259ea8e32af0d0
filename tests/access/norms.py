"""规范性文件：本机构的信息员、审核人、签发人和监督员看得见；上位依据各机构共用。"""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.table import Row, rows
from tests.sources.norms.conftest import ROLE, written
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.sources.norms.cleaning import open_clean_up
from yangguang.sources.norms.entering import take_in_inventory
from yangguang.sources.norms.models import CleanUp, Norm, UpperText
from yangguang.sources.norms.services import relate, typeset
from yangguang.sources.norms.uppers import enter_upper

READERS = frozenset({"drafter", "reviewer", "legality_reviewer", "approver", "supervisor"})
DRAFTER = frozenset({"drafter"})
BASE, UPPER = "/workbench/norms/", "/workbench/upper-texts/"
TO = {
    "draft": (),
    "in_review": ("submit",),
    "in_registration": ("submit", "pass"),
    "registered": ("submit", "pass", "register"),
    "published": ("submit", "pass", "register", "publish"),
    "revising": ("submit", "pass", "register", "publish", "revise"),
    "withdrawn": ("submit", "pass", "register", "publish", "withdraw"),
}
"""走到每个状态要办哪些事。"""


def upper(town: Town) -> UpperText:
    return enter_upper(
        {"kind": "law", "title": "测试法"}, organisation=town.organisation, actor=town.drafter,
        key="access-upper",
    )  # fmt: skip


def at(state: str, *, flagged: bool = False) -> Any:
    def made(town: Town) -> Norm:
        today = date.today()
        norm = written(
            town, promulgated_on=today, effective_on=today, ceases_on=today + timedelta(days=900)
        )
        if flagged:
            relate(norm, "based_on", actor=town.drafter, upper=upper(town))
        for step, event in enumerate(TO[state]):
            typeset(norm, today)
            perform(norm, event, actor=getattr(town, ROLE[event]), key=f"to-{step}", message="理由")
        if flagged:
            perform(
                UpperText.objects.get(), "change", actor=town.drafter, key="access-change",
                message="改了", inputs={"changed_on": today},
            )  # fmt: skip
        if state == "revising":
            Norm.objects.filter(pk=norm.pk).update(subject="改过")
        return norm

    return made


def page(state: str, tail: str = "", **given: Any) -> Any:
    return lambda town: f"{BASE}{at(state, **given)(town).pk}/{tail}"


def act(event: str, state: str, role: str, data: Any = None, **given: Any) -> list[Row]:
    """一个动作：看表单和提交，同一个角色。"""
    tail, roles = f"do/{event}/", frozenset(role.split())
    typed = {"key": f"access-{event}", "message": "理由"}
    return [
        Row("workbench:norms-do", page(state, tail, **given), roles),
        Row(
            "workbench:norms-do", page(state, tail, **given), roles, method="POST",
            data=lambda t, who: typed | (data(t) if data else {}), event=f"norms.{event}",
        ),
    ]  # fmt: skip


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-new", "title": "一份办法", "kind": "document", "body": "第一条　甲。"}


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {"seen": Norm.objects.latest("pk").updated_at.isoformat()}


def relating(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-relate", "kind": "based_on", "upper": str(UpperText.objects.get().pk)}


def to_relate(town: Town) -> str:
    upper(town)
    return page("draft", "relations/")(town)  # type: ignore[no-any-return]


def related(town: Town) -> str:
    norm = written(town)
    made = relate(norm, "based_on", actor=town.drafter, upper=upper(town))
    return f"{BASE}{norm.pk}/relations/{made.pk}/remove/"


def filing(town: Town) -> dict[str, Any]:
    return {"filed_with": "测试省人民政府", "filed_on": date.today().isoformat()}


def longer(town: Town) -> dict[str, Any]:
    return {"ceases_on": (date.today() + timedelta(days=1500)).isoformat()}


def entered(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-upper-new", "kind": "law", "title": f"测试法{who.user_id}"}


def upper_edited(town: Town, who: Actor) -> dict[str, Any]:
    at = UpperText.objects.latest("pk").updated_at.isoformat()
    return {"key": "access-upper-edit", "kind": "law", "title": "新的测试法", "seen": at}


def upper_page(tail: str = "") -> Any:
    return lambda town: f"{UPPER}{upper(town).pk}/{tail}"


def changed(event: str) -> list[Row]:
    roles = frozenset({"drafter", "approver"})
    tail = f"do/{event}/"
    return [
        Row("workbench:upper-texts-do", upper_page(tail), roles, elsewhere=True),
        Row(
            "workbench:upper-texts-do", upper_page(tail), roles, method="POST", elsewhere=True,
            data=lambda t, who: {
                "key": f"access-{event}-{who.user_id}", "message": "改了",
                "changed_on": date.today().isoformat(),
            },
            event=f"upper_texts.{event}",
        ),
    ]  # fmt: skip


CLEAN, LISTS = "/workbench/clean-ups/", "/workbench/inventories/"


def cleaning(state: str) -> Any:
    def made(town: Town) -> CleanUp:
        at("published")(town)
        clean_up = open_clean_up(
            {
                "title": "清理结果", "basis": "依据部署。", "stage": "decision",
                "takes_effect_on": date.today(),
            },
            organisation=town.organisation, actor=town.drafter, key="access-clean",
            columns=[town.column],
        )  # fmt: skip
        steps = ("begin", "keep_rest", "submit", "approve")
        until = {"draft": 0, "open": 1, "concluded": 2, "in_approval": 3, "closed": 4}[state]
        for step in steps[:until]:
            who = town.approver if step == "approve" else town.drafter
            perform(clean_up, step, actor=who, key=f"clean-{step}", message="理由")
        return clean_up

    return made


def clean_page(state: str, tail: str = "") -> Any:
    return lambda town: f"{CLEAN}{cleaning(state)(town).pk}/{tail}"


def clean_act(event: str, state: str, role: str) -> list[Row]:
    typed, roles = {"key": f"access-{event}", "message": "理由"}, frozenset({role})
    return [
        Row("workbench:clean-ups-do", clean_page(state, f"do/{event}/"), roles),
        Row(
            "workbench:clean-ups-do", clean_page(state, f"do/{event}/"), roles, method="POST",
            data=lambda t, who: typed, event=f"clean_ups.{event}",
        ),
    ]  # fmt: skip


def concluding(town: Town) -> str:
    clean_up = cleaning("open")(town)
    return f"{CLEAN}{clean_up.pk}/items/{clean_up.items.get().pk}/"


def prepared(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-clean-new", "title": "清理", "basis": "依据部署。"}


def reprepared(town: Town, who: Actor) -> dict[str, Any]:
    return prepared(town, who) | {"seen": CleanUp.objects.latest("pk").updated_at.isoformat()}


def listed(tail: str = "") -> Any:
    def made(town: Town) -> str:
        content = "标题,文号\n甲办法,州〔2020〕1号\n".encode()
        inventory = take_in_inventory(
            content, "清单.csv", organisation=town.organisation, actor=town.drafter,
            key="access-list",
        )  # fmt: skip
        return f"{LISTS}{inventory.pk}/{tail}"

    return made


def uploading(town: Town, who: Actor) -> dict[str, Any]:
    content = "标题,文号\n乙办法,州〔2020〕2号\n".encode()
    return {"key": "access-upload", "file": SimpleUploadedFile("清单.csv", content)}


def list_act(event: str) -> list[Row]:
    return [
        Row("workbench:inventories-do", listed(f"do/{event}/"), DRAFTER),
        Row(
            "workbench:inventories-do", listed(f"do/{event}/"), DRAFTER, method="POST",
            data=lambda t, who: {"key": f"access-{event}"}, event=f"inventories.{event}",
        ),
    ]  # fmt: skip


rows(
    Row("workbench:clean-ups", lambda t: CLEAN, READERS, elsewhere=True),
    Row("workbench:clean-ups-new", lambda t: f"{CLEAN}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:clean-ups-new", lambda t: f"{CLEAN}new/", DRAFTER, method="POST",
        data=prepared, event="clean_ups.create", elsewhere=True,
    ),
    Row("workbench:clean-ups-record", clean_page("open"), READERS),
    Row("workbench:clean-ups-edit", clean_page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:clean-ups-edit", clean_page("draft", "edit/"), DRAFTER, method="POST",
        data=reprepared, event="clean_ups.edit",
    ),
    Row("workbench:clean-ups-conclude", concluding, DRAFTER),
    Row(
        "workbench:clean-ups-conclude", concluding, DRAFTER, method="POST",
        data=lambda t, who: {"key": "access-conclude", "conclusion": "keep"},
        event="clean_ups.conclude",
    ),
    *clean_act("begin", "draft", "drafter"),
    *clean_act("keep_rest", "open", "drafter"),
    *clean_act("submit", "concluded", "drafter"),
    *clean_act("return", "in_approval", "approver"),
    *clean_act("approve", "in_approval", "approver"),
    *clean_act("withdraw", "closed", "approver"),
    Row("workbench:inventories", lambda t: LISTS, READERS, elsewhere=True),
    Row("workbench:inventories-new", lambda t: f"{LISTS}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:inventories-new", lambda t: f"{LISTS}new/", DRAFTER, method="POST",
        data=uploading, event="inventories.create", elsewhere=True,
    ),
    Row("workbench:inventories-record", listed(), READERS),
    Row("workbench:inventories-sheet", listed("sheet/"), READERS),
    *list_act("enter"),
    *list_act("drop"),
)  # fmt: skip
rows(
    Row("workbench:norms", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:norms-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:norms-new", lambda t: f"{BASE}new/", DRAFTER, method="POST", data=typed,
        event="norms.create", elsewhere=True,
    ),
    Row("workbench:norms-record", page("draft"), READERS),
    Row("workbench:norms-record", page("published"), READERS),
    Row("workbench:norms-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:norms-edit", page("draft", "edit/"), DRAFTER, method="POST", data=edited,
        event="norms.edit",
    ),
    Row("workbench:norms-relate", page("draft", "relations/"), DRAFTER),
    Row(
        "workbench:norms-relate", to_relate, DRAFTER, method="POST", data=relating,
        event="norms.relate",
    ),
    Row("workbench:norms-unrelate", related, DRAFTER, method="POST", event="norms.unrelate"),
    *act("submit", "draft", "drafter"),
    *act("pass", "in_review", "reviewer legality_reviewer"),
    *act("return", "in_review", "reviewer legality_reviewer approver"),
    *act("register", "in_registration", "approver"),
    *act("publish", "registered", "drafter approver"),
    *act("file", "published", "drafter", filing),
    *act("extend", "published", "approver", longer),
    *act("settle", "published", "drafter", flagged=True),
    *act("revise", "published", "drafter"),
    *act("correct", "revising", "approver"),
    *act("withdraw", "published", "approver"),
    *act("republish", "withdrawn", "approver"),
    Row("workbench:upper-texts", lambda t: UPPER, READERS, elsewhere=True),
    Row("workbench:upper-texts-new", lambda t: f"{UPPER}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:upper-texts-new", lambda t: f"{UPPER}new/", DRAFTER, method="POST",
        data=entered, event="upper_texts.create", elsewhere=True,
    ),
    Row("workbench:upper-texts-record", upper_page(), READERS, elsewhere=True),
    Row("workbench:upper-texts-edit", upper_page("edit/"), DRAFTER, elsewhere=True),
    Row(
        "workbench:upper-texts-edit", upper_page("edit/"), DRAFTER, method="POST",
        data=upper_edited, event="upper_texts.edit", elsewhere=True,
    ),
    *changed("change"),
    *changed("abolish"),
)  # fmt: skip
