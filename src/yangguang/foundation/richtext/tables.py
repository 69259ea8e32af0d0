"""表格：数据的表格留下，排版用的表格拆开。纯函数。"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .blocks import Block, text_of_cell
from .runs import Runs
from .styles import is_dropped, style_of

if TYPE_CHECKING:
    from .reading import Context, Reader

MAX_SPAN = 100


def read(table: Any, reader: "Reader", context: "Context") -> list[Block]:
    """一张表格的块：数据的表格，或者拆开的排版；格里的图片、题注接在前后。"""
    rows = [list(_cells(row)) for row in _rows(table)]
    if _is_layout(rows):
        return [
            block
            for row in rows
            for cell in row
            for block in _inside(cell, reader, context)
        ]  # fmt: skip
    after: list[Block] = []
    made: list[list[Any]] = [[_cell(c, reader, context, after) for c in row] for row in rows]
    made = [row for row in made if any(text_of_cell(cell) for cell in row) or _spans_down(row)]
    if not any(text_of_cell(cell) for row in made for cell in row):
        return after
    _mark_header(made)
    block: Block = {"type": "table", "rows": _padded(made)}
    return [*_caption(table, reader, context), block, *after]


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        tag = child.tag.lower() if isinstance(child.tag, str) else ""
        if tag == "tr":
            yield child
        elif tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells(row: Any) -> Iterator[Any]:
    for cell in row:
        if cell.tag in ("td", "th"):
            if not is_dropped(style_of(cell.get("style") or ""), cell.get("class") or ""):
                yield cell


def _is_layout(rows: list[list[Any]]) -> bool:
    """排版用的：只有一格的；里面又套着有字的表格、而自己每行只有一格有字的。"""
    if sum(map(len, rows)) <= 1:
        return True
    if not any(_has_table(cell) for row in rows for cell in row):
        return False
    return all(sum(_has_text(cell) for cell in row) <= 1 for row in rows) or len(rows) == 1


def _has_table(cell: Any) -> bool:
    return any(_has_text(table) for table in cell.iter("table"))


def _has_text(element: Any) -> bool:
    return any(text.strip(" \t\r\n\u00a0\u3000") for text in element.itertext())


def _inside(cell: Any, reader: "Reader", context: "Context") -> list[Block]:
    inner = reader.below()
    inner.children(cell, context)
    return inner.finish()


def _cell(cell: Any, reader: "Reader", context: "Context", after: list[Block]) -> Any:
    runs = Runs()
    plain = replace(context, align="plain", heading=0)
    for block in _inside(cell, reader, plain):
        if block["type"] == "picture":
            after.append(block)
        elif block["type"] == "list":
            for line in _listed(block):
                runs.append(line, ())
        elif block["type"] == "table":
            for row in block["rows"]:
                runs.append("　".join(filter(None, map(text_of_cell, row))), ())
        else:
            runs.append(block["text"], block.get("marks", ()))
    text, marks = runs.finish()
    more: Block = {"marks": marks} if marks else {}
    if cell.tag == "th" or (cell.getparent().getparent().tag == "thead"):
        more["is_header"] = True
    for name in ("colspan", "rowspan"):
        if (span := _span(cell.get(name))) > 1:
            more[name] = span
    return {"text": text, **more} if more else text


def _listed(block: Block, depth: int = 0) -> Iterator[str]:
    for number, item in enumerate(block["items"], 1):
        label = f"{number}. " if block["ordered"] else "· "
        yield "\u3000" * depth + label + item["text"]
        if "list" in item:
            yield from _listed(item["list"], depth + 1)


def _span(value: str | None) -> int:
    return min(int(value), MAX_SPAN) if value and value.isascii() and value.isdecimal() else 1


def _spans_down(row: list[Any]) -> bool:
    return any(isinstance(cell, dict) and "rowspan" in cell for cell in row)


def _mark_header(rows: list[list[Any]]) -> None:
    """没有写明表头、而第一行的字全是粗体的，那就是表头。"""
    cells = [cell for row in rows for cell in row if isinstance(cell, dict)]
    if len(rows) < 2 or any("is_header" in cell for cell in cells):
        return
    if all(_is_bold(cell) for cell in rows[0] if text_of_cell(cell)):
        rows[0] = [_header(cell) for cell in rows[0]]


def _is_bold(cell: Any) -> bool:
    marks = cell.get("marks", ()) if isinstance(cell, dict) else ()
    whole = (0, len(text_of_cell(cell)))
    return any(mark["type"] == "bold" and (mark["start"], mark["end"]) == whole for mark in marks)


def _header(cell: Any) -> Block:
    given: Block = {"text": cell} if isinstance(cell, str) else cell
    rest = [mark for mark in given.get("marks", ()) if mark["type"] != "bold"]
    made = {name: value for name, value in given.items() if name != "marks"}
    return made | {"is_header": True} | ({"marks": rest} if rest else {})


def _padded(rows: list[list[Any]]) -> list[list[Any]]:
    """没有合并格的，各行补齐到一样宽。"""
    if any(isinstance(c, dict) and ("colspan" in c or "rowspan" in c) for row in rows for c in row):
        return rows
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def _caption(table: Any, reader: "Reader", context: "Context") -> list[Block]:
    found = table.find("caption")
    if found is None:
        return []
    return _inside(found, reader, replace(context, align="center"))
