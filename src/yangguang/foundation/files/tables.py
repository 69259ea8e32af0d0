"""上传的表格（xlsx、csv）读成一行行的格子，认内容不认文件名。只在内存里看。"""

import csv
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from .extracted import Unreadable
from .packages import OLE, inspect_package
from .plain_text import decode
from .rules import XLSX

MAX_BYTES = 20 * 1024 * 1024
MOST_COLUMNS = 60
MOST_TEXT = 20_000_000
"""各格合计最多几字：xlsx 里一段长文字可以由每一格引用，文件很小，读出来没有边。"""
MAC = timedelta(days=1462)
"""以 1904 年起算的工作簿，序号要加这么多天。"""
SPLIT = "请分成几份再导入。"
RESAVED = "请用 Excel 或 WPS 重新保存后再导入。"
# 损坏的压缩包、缺件、坏的 XML（SyntaxError）、加密的部件（RuntimeError），读到哪一步坏的都算读不成。
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, TypeError, AttributeError,
    OSError, EOFError, SyntaxError, RuntimeError, ValueError,
)  # fmt: skip


class UnreadableTable(Exception):  # noqa: N818  读不成是答复，不是程序出错
    """文件读不成表格。信息是一句中文。"""


@dataclass(frozen=True)
class Sheet:
    """一张表的各行；``since`` 是没有设成日期格式的日期序号要加的天数。"""

    lines: Sequence[Sequence[Any]]
    since: timedelta = timedelta()


def sheet_of(content: bytes, most_rows: int) -> Sheet:
    """文件的第一张表的前 ``most_rows`` 行。读不成抛出 ``UnreadableTable``。"""
    if len(content) > MAX_BYTES:
        raise UnreadableTable(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，{SPLIT}")
    if content.startswith(b"PK"):
        return _xlsx(content, most_rows)
    if content.startswith(OLE):
        raise UnreadableTable(
            "这是旧版的 xls、et，或者设了打开密码。请先另存为 xlsx 或 csv 再导入。"
        )
    try:
        return Sheet(lines_of_csv(decode(content), most_rows))
    except Unreadable as unreadable:
        raise UnreadableTable("认不出这是什么文件。请导入 xlsx 或 csv。") from unreadable


def lines_of_csv(text: str, most_rows: int) -> list[list[str]]:
    """csv 的前 ``most_rows`` 行。逗号、制表符、分号隔开的都认；格式不对抛出 ``UnreadableTable``。"""
    delimiter = max(",\t;", key=text[:4096].count)
    try:
        rows = csv.reader(StringIO(text), delimiter=delimiter)
        return [row[:MOST_COLUMNS] for row in islice(rows, most_rows)]
    except csv.Error as error:
        raise UnreadableTable(f"csv 的格式不对，{RESAVED}") from error


def _xlsx(content: bytes, most_rows: int) -> Sheet:
    inspection = inspect_package(BytesIO(content))
    if inspection.refusals or inspection.media_type != XLSX:
        raise UnreadableTable(
            "".join(inspection.refusals) or "这不是 xlsx 表格。请导入 xlsx 或 csv。"
        )
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # 有的软件把范围写成整张表：照实有的读
        sheet.reset_dimensions()
        lines = list(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=most_rows, values_only=True))
    except _BROKEN as error:
        raise UnreadableTable(f"表格已经损坏，{RESAVED}") from error
    if sum(len(cell) for line in lines for cell in line if isinstance(cell, str)) > MOST_TEXT:
        raise UnreadableTable(f"表格里的文字太多，{SPLIT}")
    return Sheet(lines, MAC if book.epoch == CALENDAR_MAC_1904 else timedelta())
