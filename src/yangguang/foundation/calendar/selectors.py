"""工作日历的读取：数据库里的表与随产品发布的表合成现行的日历，交给同一套纯规则计算。

版本是最近一次改动（``CalendarChange``）。同一版本在一个进程里只合成一次，
此后每次取日历只有一次查询。
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from yangguang.foundation.organisations.models import Organisation

from .health import calendar_warnings
from .models import CalendarAnniversary, CalendarChange, CalendarDay, CalendarRegion, CalendarTable
from .rules import (
    NATIONAL,
    Anniversary,
    CalendarError,
    ExceptionalDay,
    Region,
    Tables,
    WorkingCalendar,
)
from .tables import YearTable, packaged_digest, packaged_root, packaged_tables, regions, year_tables

Version = tuple[int, datetime]


class NotLoaded(CalendarError):
    """数据库里还没有日历表。"""


@dataclass(frozen=True)
class InForce:
    """某一版本的全部日历表，和由它得出的各地区日历。``change`` 是造成这一版本的改动。"""

    tables: Tables
    change: CalendarChange | None = None
    _calendars: dict[str, WorkingCalendar] = field(default_factory=dict)

    def calendar(self, region: str) -> WorkingCalendar:
        """``region`` 的工作日历；不认识的地区抛出 ``UnknownRegion``。"""
        if region not in self._calendars:
            self._calendars[region] = self.tables.calendar(region)
        return self._calendars[region]


_kept: dict[Version | None, InForce] = {}


def in_force() -> InForce:
    """现行的日历：数据库里的为准，数据库里没有的年份、节日、地区用随产品发布的。

    日历没有改动过时一次查询；改动后第一次取再加四次。
    """
    change = _latest_change()
    version = (change.pk, change.at) if change else None
    found = _kept.get(version)
    if found is None:
        found = InForce(_merged() if change else packaged_tables(), change)
        _kept.clear()
        _kept[version] = found
    return found


def edition() -> str:
    """现行的日历是哪一版：地区、数据库里的改动、随产品发布的表，有一样变了就不同。一次查询。"""
    change = _latest_change()
    return f"{settings.CALENDAR_REGION}:{change.pk if change else 0}:{packaged_digest()}"


def calendar_in_force(region: str | None = None) -> WorkingCalendar:
    """``region``（默认本平台所在地区）现行的工作日历。查询次数同 ``in_force``。"""
    return in_force().calendar(region or settings.CALENDAR_REGION)


def database_calendar(region: str = NATIONAL) -> WorkingCalendar:
    """命令行 ``--database`` 用的日历，就是现行的日历；数据库里还没有装入时抛出 ``NotLoaded``。"""
    current = in_force()
    if current.change is None:
        raise NotLoaded("数据库里还没有日历表，请先执行 yangguang load_calendar。")
    return current.calendar(region)


class Calendars:
    """按机构取日历：地区由行政区划代码定，本身没有代码的机构随上级机构。

    建立时两次查询（日历版本、有区划代码的机构），此后不再查询。
    """

    def __init__(self) -> None:
        self._in_force = in_force()
        coded = Organisation.objects.exclude(division_code="")
        self._codes: dict[str, str] = dict(coded.values_list("path", "division_code"))

    @property
    def change(self) -> CalendarChange | None:
        """造成这一版本的改动；从未改动过为 ``None``。"""
        return self._in_force.change

    def of(self, organisation: Organisation) -> WorkingCalendar:
        """``organisation`` 适用的工作日历。"""
        return self._in_force.calendar(self.region_of(organisation))

    def region_of(self, organisation: Organisation) -> str:
        """``organisation`` 所在的日历地区；从区划代码看不出的，为本平台所在地区。"""
        path = organisation.path
        for end in range(len(path), 0, -Organisation.steplen):
            if code := self._codes.get(path[:end]):
                found = self._in_force.tables.region_of(code)
                return settings.CALENDAR_REGION if found == NATIONAL else found
        return str(settings.CALENDAR_REGION)


def days_of(region: str, year: int) -> QuerySet[CalendarDay]:
    """``region`` 在 ``year`` 年录入的特殊日，按日期。一次查询。"""
    return CalendarDay.objects.filter(
        region__code=region, date__range=(date(year, 1, 1), date(year, 12, 31))
    ).select_related("region", "entered_by")


def differing_tables() -> list[str]:
    """数据库里的年度表，与随产品发布的同一张不同的，逐张说出名称。三次查询。"""
    kept: dict[tuple[str, int, str], dict[date, ExceptionalDay]] = {
        key: {} for key in CalendarTable.objects.values_list("region__code", "year", "festival")
    }
    rows = CalendarDay.objects.values_list("region__code", "date", "festival", "works", "name")
    for region, on, festival, works, name in rows:
        kept.setdefault((region, on.year, festival), {})[on] = ExceptionalDay(works, name)
    names = dict(CalendarRegion.objects.values_list("code", "name"))
    return [
        f"{names[table.region]}{table.year}年{table.festival or '放假安排'}"
        for table in year_tables(packaged_root())
        if key_of(table) in kept and kept[key_of(table)] != table.days
    ]


def changes() -> QuerySet[CalendarChange]:
    """日历的改动，新近的在前。一次查询。"""
    return CalendarChange.objects.select_related("region", "user").order_by("-pk")


def _latest_change() -> CalendarChange | None:
    return CalendarChange.objects.order_by("-pk").first()


def _merged() -> Tables:
    known: set[int] = set()
    entered: dict[tuple[str, str], set[int]] = {}
    days: dict[str, dict[date, ExceptionalDay]] = {}
    kept = set(CalendarTable.objects.values_list("region__code", "year", "festival"))
    packaged = [t for t in year_tables(packaged_root()) if key_of(t) not in kept]
    for region, year, festival in [*kept, *map(key_of, packaged)]:
        if festival:
            entered.setdefault((region, festival), set()).add(year)
        else:
            known.add(year)
    for table in packaged:
        days.setdefault(table.region, {}).update(table.days)
    rows = CalendarDay.objects.values_list("region__code", "date", "works", "name")
    for region, on, works, name in rows:
        days.setdefault(region, {})[on] = ExceptionalDay(works, name)
    return Tables(
        regions={
            **{region.code: region for region in regions(packaged_root())},
            **{region.code: region for region in _regions()},
        },
        days=days,
        known_years=frozenset(known),
        entered={key: frozenset(years) for key, years in entered.items()},
    )


def key_of(table: YearTable) -> tuple[str, int, str]:
    """一张表的身份：地区、年份、节日。"""
    return table.region, table.year, table.festival


def _regions() -> Iterator[Region]:
    anniversaries: dict[int, list[Anniversary]] = {}
    for row in CalendarAnniversary.objects.order_by("month", "day"):
        anniversaries.setdefault(row.region_id, []).append(
            Anniversary(
                row.name,
                row.month,
                row.day,
                row.moved_from_sunday,
                row.since,
                row.until,
                row.source,
            )
        )
    for entry in CalendarRegion.objects.select_related("parent"):
        yield Region(
            code=entry.code,
            name=entry.name,
            parent=entry.parent.code if entry.parent else None,
            division_code=entry.division_code,
            legal_basis=entry.legal_basis,
            anniversaries=tuple(anniversaries.get(entry.pk, ())),
            festivals=tuple(entry.festivals),
        )


def health_warnings(on: date) -> list[str]:
    """现行的日历在 ``on`` 当日该录入而没有录入的表。查询次数同 ``in_force``。"""
    return calendar_warnings(in_force().tables, settings.CALENDAR_REGION, on)
