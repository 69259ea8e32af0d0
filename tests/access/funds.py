"""资金公开：信息员登记，审核人审，签发人签，监督员看。"""

from datetime import date
from typing import Any

from tests.access.table import WRITERS, Row, rows
from tests.sources.funds.conftest import VALUES, asked, below, go, key
from tests.sources.funds.conftest import rows as filled
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Column
from yangguang.sources.funds.models import Fund
from yangguang.sources.funds.services import make_tables, open_fund

BASE, RECEIPTS = "/workbench/funds/", "/workbench/receipts/"
DRAFTER, REVIEWER, APPROVER = (
    frozenset({"drafter"}),
    frozenset({"reviewer"}),
    frozenset({"approver"}),
)
READERS = WRITERS | {"supervisor"}
STEPS = {
    "draft": (),
    "in_review": ("submit",),
    "in_approval": ("submit", "pass"),
    "approved": ("submit", "pass", "approve"),
    "published": ("submit", "pass", "approve", "publish"),
    "revising": ("submit", "pass", "approve", "publish", "revise"),
    "withdrawn": ("submit", "pass", "approve", "publish", "withdraw"),
}  # fmt: skip


def at(state: str) -> Any:
    """走到 ``state`` 的一笔，供下载的表格做好了。"""

    def made(town: Town) -> Fund:
        columns: list[Column] = [town.column]
        fund = open_fund(
            VALUES, filled(town, below(town)), organisation=town.organisation,
            actor=town.drafter, key=key(), columns=columns,
        )  # fmt: skip
        make_tables(fund)
        go(town, fund, *STEPS[state])
        if state == "revising":
            # 更正须有变化
            fund.allocations.filter(position=1).update(used=400_00)
            make_tables(fund)
        return fund

    return made


def page(state: str, tail: str = "") -> Any:
    return lambda town: f"{BASE}{at(state)(town).pk}/{tail}"


def typed(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new",
        "name": "测试资金",
        "kind": "policy",
        "year": "2020",
        "amount": "1",
    }


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return typed(town, who) | {"seen": Fund.objects.latest("pk").updated_at.isoformat()}


def act(event: str, state: str, roles: frozenset[str]) -> list[Row]:
    given = {"key": f"access-{event}", "message": "理由"}
    tail = f"do/{event}/"
    return [
        Row("workbench:funds-do", page(state, tail), roles),
        Row(
            "workbench:funds-do", page(state, tail), roles, method="POST",
            data=lambda t, who: given, event=f"funds.{event}",
        ),
    ]  # fmt: skip


def received(tail: str = "") -> Any:
    return lambda town: f"{RECEIPTS}{asked(town).pk}/{tail}"


REPORTED = {
    "key": "access-report", "received": "1", "received_on": "2020-06-08", "paid": "",
    "paid_on": "", "used": "", "used_on": "",
}  # fmt: skip

rows(
    Row("workbench:receipts", lambda t: RECEIPTS, WRITERS, elsewhere=True),
    Row("workbench:receipts-record", received(), WRITERS),
    Row("workbench:receipts-report", received("report/"), DRAFTER),
    Row(
        "workbench:receipts-report", received("report/"), DRAFTER, method="POST",
        data=lambda t, who: REPORTED, event="funds.report",
    ),
    Row("workbench:funds-ask", page("published", "ask/"), DRAFTER),
    Row(
        "workbench:funds-ask", page("published", "ask/"), DRAFTER, method="POST",
        data=lambda t, who: {"key": "access-ask", "report_by": date.today().isoformat()},
        event="funds.ask_units",
    ),
    Row(
        "workbench:funds-take", page("draft", "take/"), DRAFTER, method="POST",
        data=lambda t, who: {},
    ),
    Row("workbench:funds", lambda t: BASE, READERS, elsewhere=True),
    Row("workbench:funds-new", lambda t: f"{BASE}new/", DRAFTER, elsewhere=True),
    Row(
        "workbench:funds-new", lambda t: f"{BASE}new/", DRAFTER, method="POST", data=typed,
        event="funds.create", elsewhere=True,
    ),
    Row("workbench:funds-record", page("draft"), READERS),
    Row("workbench:funds-record", page("published"), READERS),
    Row("workbench:funds-table", page("draft", "table/xlsx/"), READERS),
    Row("workbench:funds-edit", page("draft", "edit/"), DRAFTER),
    Row(
        "workbench:funds-edit", page("draft", "edit/"), DRAFTER, method="POST", data=edited,
        event="funds.edit",
    ),
    *act("submit", "draft", DRAFTER),
    *act("pass", "in_review", REVIEWER),
    *act("return", "in_review", REVIEWER | APPROVER),
    *act("approve", "in_approval", APPROVER),
    *act("publish", "approved", DRAFTER | APPROVER),
    *act("revise", "published", DRAFTER),
    *act("withdraw", "published", APPROVER),
    *act("correct", "revising", APPROVER),
    *act("republish", "withdrawn", APPROVER),
)  # fmt: skip
