"""用表格填的各笔分配：供下载的那张表改好再传，或者单位自己的表，认栏名。纯函数。"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LABELS = {
    "giver": "分配单位", "receiver": "接收单位", "project": "项目", "document_number": "分配文件文号",
    "amount": "分配（元）", "allocated_on": "分配日期", "received": "收到（元）", "received_on": "收到日期",
    "paid": "拨付（元）", "paid_on": "拨付日期", "used": "支出（元）", "used_on": "支出日期",
}  # fmt: skip
"""一笔分配的各项怎样称呼；也是表格的栏名。"""
CELLS = tuple(LABELS)
"""一笔分配的各项，按填写的次序。"""
MOST_LINES = 2_000
"""表格最多读这么多行，空行也算。"""
NEEDED = ("giver", "receiver", "amount")
"""表格里不能少的栏。"""
HEADER_WITHIN = 12
"""栏名在前这么多行里找：上面可以有大标题。"""
NUMBER = "序号"
_DAY = re.compile(r"(\d{4})[./年-](\d{1,2})[./月-](\d{1,2})日?")


class NotFlows(Exception):  # noqa: N818  认不出是答复，不是程序出错
    """表格里认不出各笔分配。信息是一句中文。"""


def cells_of(lines: Sequence[Sequence[Any]]) -> list[str]:
    """各笔分配的各格（一笔 ``CELLS`` 那么多格），照填在页面上的写法；空行、序号为零的（收到的那一笔）不算。

    找不到栏名、缺栏、一笔也没有的抛出 ``NotFlows``。
    """
    if len(lines) >= MOST_LINES:
        raise NotFlows(f"表格有 {MOST_LINES:,} 行以上，请去掉空行，按项目分开登记。")
    at, places, number = _header(lines)
    found: list[str] = []
    for line in lines[at + 1 :]:
        row = [_text(line[places[n]], n) if places.get(n, len(line)) < len(line) else "" for n in CELLS]  # fmt: skip
        is_own = number is not None and number < len(line) and _text(line[number], NUMBER) == "0"
        if any(row) and not is_own:
            found += row
    if not found:
        raise NotFlows("表格里一笔分配也没有。")
    return found


def _header(lines: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int], int | None]:
    """栏名在第几行，各项在第几栏，序号在第几栏。"""
    names = {_plain(label): name for name, label in LABELS.items()}
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        titles = [_plain(cell) for cell in line]
        places = {names[title]: n for n, title in enumerate(titles) if title in names}
        if {"giver", "receiver"} <= set(places):
            if missing := [LABELS[name] for name in NEEDED if name not in places]:
                raise NotFlows(f"表格第 {at + 1} 行的栏名里没有{'、'.join(missing)}。")
            return at, places, titles.index(NUMBER) if NUMBER in titles else None
    raise NotFlows(
        f"表格前 {HEADER_WITHIN} 行里没有找到栏名，至少要有{'、'.join(LABELS[n] for n in NEEDED)}三栏。"
    )


def _plain(cell: Any) -> str:
    """栏名只比文字：空白、括号里的单位不管。"""
    return re.sub(r"\s|[（(]元[)）]", "", str(cell or ""))


def _text(cell: Any, name: str) -> str:
    """一格的文字：日期写成年-月-日，数写成不带科学记数的。"""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        exact = Decimal(str(cell))
        return f"{exact.normalize():f}" if exact.is_finite() else str(cell)
    text = str(cell).strip()
    if name.endswith("_on") and (day := _DAY.fullmatch(text)):
        return f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}"
    return text
