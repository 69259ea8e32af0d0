"""装入随产品发布的日历表。"""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor

from .models import CalendarAnniversary, CalendarDay, CalendarRegion, CalendarTable
from .recording import Change, conclude, lock
from .rules import NATIONAL
from .selectors import key_of
from .tables import packaged_root, regions, year_tables


@dataclass(frozen=True)
class Loaded:
    """装入的结果：新增了几张年度表、几个特殊日，原有几张表保持原样。"""

    tables: int
    days: int
    kept: int


@transaction.atomic
def load_calendar(*, actor: Actor | None = None) -> Loaded:
    """把随产品发布的日历表装入数据库；重复装入无害。

    库里已有的地区、固定节日和年度表保持原样（可能已改过），只补上缺的。
    """
    lock()
    created = _load_regions()
    known = {region.code: region for region in CalendarRegion.objects.all()}
    kept = set(CalendarTable.objects.values_list("region__code", "year", "festival"))
    missing = [t for t in year_tables(packaged_root()) if key_of(t) not in kept]
    now = timezone.now()
    CalendarTable.objects.bulk_create(
        CalendarTable(
            region=known[t.region],
            year=t.year,
            festival=t.festival,
            source=t.source,
            entered_at=now,
        )
        for t in missing
    )
    days = CalendarDay.objects.bulk_create(
        CalendarDay(
            region=known[t.region], date=on, festival=t.festival, works=day.works, name=day.name,
            source=t.source, entered_at=now,
        )
        for t in missing
        for on, day in t.days.items()
    )  # fmt: skip
    if created or missing:
        conclude(
            Change(
                "load",
                known[NATIONAL],
                f"装入随产品发布的日历表：年度表 {len(missing)} 张，特殊日 {len(days)} 个",
                public={"tables": len(missing), "days": len(days)},
            ),
            actor=actor,
            key=f"calendar-load:{uuid4()}",
        )
    return Loaded(len(missing), len(days), len(kept))


def _load_regions() -> int:
    """补上缺的地区及其固定节日，返回补了几个地区。已有的地区不动。"""
    known = {region.code: region for region in CalendarRegion.objects.all()}
    now, created = timezone.now(), 0
    for region in regions(packaged_root()):
        if region.code in known:
            continue
        row = known[region.code] = CalendarRegion.objects.create(
            code=region.code,
            name=region.name,
            parent=known[region.parent] if region.parent else None,
            division_code=region.division_code,
            legal_basis=region.legal_basis,
            festivals=list(region.festivals),
        )
        CalendarAnniversary.objects.bulk_create(
            CalendarAnniversary(
                region=row,
                name=item.name,
                month=item.month,
                day=item.day,
                moved_from_sunday=item.moved_from_sunday,
                since=item.since,
                until=item.until,
                source=item.legal_basis,
                entered_at=now,
            )
            for item in region.anniversaries
        )
        created += 1
    return created
