"""一笔资金的一生：登记、送审、签发、发布、更新、更正、撤回；数对不上的走不下去。"""

from typing import Any

import pytest

from tests.sources.funds.conftest import VALUES, below, go, key, opened, rows
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.storing import location
from yangguang.foundation.jobs.worker import run_due
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.hub.columns.models import Column
from yangguang.sources.funds.models import Allocation, Fund
from yangguang.sources.funds.selectors import publication_of, tables_of
from yangguang.sources.funds.services import edit_fund, make_tables, open_fund

pytestmark = pytest.mark.django_db


def change(town: Town, fund: Fund, given: list[dict[str, Any]], **values: Any) -> None:
    columns: list[Column] = [town.column]
    edit_fund(fund, {**VALUES, **values}, given, actor=town.drafter, columns=columns)


def test_a_fund_goes_from_the_draft_to_the_public_and_is_brought_up_to_date(town: Town) -> None:
    under = below(town)
    fund = go(town, opened(town, under), "submit", "pass", "approve", "publish")
    version = publication_of(fund).current_version
    assert version is not None
    payload = version.payload
    assert payload["amount_fen"] == 1000_00
    assert [each["level"] for each in payload["levels"]] == ["州", "县市", "乡镇街道"]
    assert [each["left_fen"] for each in payload["levels"]] == [200_00, 100_00, 300_00]
    assert [file["name"] for file in payload["attachments"]] == [
        "测试补助资金.xlsx", "测试补助资金.csv",
    ]  # fmt: skip

    go(town, fund, "revise")
    more = rows(town, under)
    more[0]["used"] = 400_00
    change(town, fund, more)
    with pytest.raises(Refused, match="供下载的表格正在做"):
        go(town, fund, "correct")
    run_due()
    go(town, fund, "correct")
    version = publication_of(fund).current_version
    assert version is not None and version.number == 2
    assert version.payload["flows"][0]["used_fen"] == 400_00
    go(town, fund, "withdraw")
    assert fund.state == "withdrawn"


def test_figures_that_do_not_add_up_can_be_kept_but_not_sent_on(town: Town) -> None:
    under = below(town)
    given = rows(town, under)
    given[1]["amount"] = given[1]["received"] = 500_00
    fund = opened(town, under)
    change(town, fund, given)
    with pytest.raises(Refused) as refused:
        go(town, fund, "submit")
    county = under.county.name
    assert refused.value.reasons == [
        f"{county}收到 800 元，分配 500 元、拨付 400 元，多出 100 元。"
    ]


def test_what_is_missing_is_told_all_at_once(town: Town) -> None:
    fund = open_fund(
        {"name": "测试补助资金", "kind": "policy", "year": 2020, "amount": 100}, [],
        organisation=town.organisation, actor=town.drafter, key=key(),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        go(town, fund, "submit")
    assert len(refused.value.reasons) == 5
    assert "缺少上级文件的文号。" in refused.value.reasons


def test_money_that_runs_back_up_or_out_of_the_government_is_not_kept(town: Town) -> None:
    under = below(town)
    given = rows(town, under)
    given[1]["giver"], given[1]["receiver"] = under.township, under.county
    with pytest.raises(Refused, match="不能由下级分配给上级"):
        opened_with(town, given)
    assert not Fund.objects.exists() and not Allocation.objects.exists()


def opened_with(town: Town, given: list[dict[str, Any]], **values: Any) -> Fund:
    return open_fund(
        {**VALUES, **values}, given, organisation=town.organisation, actor=town.drafter,
        key=key(),
    )  # fmt: skip


def test_a_mark_of_secrecy_in_any_row_leaves_nothing(town: Town) -> None:
    given = rows(town, below(town))
    given[0]["project"] = "机密★测试项目"
    with pytest.raises(Classified):
        opened_with(town, given)
    assert not Fund.objects.exists()


def test_the_same_key_opens_one_fund_with_its_rows_once(town: Town) -> None:
    given = rows(town, below(town))
    made = [
        open_fund(VALUES, given, organisation=town.organisation, actor=town.drafter, key="once")
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk and Allocation.objects.count() == 2


def test_an_edit_records_what_changed_and_a_sent_fund_is_not_edited(town: Town) -> None:
    under = below(town)
    fund = opened(town, under)
    given = rows(town, under)
    change(town, fund, given)
    assert not AuditEvent.objects.filter(action="funds.edit").exists()
    given[0]["paid"] = 300_00
    change(town, fund, given, purpose="另一用途")
    event = AuditEvent.objects.get(action="funds.edit")
    assert set(event.fields) == {"purpose", "allocations"}
    go(town, fund, "submit")
    with pytest.raises(Refused, match="不能修改"):
        change(town, fund, given)


def test_nobody_reviews_or_signs_his_own(town: Town) -> None:
    fund = go(town, opened(town), "submit")
    Fund.objects.filter(pk=fund.pk).update(created_by_id=town.reviewer.user_id)
    with pytest.raises(Refused, match="须由他人办理"):
        go(town, fund, "pass")


def test_the_tables_are_made_once_and_hold_what_is_filled_in(town: Town) -> None:
    fund = opened(town, name="=测试资金")
    held = tables_of(fund)
    assert held is not None and make_tables(fund).pk == held.pk
    text = location(held.csv).read_bytes().decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 4 and "分配（元）" in lines[0]
    assert "800.00,2020-06-05,800.00,2020-06-08,400.00,2020-07-01,250.00" in lines[2]
    assert "'=测试资金" in lines[1]
