"""机构资料与 xlsx 之间的往来。"""

import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from .tables import SHEETS, Tables, write

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 20_000
# 损坏的压缩包、缺件、坏的 XML（SyntaxError）、加密的部件（RuntimeError），读到哪一步坏的都算读不成。
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, ValueError, TypeError,
    AttributeError, OSError, EOFError, SyntaxError, RuntimeError,
)  # fmt: skip


class UnreadableWorkbook(Exception):  # noqa: N818
    """文件读不成表格。信息是一句中文。"""


def dump(tables: Tables) -> bytes:
    """导出成 xlsx：四张表，首行是列名。"""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in write(tables).items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    # 名称即使以等号开头也只是文字，代码即使全是数字也不失真。
                    cell.data_type = "s"
                    cell.number_format = "@"
                elif cell.value is not None:
                    cell.number_format = "yyyy-mm-dd"
        for column in sheet.iter_cols(max_row=1):
            sheet.column_dimensions[column[0].column_letter].width = 24
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def parse(stream: BinaryIO) -> dict[str, list[list[object]]]:
    """把 xlsx 读成各表的原样。读不成抛出 ``UnreadableWorkbook``。"""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableWorkbook("文件超过 10 MB，不像是机构资料。")
    try:
        return _lines(content)
    except _BROKEN as error:
        raise UnreadableWorkbook("文件不是 xlsx 表格，或者已经损坏、加密。") from error


def _lines(content: bytes) -> dict[str, list[list[object]]]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise UnreadableWorkbook("文件解开后过大，已拒绝读取。")
    book = load_workbook(BytesIO(content), read_only=True)
    known = {sheet.name: len(sheet.columns) for sheet in SHEETS}
    found: dict[str, list[list[object]]] = {}
    for sheet in book.worksheets:
        width = known.get(sheet.title, 1) + 5
        lines: list[list[object]] = [
            list(line)
            for line in sheet.iter_rows(max_col=width, max_row=MAX_ROWS + 1, values_only=True)
        ]
        if len(lines) > MAX_ROWS:
            raise UnreadableWorkbook(f"“{sheet.title}”超过 {MAX_ROWS} 行。")
        found[sheet.title] = lines
    return found
