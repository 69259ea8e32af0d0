"""xlsx 的导出和导入：来回一趟不变；每个错格都指得出来；有一格错就一行也不写。"""

import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.organisations import selectors, workbook
from yangguang.foundation.organisations.models import Organisation, OrganisationName, Succession
from yangguang.foundation.organisations.services import Written, import_tables
from yangguang.foundation.organisations.tables import SHEETS, FaultyTables, Tables

from .conftest import XISHAN


def exported() -> Workbook:
    return load_workbook(BytesIO(workbook.dump(selectors.tables())))


def taken_in(book: Workbook) -> Written:
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return import_tables(workbook.parse(stream))


def put(book: Workbook, sheet: str, key: str, heading: str, value: Any) -> int:
    """把首列为 ``key`` 的那一行的某一列改成 ``value``，返回行号。"""
    page = book[sheet]
    column = [cell.value for cell in page[1]].index(heading) + 1
    row = next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == key)
    page.cell(row, column).value = value
    return row


def faults(book: Workbook) -> list[tuple[str, int, str]]:
    before, events = selectors.tables().plain(), AuditEvent.objects.count()
    with pytest.raises(FaultyTables) as refused:
        taken_in(book)
    assert selectors.tables().plain() == before
    assert AuditEvent.objects.count() == events
    assert all(fault.reason.endswith("。") for fault in refused.value.faults)
    return [(fault.sheet, fault.row, fault.column) for fault in refused.value.faults]


def test_an_export_has_every_column_and_a_round_trip_changes_nothing(linxia: None) -> None:
    book, before, events = exported(), selectors.tables().plain(), AuditEvent.objects.count()
    for sheet in SHEETS:
        assert [cell.value for cell in book[sheet.name][1]] == [c.heading for c in sheet.columns]
    assert taken_in(book) == Written(0, 0, 0)
    assert selectors.tables().plain() == before
    assert AuditEvent.objects.count() == events


def test_an_export_rebuilds_an_empty_database(linxia: None) -> None:
    book, before = exported(), selectors.tables().plain()
    Succession.objects.all().delete()
    Organisation.objects.update(disclosure_authority=None)
    Organisation.objects.all().delete()
    assert not OrganisationName.objects.exists()
    assert taken_in(book).organisations == len(before["organisations"])
    assert selectors.tables().plain() == before


def test_a_changed_cell_changes_its_row_and_is_audited(xishan: None) -> None:
    book = exported()
    put(book, "机构", "xishan-tax", "信用代码", "91110000600037341L")
    put(book, "机构", "xishan-tax", "信用代码是演示代码", "否")
    put(book, "机构", "beiyuan-education", "上级", "dongchuan")
    put(book, "机构", "beiyuan-education", "设立日期", datetime(2020, 1, 1))
    assert taken_in(book).changed == 2
    tax, moved = selectors.by_code("xishan-tax"), selectors.by_code("beiyuan-education")
    assert (tax.uscc, tax.uscc_is_demonstration) == ("91110000600037341L", False)
    assert Organisation.objects.get_parent(moved).code == "dongchuan"
    assert moved.valid_from == date(2020, 1, 1)
    assert AuditEvent.objects.latest("pk").public == {"created": 0, "changed": 2}


def test_two_organisations_may_exchange_their_codes(xishan: None) -> None:
    book = exported()
    codes = {code: selectors.by_code(code).uscc for code in ("xishan-tax", "xishan-office")}
    put(book, "机构", "xishan-tax", "信用代码", codes["xishan-office"])
    put(book, "机构", "xishan-office", "信用代码", codes["xishan-tax"])
    taken_in(book)
    assert selectors.by_code("xishan-tax").uscc == codes["xishan-office"]


