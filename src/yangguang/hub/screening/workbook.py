"""词典与 xlsx 之间的往来。"""

import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from .entries import DICTIONARIES, Entry
from .tables import MOST_ENTRIES, read, write

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
# 损坏的压缩包、缺件、坏的 XML（SyntaxError）、加密的部件（RuntimeError），读到哪一步坏的都算读不成。
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, TypeError, AttributeError,
    OSError, EOFError, SyntaxError, RuntimeError,
)  # fmt: skip


class UnreadableWorkbook(Exception):  # noqa: N818  读不成是答复，不是程序出错
    """文件读不成表格。信息是一句中文。"""


def dump(dictionary: str, entries: Iterable[Entry]) -> bytes:
    """导出成 xlsx：一张表，首行是栏名。"""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(DICTIONARIES[dictionary].label)
    lines = write(dictionary, entries)
    for number in range(1, len(lines[0]) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 22
    sheet.freeze_panes = "A2"
    sheet.append(_headings(sheet, lines[0]))
    for line in lines[1:]:
        sheet.append([_literal(sheet, value) for value in line])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def load(dictionary: str, stream: BinaryIO) -> list[Entry]:
    """导入 xlsx 的第一张表。

    读不成的抛出 ``UnreadableWorkbook``；有毛病的抛出 ``FaultyTable``，说明在第几行哪一格。
    """
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableWorkbook(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请拆成几次导入。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableWorkbook("文件解开后过大，已拒绝读取。")
        book = load_workbook(BytesIO(content), read_only=True)
        rows = book.worksheets[0].iter_rows(
            max_col=len(DICTIONARIES[dictionary].fields) + 5,
            max_row=MOST_ENTRIES + 2,
            values_only=True,
        )
        lines = list(rows)
    except _BROKEN as error:
        raise UnreadableWorkbook("文件不是 xlsx 表格，或者已经损坏、加密。") from error
    except ValueError as error:
        raise UnreadableWorkbook(
            "表格的内容读不出，请用 Excel 或 WPS 重新保存后再导入。"
        ) from error
    return read(dictionary, lines)


def _headings(sheet: object, names: Iterable[object]) -> list[object]:
    cells = [_literal(sheet, name) for name in names]
    for cell in cells:
        cell.font = Font(bold=True)  # type: ignore[attr-defined]
    return cells


def _literal(sheet: object, value: object) -> object:
    """文字即使以等号开头也只是文字。"""
    cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif value is not None:
        cell.number_format = "yyyy-mm-dd"
    return cell
