"""资金公开的界面：填得不对的说出是第几笔、哪一项，填的都还在；列表、记录、下载。"""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html
from openpyxl import load_workbook

from tests.sources.funds.conftest import below, go, opened
from tests.town import Town
from tests.workbench import sign_in
from yangguang.sources.funds.fields import MOST
from yangguang.sources.funds.models import Fund
from yangguang.sources.funds.sheet import CELLS

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


def sheet(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_downloaded_table_put_right_and_sent_back_replaces_the_rows(town: Town) -> None:
    fund = opened(town)
    desk = sign_in(town.drafter)
    record = f"/workbench/funds/{fund.pk}/"
    book = load_workbook(BytesIO(desk.get(f"{record}table/xlsx/").content))
    page = book.worksheets[0]
    titles = [cell.value for cell in page[1]]
    page.cell(4, titles.index("支出（元）") + 1).value = None
    page.cell(4, titles.index("拨付（元）") + 1).value = 120.5
    page.cell(4, titles.index("拨付日期") + 1).value = date(2020, 7, 2)
    stream = BytesIO()
    book.save(stream)
    answer = desk.fill(f"{record}edit/", sheet=sheet("改好的.xlsx", stream.getvalue()))
    assert answer.status_code == 200
    held = fund.allocations.values_list("position", "amount", "received", "paid", "paid_on")
    assert list(held) == [
        (1, 800_00, 800_00, 400_00, date(2020, 7, 1)),
        (2, 300_00, 300_00, 120_50, date(2020, 7, 2)),
    ]


def test_what_is_wrong_in_a_table_is_told_and_its_rows_stand_on_the_form(town: Town) -> None:
    below(town)
    desk = sign_in(town.drafter)
    text = (
        "2020 年资金分配表\n接收单位,分配单位,分配(元),分配日期\n"
        f'东县人民政府,{town.organisation.name},"1,000 元",2020年6月5日\n,,,\n'
        f"没有这个局,{town.organisation.name},八百,\n"
    )
    given = {"name": "测试补助资金", "kind": "direct", "amount": "1000", "flows": cells(giver="错")}
    answer = desk.fill(NEW, **given, sheet=sheet("分配.csv", text.encode("gb18030")))
    assert answer.status_code == 422 and not Fund.objects.exists()
    told = text_of(answer)
    assert "第 2 笔：接收单位“没有这个局”不在本级政府的名录里" in told and "第 1 笔：" not in told
    page = html.fromstring(answer.content)
    held = [box.get("value") for box in page.xpath("//input[@name='flows']")]
    first = cells(giver=town.organisation.name, receiver="东县人民政府", amount="1,000 元",
                  allocated_on="2020-06-05")  # fmt: skip
    assert held[: len(CELLS)] == first

    for name, content, reason in (
        ("分配.csv", "甲,乙\n1,2\n", "没有找到栏名，至少要有分配单位、接收单位、分配（元）三栏"),
        ("分配.csv", "分配单位,接收单位\n甲,乙\n", "表格第 1 行的栏名里没有分配（元）"),
        ("分配.csv", "分配单位,接收单位,分配（元）\n,,\n", "一笔分配也没有"),
        ("分配.csv", "分配单位,接收单位,分配（元）\n" + ",,\n" * 2000, "2,000 行以上"),
        ("分配.xlsx", b"PK\x03\x04", "损坏"),
        ("分配.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "请先另存为 xlsx"),
    ):
        file = sheet(name, content if isinstance(content, bytes) else content.encode())
        answer = desk.fill(NEW, **(given | {"flows": cells()}), sheet=file)
        assert answer.status_code == 422 and reason in text_of(answer), reason
        assert not Fund.objects.exists()


def test_a_table_with_a_secret_mark_leaves_nothing_behind(town: Town) -> None:
    below(town)
    text = f"分配单位,接收单位,分配（元）,项目\n{town.organisation.name},东县人民政府,1,机密★5年\n"
    answer = sign_in(town.drafter).fill(
        NEW, name="测试", kind="policy", amount="1", sheet=sheet("分配.csv", text.encode())
    )
    assert answer.status_code == 422 and "密级标志" in text_of(answer)
    assert "机密★5年" not in answer.content.decode() and not Fund.objects.exists()


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
