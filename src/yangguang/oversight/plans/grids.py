"""压平了的表格原来的样子：竖线独占一行的、只用空格隔开的，还原成一行一行用竖线隔开。纯函数。"""

from collections.abc import Callable


def bars(line: str) -> str:
    """各种竖线、制表符折成一种。"""
    return line.replace("｜", "|").replace("│", "|").replace("\t", "|")


def rows_by_bars(lines: list[str]) -> list[str]:
    """竖线独占一行、两根竖线相连是换行的，一行一行拼回去。"""
    alone = [index for index, line in enumerate(lines) if bars(line) == "|"]
    if not any(b == a + 1 for a, b in zip(alone, alone[1:], strict=False)):
        return lines
    made = lines[: alone[0]]
    cells: list[str] = []
    for line in lines[alone[0] : alone[-1] + 1]:
        if bars(line) != "|":
            cells[-1] = cells[-1] + line if cells else line
        elif cells and cells[-1]:
            cells.append("")
        else:
            made += _piped(cells)
            cells = [""]
    return made + _piped(cells) + lines[alone[-1] + 1 :]


def columns_by_spaces(lines: list[str], names_columns: Callable[[list[str]], bool]) -> list[str]:
    """表头、各行都只用空格隔开，格数又一致的，换成竖线。"""
    made: list[str] = []
    header: list[str] = []
    for line in lines:
        cells = line.split()
        if "|" not in bars(line) and len(cells) > 2 and names_columns(cells):
            header = cells
        elif header and len(cells) != len(header):
            header = []
        made.append(" | ".join(cells) if header else line)
    return made


def _piped(cells: list[str]) -> list[str]:
    filled = [cell for cell in cells if cell]
    return [f"| {' | '.join(filled)} |"] if filled else []
