"""把关：一条记录的三关看得见记录的都能看，审核、签发的人签关和放行；词典归监督员。"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from tests.access.table import Row, rows
from tests.actors import actor
from tests.hub.screening.conftest import drafted
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.screening.dictionaries import put_sample
from yangguang.hub.screening.entries import Entry
from yangguang.hub.screening.selectors import fingerprint
from yangguang.hub.screening.workbook import dump

READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
SIGNERS = frozenset({"reviewer", "approver"})
DRAFTER = frozenset({"drafter"})
SUPERVISOR = frozenset({"supervisor"})
ENTRY = Entry("terms", "旧称呼", "新称呼")


def gates(tail: str = "") -> Callable[[Town], str]:
    """有一个手机号码的公文的三关。"""

    def path(town: Town) -> str:
        body = [{"type": "paragraph", "text": "电话13800138000", "style": "plain"}]
        return f"/workbench/gates/document/{town.document(body=body).pk}/{tail}"

    return path


def version(tail: str = "", state: str = "draft") -> Callable[[Town], str]:
    """本机构的一版词典，走到 ``state``。"""

    def path(town: Town) -> str:
        who = actor("supervisor", town.organisation)
        made = drafted(who, "terms", ENTRY, key="access")
        put_sample(made, "旧称呼", ["旧称呼"], actor=who)
        put_sample(made, "没有错", [], actor=who)
        steps = ("test", "adopt")[: ("draft", "tested", "in_force").index(state)]
        for event in steps:
            perform(made, event, actor=who, key=f"access-{event}")
        entry, sample = made.entries.get().pk, made.samples()[0].pk
        return f"/workbench/dictionaries/{made.pk}/{tail.format(entry=entry, sample=sample)}"

    return path


def act(event: str, state: str) -> list[Row]:
    path = version(f"do/{event}/", state)
    return [
        Row("workbench:dictionaries-do", path, SUPERVISOR),
        Row(
            "workbench:dictionaries-do", path, SUPERVISOR, method="POST",
            event=f"screening.dictionary.{event}",
            data=lambda t, who: {"key": f"access-do-{event}", "message": "理由"},
        ),
    ]  # fmt: skip


def form(route: str, tail: str, data: Any, event: str) -> list[Row]:
    """一张表单：看和提交，都是监督员。"""
    return [
        Row(f"workbench:dictionaries-{route}", version(tail), SUPERVISOR),
        Row(
            f"workbench:dictionaries-{route}", version(tail), SUPERVISOR, method="POST",
            data=data, event=f"screening.dictionary.{event}",
        ),
    ]  # fmt: skip


def upload(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO(dump("terms", [ENTRY]))
    stream.name = "词典.xlsx"
    return {"key": "access-import", "file": stream}


SPOT = fingerprint("mobile", "13800138000")
FILLED = {"key": "access-entry", "text": "别的称呼", "right": "新称呼"}

rows(
    Row("workbench:gates", lambda t: "/workbench/gates/", READERS, elsewhere=True),
    Row("workbench:gates-record", gates(), READERS),
    Row("workbench:gates-sign", gates("sign/text/"), SIGNERS),
    Row(
        "workbench:gates-sign", gates("sign/text/"), SIGNERS, method="POST",
        data=lambda t, who: {"key": "access-sign", "verdict": "passed"}, event="screening.sign",
    ),
    Row("workbench:gates-overrule", gates(f"overrule/{SPOT}/"), SIGNERS),
    Row(
        "workbench:gates-overrule", gates(f"overrule/{SPOT}/"), SIGNERS, method="POST",
        data=lambda t, who: {"key": "access-overrule", "reason": "公布的热线"},
        event="screening.overrule",
    ),
    Row("workbench:gates-mask", gates("mask/"), DRAFTER, method="POST", event="screening.mask"),
    Row("workbench:caught", lambda t: "/workbench/caught/", SUPERVISOR, elsewhere=True),
    Row("workbench:dictionaries", lambda t: "/workbench/dictionaries/", SUPERVISOR, elsewhere=True),
    Row(
        "workbench:dictionaries-new", lambda t: "/workbench/dictionaries/new/", SUPERVISOR,
        elsewhere=True,
    ),
    Row(
        "workbench:dictionaries-new", lambda t: "/workbench/dictionaries/new/", SUPERVISOR,
        method="POST", elsewhere=True, event="screening.dictionary.create",
        data=lambda t, who: {"key": "access-new", "dictionary": "typos", "note": "增补"},
    ),
    Row("workbench:dictionaries-record", version(), SUPERVISOR),
    Row("workbench:dictionaries-record", version(state="in_force"), SUPERVISOR),
    Row("workbench:dictionaries-workbook", version("workbook/"), SUPERVISOR),
    *form("entry-new", "entries/new/", lambda t, who: FILLED, "put"),
    *form("entry", "entries/{entry}/", lambda t, who: FILLED, "put"),
    Row(
        "workbench:dictionaries-entry-remove", version("entries/{entry}/remove/"), SUPERVISOR,
        method="POST", event="screening.dictionary.remove",
    ),
    *form("import", "import/", upload, "import"),
    *form(
        "sample-new", "samples/new/",
        lambda t, who: {"key": "access-sample", "text": "样文", "expected": ""}, "sample",
    ),
    Row(
        "workbench:dictionaries-sample-remove", version("samples/{sample}/remove/"), SUPERVISOR,
        method="POST", event="screening.dictionary.sample_removed",
    ),
    *act("test", "draft"),
    *act("discard", "draft"),
    *act("reopen", "tested"),
    *act("adopt", "tested"),
    *act("end", "in_force"),
)  # fmt: skip
