"""表格文件：内容一格不差，公式不会被执行，多少行都只占一小块内存。"""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.utils.html import format_html
from openpyxl import load_workbook

from yangguang.foundation.workbench import sheets

HEADER = ["标题", "次数"]


def book(rows: Any, title: str = "公文") -> Any:
    return load_workbook(BytesIO(b"".join(sheets.as_xlsx(title, HEADER, rows))))


def test_an_xlsx_holds_every_cell_as_it_was() -> None:
    sheet = book([["通知 <甲> & “乙”\x01", 3], ["", 2.5]]).worksheets[0]
    assert sheet.title == "公文" and sheet.freeze_panes == "A2" and sheet["A1"].font.b
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        HEADER, ["通知 <甲> & “乙”", 3], [None, 2.5],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1+2", "@sum", "＝1", " =1", "\t=1"])
def test_what_a_spreadsheet_would_compute_stays_text(text: str) -> None:
    cell = book([[text, 0]]).worksheets[0]["A2"]
    assert cell.data_type == "s" and cell.value == text and cell.style_id == 2
    line = b"".join(sheets.as_csv("", HEADER, [[text, 0]])).decode("utf-8-sig").splitlines()[1]
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-5", "-5.25", "2020-09-25", "〔2020〕1号", "a=b"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert not sheets.is_risky(text)
    assert b"".join(sheets.as_csv("", ["值"], [[text]])).decode("utf-8-sig") == f"值\r\n{text}\r\n"


def test_many_rows_go_on_in_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_A_SHEET", 400)
    sheetful = book([f"第{number}条", number] for number in range(1000))
    found = [row[1].value for sheet in sheetful for row in sheet.iter_rows(min_row=2)]
    assert found == list(range(1000))
    assert [sheet.title for sheet in sheetful] == ["公文", "公文 2", "公文 3"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_parts_are_sent_while_the_rows_are_still_coming(form: str) -> None:
    taken = 0

    def rows() -> Iterator[sheets.Row]:
        nonlocal taken
        for number in range(50_000):
            taken += 1
            yield [f"第{number}条", number]

    parts = sheets.FORMATS[form].write("公文", HEADER, rows())
    assert next(parts) and taken < 2_000
    assert max(len(part) for part in parts) < 200_000 and taken == 50_000


def test_a_cell_of_the_page_becomes_plain_text() -> None:
    cell = format_html('<a href="/x">第{}项 {}</a><span class="why">{}</span>', 3, "&公开", "要求")
    assert sheets.plain(cell) == "第3项 &公开；要求"
    assert sheets.plain(7) == 7 and sheets.plain(True) == "True"
    assert sheets.plain(date(2020, 9, 25)) == "2020-09-25"
    assert sheets.plain("<没有标记的>") == "<没有标记的>"
