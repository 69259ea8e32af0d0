"""压平成文字的任务表：一行一格，或用竖线隔开。纯函数。

表头要有任务一栏和单位一栏才算任务表。认不准的格子按内容归栏：像单位的归单位，
像时限的归时限，其余归任务。
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from .deadlines import read_cell
from .grids import bars, columns_by_spaces, rows_by_bars
from .paragraphs import mark_of
from .units import looks_like_units

_HEADERS: tuple[tuple[str, str], ...] = (
    ("number", r"序号|编号|序|NO\.?|No\.?"),
    ("deadline", r"(?:任务|工作)?(?:完成|办理|办结|整改|推进|落实)?(?:时限|时间|期限|进度|节点)(?:要求|节点|安排|进度)?|时间节点"),
    ("lead", r"(?:牵头|主办|主责|主要责任)(?:责任)?(?:单位|部门|机关|科室)|牵头[（(]责任[）)]单位|牵头组织(?:实施)?单位"),
    ("responsible", r"(?:责任|负责|承办)(?:单位|部门|机关|科室|主体|股室|处室)(?:及责任人)?|责任分工|(?:牵头|主办)[及和、/](?:责任|配合|参与)(?:单位|部门)"),
    ("helper", r"(?:配合|协办|协同|协助|参与|参加|协作)+(?:责任)?(?:单位|部门|科室)"),
    ("doer", r"(?:实施|落实|执行)(?:单位|部门|主体)"),
    ("ignored", r"备注|责任人|责任领导|分管领导|牵头领导|包抓领导|联系人|联系电话|完成情况|进展情况|落实情况|成果形式|督办单位"),
    ("part", r"类别|项目|领域|工作领域|分类|板块|一级指标|工作类别|类型"),
    ("task", r"(?:重点|主要|目标|工作|具体|改革|建设)*(?:任务|内容|要求|举措|措施|事项|工作|目标|要点)(?:任务|内容|要求|举措|措施|分解|清单|名称|分工|及要求)*"),
)  # fmt: skip
_HEADER = tuple((kind, re.compile(rf"(?:{pattern})$")) for kind, pattern in _HEADERS)
_UNITS = ("lead", "responsible", "helper", "doer")
_RULE = re.compile(r"^[\s|｜:：\-—─+┼├┤┌┐└┘┬┴│]*$")
_NUMBER = re.compile(r"^(\d{1,3})[.．、]?$")


@dataclass(frozen=True)
class Row:
    """表里的一行。``units`` 逐栏给出（栏名, 文字）。"""

    number: int | None
    part: str
    texts: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    deadline: str


def read_tables(lines: list[str]) -> tuple[list[str], list[Row]]:
    """取出各处任务表：返回剩下的行和全部表行。"""
    lines = columns_by_spaces(rows_by_bars(lines), _names_columns)
    rest: list[str] = []
    rows: list[Row] = []
    position = 0
    while position < len(lines):
        header, used = _header(lines, position)
        if not header:
            rest.append(_field(lines[position]))
            position += 1
            continue
        position += used
        taken, body = _body(lines[position:], header, piped="|" in bars(lines[position - 1]))
        rows.extend(body)
        position += taken
    return rest, rows


def _field(line: str) -> str:
    """竖排的一项一表：“牵头单位： | 市某局 |”还原成“牵头单位：市某局”。"""
    name, bar, value = bars(line).partition("|")
    if not bar or not name.rstrip().endswith(("：", ":")):
        return line
    value = value.strip("| ")
    if _kind(name.rstrip(" ：:")) == "task" and mark_of(value).level:
        return value
    return name.rstrip() + value


@lru_cache(maxsize=4096)
def _kind(cell: str) -> str:
    name = re.sub(r"[\s*]", "", cell)
    return next((k for k, p in _HEADER if len(name) <= 12 and p.match(name)), "")


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in bars(line).split("|")]
    if cells and not cells[0]:
        cells = cells[1:]
    return cells


def _is_header(kinds: list[str]) -> bool:
    return (
        len(kinds) >= 2
        and all(kinds)
        and any(k in _UNITS for k in kinds)
        and any(k in ("task", "part") for k in kinds)
    )


def _names_columns(cells: list[str]) -> bool:
    return _is_header([_kind(cell) for cell in cells])


def _header(lines: list[str], position: int) -> tuple[list[str], int]:
    """从 ``position`` 起是不是表头；返回各栏和用掉的行数。"""
    line = lines[position]
    if "|" in bars(line):
        cells = [cell for cell in _cells(line) if cell]
        kinds = [_kind(cell) for cell in cells]
        if _is_header(kinds):
            return kinds, 1
    kinds, used = [], 0
    for following in lines[position : position + 24]:
        cell = bars(following).strip("| ")
        if not cell:
            used += 1
            continue
        kind = _kind(cell)
        if not kind:
            break
        kinds.append(kind)
        used += 1
    if _RULE.match(line) or not _is_header(kinds):
        return [], 0
    return kinds, used


def _body(lines: list[str], header: list[str], *, piped: bool) -> tuple[int, list[Row]]:
    if piped and any("|" in bars(line).strip("| ") for line in lines[:3]):
        return _piped_rows(lines, header)
    return _stacked_rows(lines, header)


def _piped_rows(lines: list[str], header: list[str]) -> tuple[int, list[Row]]:
    """用竖线隔开的行。合并单元格留空的，承接上一行的类别。"""
    rows: list[Row] = []
    part, taken = "", 0
    for line in lines:
        if _RULE.match(line):
            taken += 1
            continue
        if "|" not in bars(line):
            if mergeable := len(line) <= 40 and not line.endswith("。"):
                part, taken = line, taken + 1
            if mergeable and _more_pipes(lines[taken : taken + 2]):
                continue
            break
        taken += 1
        cells = _cells(line)
        if [_kind(c) for c in cells if c] == header:
            continue
        if len([c for c in cells if c]) == 1 and len(header) > 2:
            part = next(c for c in cells if c)
            continue
        row = _place(cells, header, part)
        part = row.part
        if row.texts:
            rows.append(row)
        elif rows:
            rows[-1] = _extend(rows[-1], row)
    return taken, rows


def _more_pipes(lines: list[str]) -> bool:
    return any("|" in bars(line).strip("| ") for line in lines)


def _extend(row: Row, more: Row) -> Row:
    return Row(
        row.number,
        row.part,
        row.texts,
        row.units + more.units,
        "；".join(filter(None, [row.deadline, more.deadline])),
    )


def _place(cells: list[str], header: list[str], part: str) -> Row:
    """把一行的格子放进各栏：对齐方式取内容最说得通的一种。"""
    while cells and not cells[-1] and len(cells) > len(header):
        cells = cells[:-1]
    options = [cells]
    filled = cells
    while filled and not filled[-1]:
        filled = filled[:-1]
        options.append(filled)
    while cells and not cells[0]:
        cells = cells[1:]
        options.append(cells)
    width = len(header)
    aligned = [[""] * (width - len(o)) + o for o in options if len(o) <= width]
    aligned += [o + [""] * (width - len(o)) for o in options if len(o) <= width]
    if not aligned:
        head, last = options[0][: width - 1], options[0][width - 1 :]
        aligned = [[*head, "、".join(filter(None, last))]]
    best = max(aligned, key=lambda row: _plausible(row, header))
    return _row(list(zip(header, best, strict=False)), part)


def _plausible(row: list[str], header: list[str]) -> int:
    score = 0
    for kind, cell in zip(header, row, strict=False):
        if not cell:
            score -= 2 if kind == header[_last_task(header)] else 0
            continue
        if kind == "number":
            score += 3 if _NUMBER.match(cell) else -3
        elif kind in _UNITS:
            score += 3 if looks_like_units(cell) else -1
        elif kind == "deadline":
            score += 3 if _is_deadline(cell) else -1
        elif kind in ("task", "part"):
            score += (
                -2 if looks_like_units(cell) or _NUMBER.match(cell) or _is_deadline(cell) else 1
            )
    return score


def _last_task(header: list[str]) -> int:
    """写任务内容的一栏：最末一个任务栏。"""
    return max((i for i, kind in enumerate(header) if kind == "task"), default=0)


def _row(placed: list[tuple[str, str]], part: str) -> Row:
    number: int | None = None
    texts: list[str] = []
    units: list[tuple[str, str]] = []
    deadline = ""
    tasks = [cell for kind, cell in placed if kind == "task"]
    for kind, cell in placed:
        if kind == "number" and (found := _NUMBER.match(cell)):
            number = int(found[1])
        elif kind == "part" and cell:
            part = cell
        elif kind == "task" and cell:
            texts.append(cell)
        elif kind in _UNITS and cell:
            units.append((kind, cell))
        elif kind == "deadline" and cell:
            deadline = cell
    if len(tasks) > 1 and not tasks[0] and texts:
        return Row(number, part, tuple(texts), tuple(units), deadline)
    if len(texts) > 1:
        part, texts = texts[0], texts[1:]
    return Row(number, part, tuple(texts), tuple(units), deadline)


def _is_deadline(cell: str) -> bool:
    if len(cell) > 30:
        return False
    found, recurring = read_cell(cell, 2000)
    return bool(found or recurring)


def _stacked_rows(lines: list[str], header: list[str]) -> tuple[int, list[Row]]:
    """一行一格。有序号的按序号断行，否则按栏数断行。"""
    cells: list[str] = []
    last = 0
    for line in lines:
        cell = bars(line).strip("| ")
        if cell and cells and cells[last].endswith(("、", "，", ",")):
            cells[last] += cell
            cells.append("")
            continue
        cells.append(cell)
        last = len(cells) - 1 if cell else last
    starts = _numbered_starts(cells)
    if starts:
        return _numbered_rows(cells, header, starts)
    return _counted_rows(cells, header)


def _numbered_starts(cells: list[str]) -> list[int]:
    """递增的序号所在的行；可以跳号，也可以各部分从 1 重排。"""
    starts: list[int] = []
    last = 0
    for position, cell in enumerate(cells):
        found = _NUMBER.match(cell)
        if found and (int(found[1]) > last or (int(found[1]) == 1 and len(starts) > 1)):
            starts.append(position)
            last = int(found[1])
    return starts if len(starts) > 1 or (starts and starts[0] <= 2) else []


def _numbered_rows(cells: list[str], header: list[str], starts: list[int]) -> tuple[int, list[Row]]:
    rows: list[Row] = []
    part = " ".join(c for c in cells[: starts[0]] if c)
    taken = len(cells)
    for index, start in enumerate(starts):
        last = index + 1 == len(starts)
        end = len(cells) if last else starts[index + 1]
        body = [c for c in cells[start + 1 : end] if c]
        row, used, leftover = _numbered_row(int(_number(cells[start])), body, header, part)
        rows.append(row)
        if last:
            taken = _position_after(cells, start + 1, used)
        elif leftover:
            part = leftover[-1] if mark_of(leftover[-1]).level else "".join(leftover)
        else:
            part = row.part
    return taken, rows


def _number(cell: str) -> str:
    found = _NUMBER.match(cell)
    return found[1] if found else "0"


def _position_after(cells: list[str], start: int, used: int) -> int:
    position = start
    while position < len(cells) and used:
        used -= bool(cells[position])
        position += 1
    return position


def _numbered_row(
    number: int, body: list[str], header: list[str], part: str
) -> tuple[Row, int, list[str]]:
    """一条记录：返回行、用掉的格数和剩下的（下一类的标题）。"""
    wanted = [kind for kind in header if kind != "number"]
    after_units = [k for k in wanted if k in ("deadline", "ignored")]
    unit_kinds = [k for k in wanted if k in _UNITS]
    texts: list[str] = []
    units: list[str] = []
    deadline, used = "", 0
    for cell in body:
        if deadline or (units and len(units) >= len(unit_kinds) and not after_units):
            break
        is_units = looks_like_units(cell)
        if texts and not units and is_units or (units and is_units and not deadline):
            if len(units) >= len(unit_kinds):
                break
            units.append(cell)
        elif units and _is_deadline(cell):
            deadline = cell
        elif units and after_units and len(units) < len(unit_kinds):
            units.append(cell)
        elif units:
            break
        elif "deadline" in wanted and texts and _is_deadline(cell):
            deadline = cell
        else:
            texts.append(cell)
        used += 1
    if not units and len(texts) > 1:
        units, texts = [texts[-1]], texts[:-1]
    tasks = [k for k in wanted if k in ("task", "part")]
    if len(tasks) > 1 and len(texts) > 1 and header.index(tasks[0]) > 0 and "number" in header:
        part, texts = texts[0], texts[1:]
    paired = tuple(zip(unit_kinds, units, strict=False))
    return Row(number, part, tuple(texts), paired, deadline), used, body[used:]


def _counted_rows(cells: list[str], header: list[str]) -> tuple[int, list[Row]]:
    """每 ``len(header)`` 格一行。有一行对不上，就是单元格有合并，不按表读，留作段落。"""
    filled = [(position, cell) for position, cell in enumerate(cells) if cell]
    width = len(header)
    rows: list[Row] = []
    part, taken, index = "", 0, 0
    while index + width <= len(filled):
        chunk = [cell for _, cell in filled[index : index + width]]
        placed = list(zip(header, chunk, strict=True))
        fits = [looks_like_units(cell) for kind, cell in placed if kind in _UNITS]
        if not any(fits):
            break
        row = _row(placed, part)
        part = row.part
        rows.append(row)
        index += width
        taken = filled[index - 1][0] + 1
    merged = any(mark_of(cell).level in (1, 2) for _, cell in filled) and index < len(filled)
    return (0, []) if merged else (taken, rows)
