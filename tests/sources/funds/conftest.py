"""资金公开的测试材料：一个州、一个县、一个乡，和一笔对得上的资金。"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest

from tests.actors import actor, organisation
from tests.town import Town
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.funds.models import Allocation, Fund
from yangguang.sources.funds.reporting import ask_units
from yangguang.sources.funds.services import open_fund

VALUES: Mapping[str, Any] = {
    "name": "测试补助资金", "kind": "direct", "year": 2020, "document_number": "测财〔2020〕1号",
    "given_by": "测试省财政厅", "purpose": "测试用途", "amount": 1000_00,
    "received_on": date(2020, 6, 1),
}  # fmt: skip
ROLE = {
    "submit": "drafter", "pass": "reviewer", "return": "reviewer", "approve": "approver",
    "publish": "drafter", "revise": "drafter", "correct": "approver", "withdraw": "approver",
    "republish": "approver",
}  # fmt: skip
_keys = count(1)


def key() -> str:
    return f"fund-{next(_keys)}"


@dataclass
class Below:
    """州下面的县、乡。"""

    county: Organisation
    township: Organisation


def below(town: Town) -> Below:
    """州、县、乡都用全称：页面上写的是全称。"""
    town.organisation.name = "测试州人民政府"
    town.organisation.save(update_fields=["name"])
    county = organisation(
        "test-county", town.organisation, level="county", name="东县人民政府", short_name="东县"
    )
    township = organisation(
        "test-township", county, level="township", name="东县甲镇人民政府", short_name="甲镇"
    )
    return Below(county, township)


def rows(town: Town, under: Below) -> list[dict[str, Any]]:
    """州分给县 800 元，县分给乡 300 元、自己拨付 400 元。"""
    return [
        {
            "giver": town.organisation, "receiver": under.county, "project": "测试项目",
            "document_number": "测财发〔2020〕2号", "amount": 800_00,
            "allocated_on": date(2020, 6, 5), "received": 800_00, "received_on": date(2020, 6, 8),
            "paid": 400_00, "paid_on": date(2020, 7, 1), "used": 250_00,
            "used_on": date(2020, 8, 1),
        },
        {
            "giver": under.county, "receiver": under.township, "project": "",
            "document_number": "", "amount": 300_00, "allocated_on": date(2020, 6, 10),
            "received": 300_00, "received_on": date(2020, 6, 12), "paid": None, "paid_on": None,
            "used": None, "used_on": None,
        },
    ]  # fmt: skip


def opened(town: Town, under: Below | None = None, **values: Any) -> Fund:
    """登记好的一笔，还没有送审；供下载的表格做好了。"""
    given = rows(town, under or below(town))
    fund = open_fund(
        {**VALUES, **values}, given, organisation=town.organisation, actor=town.drafter,
        key=key(), columns=[town.column],
    )  # fmt: skip
    run_due()
    return fund


def asked(town: Town) -> Allocation:
    """分给小州的一笔：登记它的是州里的另一个局，请小州报数了。"""
    bureau = organisation(
        "asking-bureau",
        town.organisation,
        kind="administrative",
        name="测试局",
        short_name="测试局",
    )
    keeper = actor("drafter", bureau)
    given = [{"giver": bureau, "receiver": town.organisation, "amount": 800_00}]
    fund = open_fund(VALUES, given, organisation=bureau, actor=keeper, key=key())
    ask_units(fund, date.today(), actor=keeper, key=key())
    return fund.allocations.get()


def go(town: Town, fund: Fund, *events: str) -> Fund:
    """由该办的人一步步办。"""
    for event in events:
        perform(fund, event, actor=getattr(town, ROLE[event]), key=key(), message="理由")
    return fund


@pytest.fixture(autouse=True)
def _files(tmp_path: Any, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"