def test_names_of_an_organisation_in_the_sheet_are_replaced_and_others_are_kept(
    xishan: None,
) -> None:
    book = exported()
    before = OrganisationName.objects.filter(organisation__code="dongchuan").count()
    page = book["名称"]
    for row in range(page.max_row, 1, -1):
        kept = page.cell(row, 1).value == "beiyuan" and page.cell(row, 2).value != "县政府"
        if not kept:
            page.delete_rows(row)
    taken_in(book)
    names = OrganisationName.objects.filter(organisation__code="beiyuan")
    assert "县政府" not in {name.name for name in names}
    assert OrganisationName.objects.filter(organisation__code="dongchuan").count() == before


@pytest.mark.parametrize(
    ("sheet", "key", "heading", "value"),
    [
        ("机构", "xishan-tax", "代码", "Xishan Tax"),
        ("机构", "xishan-tax", "代码", None),
        ("机构", "xishan-tax", "全称", "   "),
        ("机构", "xishan-tax", "全称", "局" * 101),
        ("机构", "xishan-tax", "全称", "=1+1"),
        ("机构", "xishan-tax", "层级", "村"),
        ("机构", "xishan-tax", "性质", "企业"),
        ("机构", "xishan-tax", "信用代码", "11000000DEM000000"),
        ("机构", "xishan-tax", "信用代码", "91110000600037341M"),
        ("机构", "xishan-tax", "信用代码", 911100006000373410),
        ("机构", "xishan-tax", "信用代码是演示代码", "对"),
        ("机构", "xishan-tax", "信用代码是演示代码", "否"),
        ("机构", "xishan-tax", "行政区划代码", "62290"),
        ("机构", "xishan-tax", "设立日期", "2020年2月30日"),
        ("机构", "xishan-tax", "设立日期", "2020-02-30"),
        ("机构", "xishan-grain", "撤销日期", "昨天"),
        ("机构", "xishan-tax", "上级", "nowhere"),
        ("机构", "xishan-tax", "主管部门", "nowhere"),
        ("机构", "xishan-tax", "可靠程度", "大概"),
        ("机构", "xishan-tax", "简称", "税务"),
        ("名称", "xishan-tax", "种类", "绰号"),
        ("名称", "xishan-tax", "启用日期", "2020-13-01"),
        ("沿革", "xishan-grain", "承接机构", "xishan-grain"),
        ("沿革", "xishan-grain", "承接机构", "nowhere"),
        ("沿革", "xishan-grain", "承接日期", None),
        ("集合词", "xishan", "开放", "也许"),
        ("集合词", "xishan", "层级", "州、村"),
        ("集合词", "xishan", "范围", "nowhere"),
        ("集合词", "xishan", "指明的成员", "xishan-tax、nowhere"),
    ],
)
def test_a_bad_cell_is_named_by_sheet_row_and_column_and_nothing_is_written(
    xishan: None, sheet: str, key: str, heading: str, value: Any
) -> None:
    book = exported()
    row = put(book, sheet, key, heading, value)
    assert faults(book) == [(sheet, row, heading)]


def test_all_bad_cells_are_reported_at_once(xishan: None) -> None:
    book = exported()
    rows = [
        put(book, "机构", "xishan-tax", "层级", "村"),
        put(book, "机构", "xishan-office", "性质", "企业"),
        put(book, "沿革", "xishan-grain", "承接日期", "不详"),
    ]
    assert faults(book) == [
        ("机构", rows[1], "性质"), ("机构", rows[0], "层级"), ("沿革", rows[2], "承接日期")
    ]  # fmt: skip


def test_dates_out_of_order_and_circles_and_shared_codes_are_found(xishan: None) -> None:
    book = exported()
    late = put(book, "机构", "xishan-grain", "设立日期", "2019-02-01")
    shared = selectors.by_code("xishan-office").uscc
    same = put(book, "机构", "xishan-tax", "信用代码", shared)
    loop = [put(book, "机构", "dongchuan", "上级", "dongchuan-office")]
    loop.append(put(book, "机构", "dongchuan-office", "上级", "dongchuan"))
    assert faults(book) == sorted(
        [
            ("机构", late, "撤销日期"),
            ("机构", same, "信用代码"),
            *(("机构", r, "上级") for r in loop),
        ],
        key=lambda found: found[1],
    )


