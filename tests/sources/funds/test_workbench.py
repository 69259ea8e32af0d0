"""资金公开的界面：填得不对的说出是第几笔、哪一项，填的都还在；列表、记录、下载。"""

from typing import Any

import pytest
from lxml import html

from tests.sources.funds.conftest import below, go, opened
from tests.town import Town
from tests.workbench import sign_in
from yangguang.sources.funds.fields import MOST
from yangguang.sources.funds.models import Fund
from yangguang.sources.funds.services import CELLS

pytestmark = pytest.mark.django_db
NEW = "/workbench/funds/new/"


def cells(**given: str) -> list[str]:
    return [given.get(name, "") for name in CELLS]


def text_of(answer: Any) -> str:
    return " ".join(html.fromstring(answer.content).text_content().split())


def test_a_drafter_fills_in_a_fund_with_its_rows(town: Town) -> None:
    under = below(town)
    desk = sign_in(town.drafter)
    flows = [
        *cells(giver=town.organisation.name, receiver=under.county.name, amount="0.08万元",
               allocated_on="2020-06-05"),
        *cells(),
        *cells(giver=under.county.name, receiver="甲镇", amount="300"),
    ]  # fmt: skip
    answer = desk.fill(
        NEW, name="测试补助资金", kind="direct", year="2020", amount="1,000", flows=flows
    )
    assert answer.status_code == 200
    fund = Fund.objects.get()
    assert fund.amount == 1000_00
    held = list(fund.allocations.values_list("position", "amount", "receiver__code"))
    assert held == [(1, 800_00, "test-county"), (2, 300_00, "test-township")]
    assert "还没有收到资金，却分配、拨付了 300 元" in text_of(answer)

    edit = f"/workbench/funds/{fund.pk}/edit/"
    shown = desk.form(edit)["flows"]
    assert shown[: len(CELLS)] == cells(
        giver=town.organisation.name, receiver=under.county.name, amount="800",
        allocated_on="2020-06-05",
    )  # fmt: skip
    flows = [*shown[: len(CELLS)], *cells()]
    desk.fill(edit, flows=flows)
    assert fund.allocations.count() == 1
    versions = desk.get(f"/workbench/funds/{fund.pk}/versions/")
    assert "各笔分配" in text_of(versions)


def test_what_is_wrong_is_told_row_by_row_and_all_that_was_typed_stays(town: Town) -> None:
    under = below(town)
    desk = sign_in(town.drafter)
    wrong = cells(giver="没有这个局", receiver=under.county.name, amount="八百", project="甲项目",
                  paid_on="昨天")  # fmt: skip
    answer = desk.fill(NEW, name="测试补助资金", kind="direct", amount="一千", flows=wrong)
    assert answer.status_code == 422 and not Fund.objects.exists()
    told = text_of(answer)
    assert "第 1 笔：分配单位“没有这个局”不在本级政府的名录里，请照提示填全称。" in told
    assert "第 1 笔：分配的数“八百”不是钱数" in told
    assert "第 1 笔：拨付日期“昨天”请写成年月日" in told
    assert "“一千”不是钱数" in told
    page = html.fromstring(answer.content)
    held = [box.get("value") for box in page.xpath("//input[@name='flows']")]
    assert held[: len(CELLS)] == wrong
    labels = page.xpath("//fieldset[@class='row']//label/@for")
    assert set(labels) == set(page.xpath("//input[@name='flows']/@id"))


def test_a_fund_shared_out_to_every_township_fits_one_form_and_no_more(town: Town) -> None:
    under = below(town)
    desk = sign_in(town.drafter)
    row = cells(giver=town.organisation.name, receiver=under.county.name, amount="1")
    given = {"name": "测试补助资金", "kind": "direct", "amount": "1000"}
    answer = desk.fill(NEW, **given, flows=row * (MOST + 1))
    assert answer.status_code == 422 and f"最多分成 {MOST} 笔" in text_of(answer)
    desk.fill(NEW, **given, flows=row * MOST)
    fund = Fund.objects.get()
    assert fund.allocations.count() == MOST
    assert desk.fill(f"/workbench/funds/{fund.pk}/edit/", purpose="用途").status_code == 200
    fund.refresh_from_db()
    assert fund.purpose == "用途"


def test_money_in_a_ring_is_refused_and_stays_on_the_form(town: Town) -> None:
    under = below(town)
    flows = cells(giver=under.county.name, receiver=town.organisation.name, amount="1")
    answer = sign_in(town.drafter).fill(NEW, name="测试", kind="policy", amount="1", flows=flows)
    assert answer.status_code == 422
    assert "不能由下级分配给上级" in text_of(answer)
    assert under.county.name in answer.content.decode()


def test_the_list_narrows_by_kind_and_state_and_a_record_gives_its_tables(town: Town) -> None:
    fund = go(town, opened(town), "submit")
    desk = sign_in(town.reviewer)
    assert "测试补助资金" in text_of(desk.get("/workbench/funds/?kind=direct&state=in_review"))
    assert "测试补助资金" not in text_of(desk.get("/workbench/funds/?kind=policy"))
    assert "1,000" in text_of(desk.get("/workbench/funds/"))
    record = f"/workbench/funds/{fund.pk}/"
    assert "各级的数、日期都对得上" in text_of(desk.get(record))
    for form in ("xlsx", "csv"):
        answer = desk.get(f"{record}table/{form}/")
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert desk.get(f"{record}table/exe/").status_code == 404
    assert "测试补助资金" in text_of(desk.get("/workbench/"))
    assert "各笔分配" in text_of(desk.get(f"{record}print/"))
