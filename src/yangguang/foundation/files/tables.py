"""上传的表格（xlsx、csv）读成一行行的格子。"""

import csv
import zipfile
import zlib
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MOST_COLUMNS = 60
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, TypeError, AttributeError,
    OSError, EOFError, SyntaxError, RuntimeError, ValueError,
)  # fmt: skip


class UnreadableTable(Exception):  # noqa: N818  读不成是答复，不是程序出错
    """文件读不成表格。信息是一句中文。"""


def lines_of_file(content: bytes, name: str, most_rows: int) -> list[tuple[Any, ...]]:
    """第一张表的各行，xlsx 只读前 ``most_rows`` 行。读不成抛出 ``UnreadableTable``。"""
    if len(content) > MAX_BYTES:
        raise UnreadableTable(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请分几次导入。")
    suffix = name.rpartition(".")[2].lower()
    if suffix == "csv":
        return _csv(content)
    if suffix == "xlsx":
        return _xlsx(content, most_rows)
    raise UnreadableTable("清单须是 xlsx 或 csv 文件；xls、et 请先另存为 xlsx。")


def _xlsx(content: bytes, most_rows: int) -> list[tuple[Any, ...]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableTable("文件解开后过大，已拒绝读取。")
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        return list(
            book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, max_row=most_rows, values_only=True)
        )
    except _BROKEN as error:
        raise UnreadableTable("文件不是 xlsx 表格，或者已经损坏、加密。") from error


def _csv(content: bytes) -> list[tuple[Any, ...]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [tuple(row[:MOST_COLUMNS]) for row in csv.reader(StringIO(text))]
        except csv.Error as error:
            raise UnreadableTable("csv 文件的格式不对，请重新另存后再导入。") from error
    raise UnreadableTable("csv 文件的文字认不出，请用 UTF-8 或 GB18030 另存后再导入。")
