"""随产品发布的机构名录：读 ``data/`` 里的 csv，化为 ``rules.Directory``。不需要数据库。"""

import csv
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

from .models import NameKind
from .rules import DatedName, Directory, Unit
from .tables import SHEETS, FaultyTables, Row, Tables, read


def csv_files(path: Path) -> dict[str, list[list[object]]]:
    """目录下的四个 csv：文件名是表的英文名，首行是列名。缺了一个抛出 ``FileNotFoundError``。"""
    found: dict[str, list[list[object]]] = {}
    for sheet in SHEETS:
        file = path / f"{sheet.field}.csv"
        if not file.is_file():
            raise FileNotFoundError(f"缺少文件：{file}")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found[sheet.name] = [list(line) for line in csv.reader(lines)]
    return found


def with_default_names(tables: Tables) -> Tables:
    """没有写全称、简称沿革的机构，以现名为其一贯的名称。"""
    held = {(row.values["organisation"], row.values["kind"]) for row in tables.names}
    added = [
        Row(
            {
                "organisation": row.values["code"],
                "name": row.values[source],
                "kind": str(kind),
                "valid_from": None,
                "valid_until": None,
                "note": "",
            },
            row.number,
        )
        for row in tables.organisations
        for kind, source in ((NameKind.OFFICIAL, "name"), (NameKind.SHORT, "short_name"))
        if (row.values["code"], str(kind)) not in held
    ]
    return replace(tables, names=[*tables.names, *added])


@cache
def packaged_directory(path: Path) -> Directory:
    """``path`` 下的名录，没有集合词。有错抛出 ``FaultyTables``。"""
    tables, faults = read(csv_files(path))
    if faults:
        raise FaultyTables(faults)
    names: dict[str, list[DatedName]] = defaultdict(list)
    for row in with_default_names(tables).names:
        given = row.values
        names[given["organisation"]].append(
            DatedName(given["name"], given["kind"], given["valid_from"], given["valid_until"])
        )
    successors = defaultdict(list)
    for row in tables.successions:
        successors[row.values["predecessor"]].append((row.values["on"], row.values["successor"]))
    return Directory(
        tuple(
            Unit(
                code=given["code"],
                name=given["name"],
                short_name=given["short_name"],
                level=given["level"],
                kind=given["kind"],
                parent=given["parent"] or None,
                valid_from=given["valid_from"],
                valid_until=given["valid_until"],
                names=tuple(names[given["code"]]),
                successors=tuple(successors[given["code"]]),
            )
            for given in (row.values for row in tables.organisations)
        )
    )
