"""每次改动日历都要做的：锁住日历、记下改动、入审计、排上重算期限的作业。"""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record
from yangguang.foundation.jobs.services import enqueue
from yangguang.foundation.lifecycle.services import Refused

from .models import CalendarAnniversary, CalendarChange, CalendarDay, CalendarRegion, CalendarTable
from .rules import NATIONAL

REDATE = "calendar.redate"


@dataclass(frozen=True)
class Change:
    """一次改动的内容：记入 ``CalendarChange`` 和审计。"""

    action: str
    region: CalendarRegion
    summary: str
    target: CalendarDay | CalendarTable | CalendarAnniversary | None = None
    public: dict[str, Any] = field(default_factory=dict)
    note: str = ""


def conclude(change: Change, *, actor: Actor | None, key: str) -> CalendarChange:
    """记下改动，入审计，排上重算期限的作业。"""
    row = CalendarChange.objects.create(
        action=change.action,
        region=change.region,
        summary=change.summary,
        user_id=actor.user_id if actor else None,
        assignment_id=actor.assignment_id if actor else None,
        idempotency_key=key,
        at=timezone.now(),
    )
    record(
        f"calendar.{change.action}",
        actor=actor,
        target=change.target or change.region,
        target_label=change.summary,
        public=change.public,
        note=change.note,
    )
    enqueue(REDATE, {}, key=f"calendar-change:{row.pk}")
    return row


def lock() -> None:
    """锁住日历到事务结束：改动一个接一个，版本号的次序就是提交的次序。"""
    list(CalendarRegion.objects.select_for_update().filter(code=NATIONAL).values_list("pk"))


def refuse(faults: list[str]) -> None:
    """有不合之处就抛出 ``Refused``，带上全部理由。"""
    if faults:
        raise Refused(list(dict.fromkeys(faults)))
