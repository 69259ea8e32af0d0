"""发文台账：各机构的人看自己的，信息员和监督员登记、导入、核对，信息员起草通报。"""

from io import BytesIO
from typing import Any

from tests.access.table import Row, rows
from tests.api import publish
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day
from yangguang.sources.ledger.checking import check_some, start_check
from yangguang.sources.ledger.lists import read_entries
from yangguang.sources.ledger.models import LedgerEntry
from yangguang.sources.ledger.services import enter, take_list

BASE, IMPORTS, INVENTORY, CHECKS = (
    f"/workbench/{slug}/"
    for slug in ("ledger", "ledger-imports", "ledger-inventory", "ledger-checks")
)
READERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})
ENTERERS = frozenset({"drafter", "supervisor"})
DRAFTER = frozenset({"drafter"})
LIST = "发文字号,标题,印发日期,公开属性\n甲发〔2020〕9号,一份,2020-09-25,主动公开\n".encode()
ONE = {
    "document_number": "甲发〔2020〕1号", "title": "别处印发的一份", "issued_on": "2020-09-25",
    "disclosure": "proactive",
}  # fmt: skip


def entered(town: Town) -> LedgerEntry:
    """登记过的一件。"""
    here = Organisation.objects.get(pk=town.organisation.pk)
    return enter(ONE, organisation=here, actor=town.drafter, key="ledger-access")


def page(tail: str = "", *, dropped: bool = False) -> Any:
    def path(town: Town) -> str:
        entry = entered(town)
        if dropped:
            perform(entry, "drop", actor=town.drafter, key="ledger-drop", message="误登")
        return f"{BASE}{entry.pk}/{tail}"

    return path


def own(town: Town) -> str:
    """本系统的一份公文的一行。"""
    document = publish(town, 1)
    return f"{BASE}{LedgerEntry.objects.get(document=document).pk}/"


def imported(tail: str = "") -> Any:
    def path(town: Town) -> str:
        reading = read_entries([{**ONE, "disclosure": "也许"}], reading_day())
        made = take_list(
            reading, name="清单", source="import", actor=town.drafter, key="access-list"
        )
        return f"{IMPORTS}{made.pk}/{tail}"

    return path


def check(tail: str = "", *, done: bool = True) -> Any:
    def path(town: Town) -> str:
        enter(
            {**ONE, "disclosure": "withheld"}, actor=town.drafter, key="ledger-access",
            organisation=Organisation.objects.get(pk=town.organisation.pk),
        )  # fmt: skip
        made = start_check(actor=town.drafter, key="access-check")
        if done:
            check_some(made.pk)
        return f"{CHECKS}{made.pk}/{tail}"

    return path


def starting(town: Town) -> str:
    """两边都有东西可以核对。"""
    entered(town)
    elsewhere = Organisation.objects.filter(code="elsewhere").first()
    if elsewhere is not None:
        LedgerEntry.objects.create(
            organisation=elsewhere, title="一份", issued_on="2020-09-25", disclosure="withheld",
            source="manual", state="listed", created_by_id=town.drafter.user_id,
            created_at="2020-09-25T00:00:00Z",
        )  # fmt: skip
    return f"{CHECKS}start/"


def uploaded(town: Town, who: Actor) -> dict[str, Any]:
    stream = BytesIO(LIST)
    stream.name = "清单.csv"
    return {"key": "access-import", "file": stream}


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-new", **ONE, "document_number": f"甲发〔2020〕{who.assignment_id}号"}


def edited(town: Town, who: Actor) -> dict[str, Any]:
    seen = LedgerEntry.objects.latest("pk").updated_at.isoformat()
    return {"key": "access-edit", "seen": seen, **ONE, "title": "改过"}


def act(path: Any, event: str, **data: str) -> list[Row]:
    """一个动作：看表单和提交，同一些角色。"""
    given = {"key": "access-do", "message": "理由", **data}
    return [
        Row("workbench:ledger-do", path, ENTERERS),
        Row("workbench:ledger-do", path, ENTERERS, method="POST", data=lambda t, who: given,
            event=f"ledger.{event}"),
    ]  # fmt: skip


rows(
    Row("workbench:ledger", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:ledger-new", lambda t: f"{BASE}new/", ENTERERS, elsewhere=True),
    Row(
        "workbench:ledger-new", lambda t: f"{BASE}new/", ENTERERS, method="POST", data=typed,
        event="ledger.create", elsewhere=True,
    ),
    Row("workbench:ledger-record", page(), READERS),
    Row("workbench:ledger-record", own, READERS),
    Row("workbench:ledger-edit", page("edit/"), ENTERERS),
    Row(
        "workbench:ledger-edit", page("edit/"), ENTERERS, method="POST", data=edited,
        event="ledger.edit",
    ),
    *act(
        page("do/put_online/"), "put_online", online_on="2020-10-12",
        address="https://www.a.gov.cn/1",
    ),
    *act(page("do/drop/"), "drop"),
    *act(page("do/restore/", dropped=True), "restore"),
    Row("workbench:ledger-imports", lambda t: IMPORTS, ENTERERS, elsewhere=True),
    Row("workbench:ledger-imports-new", lambda t: f"{IMPORTS}new/", ENTERERS, elsewhere=True),
    Row(
        "workbench:ledger-imports-new", lambda t: f"{IMPORTS}new/", ENTERERS, method="POST",
        data=uploaded, event="ledger.import", elsewhere=True,
    ),
    Row("workbench:ledger-imports-record", imported(), ENTERERS),
    Row("workbench:ledger-imports-faults", imported("faults.xlsx"), ENTERERS),
    Row("workbench:ledger-inventory", lambda t: INVENTORY, READERS, elsewhere=True),
    Row("workbench:ledger-checks", lambda t: CHECKS, ENTERERS, elsewhere=True),
    Row(
        "workbench:ledger-checks-start", starting, ENTERERS, method="POST",
        data=lambda t, who: {"key": "access-start"}, event="ledger.start_check", elsewhere=True,
    ),
    Row("workbench:ledger-checks-record", check(), ENTERERS),
    Row("workbench:ledger-checks-record", check(done=False), ENTERERS),
    Row("workbench:ledger-checks-progress", check("progress/", done=False), ENTERERS),
    Row("workbench:ledger-checks-findings", check("findings.xlsx"), ENTERERS),
    Row(
        "workbench:ledger-checks-circular", check("circular/"), DRAFTER, method="POST",
        data=lambda t, who: {"key": "access-circular"}, event="ledger.draft_circular",
    ),
)  # fmt: skip
