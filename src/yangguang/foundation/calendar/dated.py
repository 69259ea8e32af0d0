"""有期限的记录：上层各应用在启动时登记，期限只由这里写入，日历一变就重算。

期限字段是缓存：``DatedField.write`` 是唯一的写法（``tests/test_house.py`` 查全部源码），
它只用登记的算法和现行日历。重算 ``redate`` 可以重做，只改与计算不符的，每改一条入一条审计。
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.failpoints import reach

from .deadlines import Deadline
from .models import CalendarChange
from .rules import WorkingCalendar, spoken
from .selectors import Calendars

CHUNK = 200


@dataclass(frozen=True)
class DatedField:
    """一类记录的一个期限。

    ``field`` 与 ``provisional_field`` 是存放日期、是否暂定的字段；``open_records`` 给出期限还管用的
    记录（连同 ``organisation``），``compute`` 由记录和日历算出期限，没有期限为 ``None``。
    """

    name: str
    label: str
    field: str
    provisional_field: str
    open_records: Callable[[], QuerySet[Any]]
    compute: Callable[[Any, WorkingCalendar], Deadline | None]

    def value(self, record: Model) -> tuple[date | None, bool]:
        """现在记着的期限，和它是不是暂定的。"""
        return getattr(record, self.field), getattr(record, self.provisional_field)

    def write(self, record: Model, calendar: WorkingCalendar) -> bool:
        """按 ``calendar`` 算出期限写进 ``record``，返回是否有变化。不存库。"""
        before = self.value(record)
        deadline = self.compute(record, calendar)
        setattr(record, self.field, deadline.due if deadline else None)
        setattr(record, self.provisional_field, bool(deadline and deadline.provisional))
        return self.value(record) != before


@dataclass(frozen=True)
class Redated:
    """重算的结果：查了几条，改了几条。"""

    checked: int
    changed: int


_registered: dict[str, DatedField] = {}
_followers: dict[str, list[Callable[[list[Any]], object]]] = {}


def register(field: DatedField) -> None:
    """登记一个期限；名称重复抛出 ``ValueError``。"""
    if field.name in _registered:
        raise ValueError(f"“{field.name}”已经登记过。")
    _registered[field.name] = field


def follow(name: str, work: Callable[[list[Any]], object]) -> None:
    """登记：名为 ``name`` 的期限重算改了一批，就照这批记录（编号）去更新由它得来的，在同一个事务里。"""
    _followers.setdefault(name, []).append(work)


def registered() -> tuple[DatedField, ...]:
    """全部登记过的期限。"""
    return tuple(_registered.values())


def redate(*, nightly: bool = False) -> Redated:
    """重算全部还管用的期限；``nightly`` 是每夜核对，否则是日历改动之后。

    一批一个事务：锁住记录，再取现行日历，所以并行的两次重算后写的一定用较新的日历。
    连着几次改动的，第一次重算就用上最新的日历，缘由也记最新的那次改动。
    """
    checked = changed = 0
    for field in registered():
        for keys in _chunks(field.open_records()):
            with transaction.atomic():
                records = field.open_records().filter(pk__in=keys).order_by("pk")
                held = list(records.select_for_update(of=("self",)))
                calendars = Calendars()
                checked += len(held)
                cause = None if nightly else calendars.change
                moved = [one.pk for one in held if _redate(field, one, calendars, cause)]
                changed += len(moved)
                for work in _followers.get(field.name, ()) if moved else ():
                    work(moved)
            reach("calendar.batch_redated")
    return Redated(checked, changed)


def _redate(
    field: DatedField, record: Any, calendars: Calendars, cause: CalendarChange | None
) -> bool:
    old, was_provisional = field.value(record)
    if not field.write(record, calendars.of(record.organisation)):
        return False
    record.save(update_fields=[field.field, field.provisional_field])
    new, provisional = field.value(record)
    record_event(
        "calendar.redate",
        actor=None,
        target=record,
        fields=(field.field,),
        public={
            "field": field.name,
            "from": old,
            "to": new,
            "provisional": {"from": was_provisional, "to": provisional},
            "change": cause.pk if cause else None,
        },
        note=_sentence(field, (old, was_provisional), (new, provisional), cause),
    )
    return True


def _sentence(
    field: DatedField,
    before: tuple[date | None, bool],
    after: tuple[date | None, bool],
    cause: CalendarChange | None,
) -> str:
    reason = f"工作日历改动（{cause.summary}）" if cause else "每夜核对，所记与计算不符"
    return f"{reason}：{field.label}由{_told(*before)}改为{_told(*after)}。"


def _told(due: date | None, provisional: bool) -> str:
    return "无" if due is None else spoken(due) + ("，暂定" if provisional else "")


def _chunks(records: QuerySet[Any]) -> Iterator[list[Any]]:
    keys = list(records.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
