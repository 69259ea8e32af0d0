"""随产品发布的日历表：读 ``data/calendar/``，化为 ``rules.Tables``。不需要数据库。

一个地区的表可能有错，读的时候就说清是哪个文件的哪一处。
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .clocks import Clock, clock_from
from .rules import (
    NATIONAL,
    Anniversary,
    CalendarError,
    ExceptionalDay,
    Region,
    Tables,
    WorkingCalendar,
)


@dataclass(frozen=True)
class YearTable:
    """一个地区一年的表：全国的整年安排（``festival`` 为空），或地方某个节日的放假日期。"""

    region: str
    year: int
    festival: str
    source: str
    days: dict[date, ExceptionalDay]


def packaged_root() -> Path:
    """日历表所在的目录。"""
    from django.conf import settings

    return Path(settings.DATA_ROOT) / "calendar"


def packaged_calendar(region: str = NATIONAL) -> WorkingCalendar:
    """随产品发布的 ``region`` 工作日历；不认识的地区抛出 ``UnknownRegion``。"""
    return _calendar(packaged_root(), region)


def packaged_tables() -> Tables:
    """随产品发布的全部日历表。"""
    return tables(packaged_root())


def packaged_clocks() -> tuple[Clock, ...]:
    """随产品发布的各种期限（``data/calendar/clocks.json``）。"""
    return _clocks(packaged_root())


def packaged_digest() -> str:
    """随产品发布的日历表的摘要：换了产品的版本，表不同了看得出来。"""
    return _digest(packaged_root())


@cache
def _digest(root: Path) -> str:
    content = b"".join(path.read_bytes() for path in sorted(root.rglob("*.json")))
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def _calendar(root: Path, region: str) -> WorkingCalendar:
    return tables(root).calendar(region)


@cache
def tables(root: Path) -> Tables:
    """``root`` 目录里的全部日历表。"""
    days: dict[str, dict[date, ExceptionalDay]] = {}
    known: set[int] = set()
    entered: dict[tuple[str, str], set[int]] = {}
    for table in year_tables(root):
        days.setdefault(table.region, {}).update(table.days)
        if table.festival:
            entered.setdefault((table.region, table.festival), set()).add(table.year)
        else:
            known.add(table.year)
    return Tables(
        regions={region.code: region for region in regions(root)},
        days=days,
        known_years=frozenset(known),
        entered={key: frozenset(years) for key, years in entered.items()},
    )


def regions(root: Path) -> tuple[Region, ...]:
    """``regions.json`` 里的地区，上级在前。"""
    return tuple(
        Region(
            code=entry["code"],
            name=entry["name"],
            parent=entry["parent"],
            division_code=entry["division_code"],
            legal_basis=entry["legal_basis"],
            anniversaries=tuple(Anniversary(**item) for item in entry["anniversaries"]),
            festivals=tuple(entry["festivals"]),
        )
        for entry in _read(root / "regions.json")["regions"]
    )


def year_tables(root: Path) -> Iterator[YearTable]:
    """各地区各年的表：全国逐年一个文件，地方一个地区一个文件。"""
    for path in sorted((root / NATIONAL).glob("*.json")):
        content = _read(path)
        year = content["year"]
        yield YearTable(
            NATIONAL,
            year,
            "",
            content["source"],
            {
                _date(row["date"], year, path): ExceptionalDay(
                    row["kind"] == "workday", row["name"]
                )
                for row in content["days"]
            },
        )
    for region in regions(root):
        path = root / f"{region.code}.json"
        if region.code == NATIONAL or not path.exists():
            continue
        for row in _read(path)["festivals"]:
            if row["festival"] not in region.festivals:
                raise CalendarError(f"{path.name}：{region.name}没有“{row['festival']}”这个节日。")
            if row["days"] is not None:
                yield YearTable(
                    region.code,
                    row["year"],
                    row["festival"],
                    row["source"],
                    {
                        _date(text, row["year"], path): ExceptionalDay(works, row["festival"])
                        for works, texts in ((False, row["days"]), (True, row["worked"]))
                        for text in texts
                    },
                )


@cache
def _clocks(root: Path) -> tuple[Clock, ...]:
    path = root / "clocks.json"
    return tuple(clock_from(row) for row in _read(path)["clocks"])


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CalendarError(f"缺少日历表 {path}，产品没有装完整。") from None
    except ValueError as error:
        raise CalendarError(f"日历表 {path} 不是合法的 JSON：{error}。") from None


def _date(text: str, year: int, path: Path) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"{path.name}：“{text}”不是日期。") from None
    if on.year != year:
        raise CalendarError(f"{path.name}：{text} 不在 {year} 年。")
    return on
