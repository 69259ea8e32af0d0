"""导出成 xlsx：一张表怎样填，怎样交给浏览器存下来。"""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yangguang.foundation.files.rules import XLSX

Columns = Sequence[tuple[str, int]]
"""各列的名称和宽（字符数）。"""


def fill(sheet: Worksheet, columns: Columns, lines: Iterable[Sequence[Any]]) -> None:
    """填一张表：首行是列名，冻结、可筛选；文字（列名也在内）一律只是文字，日期写成年-月-日。"""
    sheet.append([_printable(name) for name, _ in columns])
    for line in lines:
        sheet.append([_printable(value) for value in line])
    for cell in sheet[1]:
        cell.font, cell.data_type = Font(bold=True), "s"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                # 以等号开头的也只是文字
                cell.data_type = "s"
            elif isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    for position, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width


def saved(book: Workbook) -> bytes:
    """工作簿的内容。"""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def one_sheet(title: str, columns: Columns, lines: Iterable[Sequence[Any]]) -> bytes:
    """只有一张表的工作簿。"""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    fill(sheet, columns, lines)
    return saved(book)


def download(content: bytes, name: str) -> HttpResponse:
    """存成 ``name``.xlsx 的应答。"""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = str(content_disposition_header(True, f"{name}.xlsx"))
    return response


def _printable(value: Any) -> Any:
    """xlsx 容不下的控制字符去掉：一个单位填了，不能让整份表导不出来。"""
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
