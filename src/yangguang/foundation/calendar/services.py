"""工作日历的动作：装入随产品发布的表，录入、更正、删除一天，录入一年的安排和地方节日。

每个动作一个事务：改表、记一次改动（``CalendarChange``）、入审计、排上重算期限的作业。
``key`` 是幂等键，同一次提交只做一遍。不能做抛出 ``Refused``，带上全部理由。
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import KeyTaken, Refused

from .entries import (
    DayEntry,
    festival_faults,
    repeated_day_faults,
    wording_faults,
    working_day_faults,
    year_faults,
)
from .loading import Loaded, load_calendar
from .models import CalendarAnniversary, CalendarChange, CalendarDay, CalendarRegion, CalendarTable
from .policy import CalendarPolicy
from .recording import Change, conclude, refuse
from .rules import NATIONAL, Anniversary, ExceptionalDay, Tables, spoken
from .selectors import in_force

__all__ = [
    "Loaded",
    "change_day",
    "enter_day",
    "enter_festival",
    "enter_year",
    "keep_anniversary",
    "load_calendar",
    "remove_day",
]

POLICY = CalendarPolicy()


@transaction.atomic
def enter_day(
    region: str, entry: DayEntry, *, source: str, actor: Actor, key: str
) -> CalendarChange:
    """在已录入的安排之外增加一天，例如临时放假、延长假期。``source`` 是依据。

    全国的日子须当年的安排已经录入；这一天已经录入过的，应当更正而不是再录。
    """
    opened = _open(region, "enter_day", actor, key)
    if opened.earlier:
        return opened.earlier
    faults = wording_faults(entry.name, source)
    if CalendarDay.objects.filter(region=opened.region, date=entry.date).exists():
        faults.append(f"{spoken(entry.date)}已经录入过，请更正原来的登记。")
    if region == NATIONAL and not _table(opened.region, entry.date.year, "").exists():
        faults.append(f"{entry.date.year}年的放假安排还没有录入，请先录入全年的安排。")
    faults += working_day_faults([entry], _without(region, [entry.date]).calendar(region))
    refuse(faults)
    day = _days(opened.region, "", [entry], source, actor)[0]
    return conclude(
        Change("enter_day", opened.region, f"录入{day}", day, {"new": _values(day)}),
        actor=actor,
        key=key,
    )


@transaction.atomic
def change_day(
    day: CalendarDay, *, works: bool, name: str, source: str, actor: Actor, key: str
) -> CalendarChange:
    """更正一天：放假还是上班、缘由、依据。日期错了的，删去重录。"""
    opened = _open(day.region.code, "change_day", actor, key)
    if opened.earlier:
        return opened.earlier
    current = _current(day)
    old = _values(current)
    entry = DayEntry(current.date, works, name)
    region = current.region.code
    refuse(
        wording_faults(name, source)
        + working_day_faults([entry], _without(region, [current.date]).calendar(region))
    )
    current.works, current.name, current.source = works, name.strip(), source.strip()
    if _values(current) == old:
        raise Refused(["内容没有变化。"])
    current.entered_by_id, current.entered_at = actor.user_id, timezone.now()
    current.save()
    return conclude(
        Change(
            "change_day",
            current.region,
            f"更正{current}",
            current,
            {"old": old, "new": _values(current)},
        ),
        actor=actor,
        key=key,
    )


@transaction.atomic
def remove_day(day: CalendarDay, *, reason: str, actor: Actor, key: str) -> CalendarChange:
    """删去录错的一天，须写明理由；原来的内容留在审计里。

    地方节日的放假日删完了，这个节日当年就又是“尚未录入”。
    """
    opened = _open(day.region.code, "remove_day", actor, key)
    if opened.earlier:
        return opened.earlier
    current = _current(day)
    if not reason.strip():
        raise Refused(["删去一天须写明理由。"])
    change = Change(
        "remove_day", current.region, f"删去{current}", current, {"old": _values(current)}, reason
    )
    made = conclude(change, actor=actor, key=key)
    current.delete()
    if current.festival and not _holidays(current).exists():
        _table(current.region, current.date.year, current.festival).delete()
    return made


@transaction.atomic
def enter_year(
    year: int, entries: Sequence[DayEntry], *, source: str, actor: Actor, key: str
) -> CalendarChange:
    """录入全国一年的放假安排；已经录入过的整年重录，以这一次为准。

    安排里动到上年 12 月末的日子，写进上年的表（上年须已录入）。
    """
    opened = _open(NATIONAL, "enter_year", actor, key)
    if opened.earlier:
        return opened.earlier
    before = [entry.date for entry in entries if entry.date.year < year]
    faults = _table_faults(entries, source) + year_faults(year, entries)
    if before and not _table(opened.region, year - 1, "").exists():
        faults.append(f"{year - 1}年的放假安排还没有录入，不能改它的12月末。")
    refuse(faults)
    replaced = Q(date__year=year) | Q(date__in=before)
    beneath = _without(NATIONAL, _dates(opened.region, replaced))
    refuse(working_day_faults(entries, beneath.calendar(NATIONAL)))
    return _replace(opened.region, year, "", replaced, entries, source, actor, key, "enter_year")


@transaction.atomic
def enter_festival(
    region: str,
    year: int,
    festival: str,
    entries: Sequence[DayEntry],
    *,
    source: str,
    actor: Actor,
    key: str,
) -> CalendarChange:
    """录入地方某个节日（例如开斋节）一年的放假和调休；已经录入过的重录，以这一次为准。"""
    opened = _open(region, "enter_festival", actor, key)
    if opened.earlier:
        return opened.earlier
    named = [DayEntry(entry.date, entry.works, festival) for entry in entries]
    faults = _table_faults(named, source) + festival_faults(year, named)
    if festival not in opened.region.festivals:
        faults.append(f"{opened.region}没有“{festival}”这个逐年录入的节日。")
    replaced = Q(date__year=year, festival=festival)
    taken = CalendarDay.objects.filter(
        region=opened.region, date__in=[entry.date for entry in entries]
    ).exclude(replaced)
    faults += [f"{spoken(day.date)}已经录入为{day.name}，请先删去或更正。" for day in taken]
    beneath = _without(region, _dates(opened.region, replaced))
    faults += working_day_faults(named, beneath.calendar(region))
    refuse(faults)
    return _replace(
        opened.region, year, festival, replaced, named, source, actor, key, "enter_festival"
    )


@transaction.atomic
def keep_anniversary(
    region: str, anniversary: Anniversary, *, source: str, actor: Actor, key: str
) -> CalendarChange:
    """登记或更正每年固定日期的地方节日（州庆、县庆）；``until`` 写上终止年份就是停用。

    ``anniversary.legal_basis`` 不用，依据以 ``source`` 为准。
    """
    opened = _open(region, "keep_anniversary", actor, key)
    if opened.earlier:
        return opened.earlier
    faults = wording_faults(anniversary.name, source)
    if region == NATIONAL:
        faults.append("全国的节日按年录入，不登记为固定日期。")
    if anniversary.since and anniversary.until and anniversary.until < anniversary.since:
        faults.append("终止年份不能早于起始年份。")
    refuse(faults)
    row = CalendarAnniversary.objects.filter(region=opened.region, name=anniversary.name).first()
    old = _anniversary_values(row) if row else None
    row = row or CalendarAnniversary(region=opened.region, name=anniversary.name)
    row.month, row.day = anniversary.month, anniversary.day
    row.moved_from_sunday = anniversary.moved_from_sunday
    row.since, row.until = anniversary.since, anniversary.until
    row.source, row.entered_by_id, row.entered_at = source, actor.user_id, timezone.now()
    row.save()
    return conclude(
        Change(
            "keep_anniversary",
            opened.region,
            f"登记{row}",
            row,
            {"old": old, "new": _anniversary_values(row)},
        ),
        actor=actor,
        key=key,
    )


@dataclass(frozen=True)
class Opened:
    """开始一个动作：所改的地区；``earlier`` 是同一幂等键已做过的那一次。"""

    region: CalendarRegion
    earlier: CalendarChange | None


def _open(region: str, action: str, actor: Actor, key: str) -> Opened:
    """验权、查重。先锁住日历，改动因此一个接一个，版本号的次序就是提交的次序。"""
    load_calendar()
    row = CalendarRegion.objects.filter(code=region).first()
    if row is None:
        raise Refused([f"没有“{region}”这个地区的工作日历。"])
    if not POLICY.may_maintain(actor, row):
        raise Refused([f"{row}的工作日历由其政府的监督员或系统管理员维护，您现在的身份不能修改。"])
    earlier = CalendarChange.objects.filter(idempotency_key=key).first()
    done = earlier and (earlier.action, earlier.region_id, earlier.user_id)
    if done and done != (action, row.pk, actor.user_id):
        raise KeyTaken
    return Opened(row, earlier)


def _replace(
    region: CalendarRegion, year: int, festival: str, replaced: Q, entries: Sequence[DayEntry],
    source: str, actor: Actor, key: str, action: str,
) -> CalendarChange:  # fmt: skip
    old = CalendarDay.objects.filter(replaced, region=region)
    before = [_values(day) for day in old]
    old.delete()
    days = _days(region, festival, entries, source, actor)
    table, _ = CalendarTable.objects.update_or_create(
        region=region,
        year=year,
        festival=festival,
        defaults={
            "source": source.strip(),
            "entered_by_id": actor.user_id,
            "entered_at": timezone.now(),
        },
    )
    verb = "重新录入" if before else "录入"
    return conclude(
        Change(
            action,
            region,
            f"{verb}{table}",
            table,
            {"old": before, "new": list(map(_values, days))},
        ),
        actor=actor,
        key=key,
    )


def _days(
    region: CalendarRegion, festival: str, entries: Iterable[DayEntry], source: str, actor: Actor
) -> list[CalendarDay]:
    now = timezone.now()
    return CalendarDay.objects.bulk_create(
        CalendarDay(
            region=region,
            date=entry.date,
            festival=festival,
            works=entry.works,
            name=entry.name.strip(),
            source=source.strip(),
            entered_by_id=actor.user_id,
            entered_at=now,
        )
        for entry in entries
    )


def _table_faults(entries: Sequence[DayEntry], source: str) -> list[str]:
    if not entries:
        return ["没有写任何一天。"]
    wording = [fault for entry in entries for fault in wording_faults(entry.name, source)]
    return [*wording, *repeated_day_faults(entries)]


def _without(region: str, dates: Iterable[date]) -> Tables:
    """去掉 ``region`` 在这些日子的登记以后的全部日历表。"""
    tables = in_force().tables
    gone = set(dates)
    days: dict[str, dict[date, ExceptionalDay]] = {
        code: {on: day for on, day in table.items() if code != region or on not in gone}
        for code, table in tables.days.items()
    }
    return Tables(tables.regions, days, tables.known_years, tables.entered)


def _dates(region: CalendarRegion, replaced: Q) -> list[date]:
    return list(CalendarDay.objects.filter(replaced, region=region).values_list("date", flat=True))


def _holidays(day: CalendarDay) -> QuerySet[CalendarDay]:
    """与 ``day`` 同一张节日表的放假日。"""
    return CalendarDay.objects.filter(
        region=day.region, date__year=day.date.year, festival=day.festival, works=False
    )


def _table(region: CalendarRegion, year: int, festival: str) -> QuerySet[CalendarTable]:
    return CalendarTable.objects.filter(region=region, year=year, festival=festival)


def _current(day: CalendarDay) -> CalendarDay:
    current = CalendarDay.objects.select_related("region").filter(pk=day.pk).first()
    if current is None:
        raise Refused(["这一天的登记已经被删去，请刷新页面。"])
    return current


def _values(day: CalendarDay) -> dict[str, Any]:
    return {"date": day.date, "works": day.works, "name": day.name, "source": day.source}


def _anniversary_values(row: CalendarAnniversary) -> dict[str, Any]:
    return {
        "month": row.month, "day": row.day, "moved_from_sunday": row.moved_from_sunday,
        "since": row.since, "until": row.until, "source": row.source,
    }  # fmt: skip