def test_overlapping_names_and_repeated_rows_are_found(xishan: None) -> None:
    book = exported()
    page = book["名称"]
    page.append(["xishan-tax", "国家税务总局新西山税务局", "全称", "2024-01-01", None, None])
    overlapping = page.max_row
    found = faults(book)
    assert ("名称", overlapping, "启用日期") in found
    book = exported()
    first = [cell.value for cell in book["机构"][2]]
    book["机构"].append(first)
    assert faults(book) == [("机构", book["机构"].max_row, "代码")]


def test_missing_unknown_and_doubled_columns_and_sheets_are_found(xishan: None) -> None:
    book = exported()
    book["机构"]["C1"] = "名字"
    assert faults(book) == [("机构", 1, "名字"), ("机构", 1, "全称")]
    book = exported()
    book["机构"]["C1"] = "简称"
    assert ("机构", 1, "简称") in faults(book)
    book = exported()
    book.create_sheet("人员")
    assert faults(book) == [("人员", 1, "表名")]


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken", b"\x00" * 100])
def test_what_is_no_workbook_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(workbook.UnreadableWorkbook, match="不是 xlsx 表格，或者已经损坏、加密。"):
        workbook.parse(BytesIO(content))


def repacked(changes: dict[str, bytes | None]) -> BytesIO:
    """一个正常的 xlsx，其中某些部件换了内容（``None`` 表示去掉）。"""
    stream, whole = BytesIO(), workbook.dump(Tables())
    with zipfile.ZipFile(BytesIO(whole)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = changes.get(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    "changes",
    [
        {"xl/workbook.xml": None},
        {"[Content_Types].xml": None},
        {"xl/workbook.xml": b"<workbook"},
        {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r='x'>"},
        {"xl/worksheets/sheet1.xml": b""},
        {"xl/styles.xml": b"<styles"},
    ],
)
def test_a_damaged_workbook_is_refused_in_words(changes: dict[str, bytes | None]) -> None:
    assert set(changes) <= set(zipfile.ZipFile(repacked({})).namelist())
    with pytest.raises(workbook.UnreadableWorkbook, match="不是 xlsx 表格，或者已经损坏、加密。"):
        workbook.parse(repacked(changes))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (workbook.MAX_UNPACKED + 1))
    stream.seek(0)
    with pytest.raises(workbook.UnreadableWorkbook, match="解开后过大"):
        workbook.parse(stream)


def test_an_enormous_file_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(workbook.UnreadableWorkbook, match="超过 10 MB"):
        workbook.parse(BytesIO(b"\x00" * (workbook.MAX_BYTES + 1)))


def test_the_commands_load_export_and_import(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "机构.xlsx"
    call_command("load_organisations", str(XISHAN))
    call_command("organisations_xlsx", "export", str(file))
    call_command("organisations_xlsx", "import", str(file))
    assert capsys.readouterr().out.splitlines() == [
        "新增 11 个机构，原有 0 个。",
        f"已导出 11 个机构到 {file}。",
        "新增 0 行，改动 0 行。",
    ]
    book = load_workbook(file)
    row = put(book, "机构", "xishan-tax", "层级", "村")
    book.save(file)
    with pytest.raises(
        CommandError, match=f"“机构”第 {row} 行“层级”：“村”不在可选范围内"
    ) as refused:
        call_command("organisations_xlsx", "import", str(file))
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="读写不了文件"):
        call_command("organisations_xlsx", "import", str(tmp_path / "没有.xlsx"))
    with pytest.raises(CommandError, match="缺少文件"):
        call_command("load_organisations", str(tmp_path))
