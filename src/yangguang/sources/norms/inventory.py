"""原有的清单：认栏名，读各行，与库里的对账。纯函数，不碰数据库、时钟和配置。"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.sources.documents.dates import only_date
from yangguang.sources.documents.numbers import tidy_number

from .rules import KINDS, Life, bare, date_faults, validity_on

MOST_ROWS = 5_000
FIELDS = {
    "title": ("标题", ("文件名称", "名称", "文件标题", "规范性文件名称", "规章名称")),
    "register_number": ("统一登记号", ("登记号", "登记编号", "统一编号")),
    "document_number": ("发文字号", ("文号", "令号", "文件编号", "发文号", "文件字号")),
    "issuers": ("制定机关", ("发文机关", "发布机关", "制定单位", "发文单位")),
    "promulgated_on": ("公布日期", ("印发日期", "发文日期", "发布日期", "成文日期", "公布时间")),
    "effective_on": ("施行日期", ("实施日期", "生效日期", "施行时间", "实施时间")),
    "ceases_on": ("失效日期", ("失效时间",)),
    "ceases_after": ("有效期至", ("有效期止", "有效期截止", "有效期")),
    "kind": ("类别", ("文件类别", "文件种类")),
    "validity": ("有效性", ("效力状态", "时效性", "效力", "状态")),
    "ended_on": ("终止日期", ("废止日期", "宣布失效日期")),
    "ended_basis": ("终止的依据", ("废止依据", "备注")),
}
"""各项的栏名，和别的常见写法。"""
DATES = ("promulgated_on", "effective_on", "ceases_on", "ceases_after", "ended_on")
NOTHING = frozenset({"", "无", "—", "-", "/", "长期", "长期有效", "未定"})
"""日期这一格里表示没有的写法。"""
WORDS = {
    "有效": "effective", "现行有效": "effective", "继续有效": "effective", "已修改": "amended",
    "修改": "amended", "修订": "amended", "失效": "expired", "已失效": "expired", "废止": "repealed",
    "已废止": "repealed", "尚未生效": "pending",
}  # fmt: skip
COMPARED = ("title", "register_number", "document_number", "promulgated_on", "effective_on",
            "ceases_on", "ended_on")  # fmt: skip
"""与库里的逐项比哪些。"""
VERDICTS = {"new": "新的", "same": "一致", "differs": "有出入", "faulty": "不能收"}


class Unrecognised(ValueError):
    """认不出栏名。信息是一句中文。"""


@dataclass(frozen=True)
class Row:
    """清单的一行：第几行，读出的各项，读不成的缘由，要留意的。"""

    number: int
    values: Mapping[str, Any]
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """库里的一份：编号，和清单比的各项。"""

    pk: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Reconciled:
    """一行对账的结果：``known`` 是对上的库里的一份，``differences`` 是哪几项不一样。"""

    row: Row
    verdict: str
    known: int | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reconciliation:
    """对账单：各行，库里有而清单上没有的。"""

    rows: Sequence[Reconciled]
    missing: Sequence[Known]

    @property
    def counts(self) -> dict[str, int]:
        """各种结果几行，合起来就是清单的行数。"""
        return {code: sum(row.verdict == code for row in self.rows) for code in VERDICTS}


def read_rows(lines: Sequence[Sequence[Any]], day: date) -> list[Row]:
    """一张表：首个认得出“标题”一栏的行是栏名，往下各行是清单。``day`` 是今天，用来看有效性对不对。

    认不出栏名抛出 ``Unrecognised``。
    """
    heads = [_columns(line) for line in lines[:10]]
    at = next((at for at, columns in enumerate(heads) if "title" in columns), None)
    if at is None:
        raise Unrecognised("没有找到“标题”（或“文件名称”）一栏，请在第一行写上栏名。")
    columns = heads[at]
    rows = [
        _row(number, line, columns, day)
        for number, line in enumerate(lines[at + 1 :], at + 2)
        if any(_text(cell) for cell in line)
    ]
    if len(rows) > MOST_ROWS:
        raise Unrecognised(f"清单有 {len(rows)} 行，最多 {MOST_ROWS} 行，请分几次导入。")
    return _with_duplicates(rows)


def _columns(line: Sequence[Any]) -> dict[str, int]:
    names = {
        re.sub(r"\s", "", written): name
        for name, (label, others) in FIELDS.items()
        for written in (label, *others)
    }
    found: dict[str, int] = {}
    for position, cell in enumerate(line):
        name = names.get(re.sub(r"\s", "", _text(cell)))
        if name and name not in found:
            found[name] = position
    return found


def _row(number: int, line: Sequence[Any], columns: Mapping[str, int], day: date) -> Row:
    cells = {
        name: line[position] if position < len(line) else None for name, position in columns.items()
    }
    values: dict[str, Any] = {"title": bare(_text(cells.get("title")))}
    faults = [] if values["title"] else ["没有标题。"]
    for name in ("register_number", "document_number"):
        text = _text(cells.get(name))
        values[name] = "" if text in NOTHING else tidy_number(text)
    values["issuers"] = [
        each for each in re.split(r"[、，,;；\n]+", _text(cells.get("issuers"))) if each
    ]
    values["ended_basis"] = _text(cells.get("ended_basis"))
    values["kind"] = "regulation" if _text(cells.get("kind")) == KINDS["regulation"] else "document"
    for name in DATES:
        found, fault = _date(cells.get(name), FIELDS[name][0])
        values[name] = found
        faults += [fault] if fault else []
    last = values.pop("ceases_after")
    if values["ceases_on"] is None and last is not None:
        values["ceases_on"] = last + timedelta(days=1)
    stated = _text(cells.get("validity"))
    remarks = _settle_end(values, stated, faults, day)
    faults += date_faults(
        values["promulgated_on"], values["effective_on"], values["ceases_on"], values["ended_on"]
    )
    return Row(number, values, tuple(faults), tuple(remarks))


def _settle_end(values: dict[str, Any], stated: str, faults: list[str], day: date) -> list[str]:
    """写着失效、废止的，怎样终止；写的和照日期算的不一样，要留意。"""
    said = WORDS.get(stated)
    if stated and said is None:
        faults.append(f"有效性“{stated}”认不出，请写有效、已修改、失效、废止或尚未生效。")
    values["ended_how"] = ""
    if said == "repealed" or (values["ended_on"] and said != "expired"):
        values["ended_how"] = "repealed"
    elif said == "expired" and values["ended_on"]:
        values["ended_how"] = "expired"
    if values["ended_how"] and values["ended_on"] is None:
        faults.append("写着废止，没有写从哪一天起：请补上废止日期。")
        values["ended_how"] = ""
    life = Life(
        values["effective_on"], values["ceases_on"], None, None, values["ended_on"],
        values["ended_how"],
    )  # fmt: skip
    computed = validity_on(life, day).validity
    if said and said != computed and not (said == "amended" and computed == "effective"):
        return [f"清单上写“{stated}”，照日期算{_told(computed)}，请核对日期。"]
    return []


def _told(validity: str) -> str:
    return {"effective": "有效", "expired": "已经失效", "repealed": "已经废止"}.get(
        validity, "还没有施行"
    )


def _with_duplicates(rows: Iterable[Row]) -> list[Row]:
    """一张清单里同一个号用了两次的，两行都不收。"""
    found = list(rows)
    for name in ("register_number", "document_number"):
        at: dict[str, list[int]] = defaultdict(list)
        for row in found:
            if row.values[name]:
                at[row.values[name]].append(row.number)
        for number, lines in at.items():
            if len(lines) < 2:
                continue
            told = "、".join(map(str, lines))
            fault = f"{FIELDS[name][0]}“{number}”用了不止一次：第 {told} 行。"
            found = [
                Row(row.number, row.values, (*row.faults, fault), row.remarks)
                if row.number in lines
                else row
                for row in found
            ]
    return found


def _date(cell: Any, label: str) -> tuple[date | None, str]:
    if isinstance(cell, datetime):
        return cell.date(), ""
    if isinstance(cell, date):
        return cell, ""
    text = re.sub(r"\s", "", _text(cell))
    if text in NOTHING:
        return None, ""
    if re.fullmatch(r"(19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = only_date(text)
    if found is None or found.value is None:
        return None, f"{label}“{text}”不是一个日期，请写成年月日，例如 2020-06-03。"
    return found.value, ""


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


# ---- 对账 ----


def reconcile(rows: Iterable[Row], known: Sequence[Known]) -> Reconciliation:
    """逐行对上库里的：先看统一登记号，再看发文字号，都没有的看标题。"""
    by: dict[str, dict[str, Known]] = {
        name: {str(each.values[name]): each for each in known if each.values[name]}
        for name in ("register_number", "document_number", "title")
    }
    matched: set[int] = set()
    results = []
    for row in rows:
        found = _matching(row, by)
        if found is not None:
            matched.add(found.pk)
        results.append(_reconciled(row, found))
    return Reconciliation(results, [each for each in known if each.pk not in matched])


def _matching(row: Row, by: Mapping[str, Mapping[str, Known]]) -> Known | None:
    for name in ("register_number", "document_number"):
        if (number := row.values[name]) in by[name]:
            return by[name][number]
    same = by["title"].get(row.values["title"])
    numbered = same is not None and any(
        row.values[name] and same.values[name] for name in ("register_number", "document_number")
    )
    return None if numbered else same


def _reconciled(row: Row, found: Known | None) -> Reconciled:
    if row.faults:
        return Reconciled(row, "faulty", found.pk if found else None)
    if found is None:
        return Reconciled(row, "new")
    differences = tuple(
        f"{FIELDS[name][0]}：清单是{_said(row.values[name])}，库里是{_said(found.values[name])}"
        for name in COMPARED
        if row.values[name] and row.values[name] != found.values[name]
    )
    return Reconciled(row, "differs" if differences else "same", found.pk, differences)


def _said(value: Any) -> str:
    return f"“{value}”" if value else "空的"


# ---- 存下、取回 ----


def kept(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """存成 JSON 的写法。"""
    return [
        {
            "number": row.number,
            "values": {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in row.values.items()
            },
            "faults": list(row.faults),
            "remarks": list(row.remarks),
        }
        for row in rows
    ]


def restored(stored: Iterable[Mapping[str, Any]]) -> list[Row]:
    """``kept`` 的逆。"""
    return [
        Row(
            each["number"],
            {
                name: date.fromisoformat(value) if name in DATES and value else value
                for name, value in each["values"].items()
            },
            tuple(each["faults"]),
            tuple(each["remarks"]),
        )
        for each in stored
    ]


@dataclass(frozen=True)
class Sheet:
    """对账单要印的：栏名和各行。"""

    header: tuple[str, ...] = (
        "行", "标题", "发文字号", "统一登记号", "施行日期", "失效日期", "结果", "说明",
    )  # fmt: skip
    lines: Sequence[tuple[str, ...]] = ()


def sheet_of(found: Reconciliation) -> Sheet:
    """对账单。"""
    lines = [
        (
            str(each.row.number), each.row.values["title"], each.row.values["document_number"],
            each.row.values["register_number"], _iso(each.row.values["effective_on"]),
            _iso(each.row.values["ceases_on"]), VERDICTS[each.verdict],
            "；".join((*each.row.faults, *each.differences, *each.row.remarks)),
        )
        for each in found.rows
    ]  # fmt: skip
    lines += [
        (
            "", each.values["title"], each.values["document_number"],
            each.values["register_number"], _iso(each.values["effective_on"]),
            _iso(each.values["ceases_on"]), "清单上没有", "库里有，清单上没有",
        )
        for each in found.missing
    ]  # fmt: skip
    return Sheet(lines=lines)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
