"""作业的动作：入队、从死信重来、到点入队、清理旧行。"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record

from . import registry
from .models import Job, ScheduleMark
from .rules import next_daily, next_interval

KEPT = timedelta(days=30)


def enqueue(
    name: str, payload: Mapping[str, Any], *, key: str, run_after: datetime | None = None
) -> None:
    """入队一项作业，与调用者的改动一起提交或一起作废；同名同 ``key`` 的只入一次。

    必须在调用者的事务里（否则 ``RuntimeError``）；没有声明过的作业抛出 ``LookupError``。
    ``payload`` 是 JSON 对象，运行时化为函数的关键字参数；不要放个人信息，放记录的编号。
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("作业必须与引出它的改动在同一个事务里入队。")
    registry.find(name)
    now = timezone.now()
    row = Job(name=name, key=key, payload=dict(payload), run_after=run_after or now, created_at=now)
    Job.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def requeue(job: Job, *, actor: Actor | None, note: str = "") -> None:
    """把一项死信放回队列，从头计次，并入审计；它已不是死信则抛出 ``ValueError``。"""
    revived = Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
        state=Job.State.WAITING, attempts=0, run_after=timezone.now(), finished_at=None
    )
    if not revived:
        raise ValueError(f"{job}不在死信里，可能别人已经处理过。")
    record(
        "jobs.requeue", actor=actor, target=job, fields=("state",),
        public={"state": Job.State.WAITING.value}, note=note,
    )  # fmt: skip
    job.refresh_from_db()


def enqueue_due(now: datetime | None = None) -> int:
    """把到点的日程各入队一次，返回入队了几项。

    几台主机同时来也只入一次：谁先把“下一次”往后拨，谁入队。停机期间错过的只补一次。
    """
    now = now or timezone.now()
    marks = dict(ScheduleMark.objects.values_list("key", "next_run"))
    return sum(_enqueue_if_due(one, marks.get(one.key), now) for one in registry.schedules())


def _enqueue_if_due(one: registry.Schedule, due: datetime | None, now: datetime) -> bool:
    if due is None:
        first = now if one.every else _after(one, now, now)
        ScheduleMark.objects.bulk_create(
            [ScheduleMark(key=one.key, next_run=first)], ignore_conflicts=True
        )
        due = ScheduleMark.objects.values_list("next_run", flat=True).get(key=one.key)
    if due > now:
        return False
    with transaction.atomic():
        mark = ScheduleMark.objects.filter(key=one.key, next_run=due)
        if not mark.update(next_run=_after(one, due, now)):
            return False
        enqueue(one.job, one.payload, key=f"{one.key}@{due.isoformat()}")
    return True


def _after(one: registry.Schedule, due: datetime, now: datetime) -> datetime:
    if one.every is not None:
        return next_interval(due, one.every, now)
    if one.daily is None:
        raise ValueError(f"日程 {one.key} 没有写明何时。")
    return next_daily(now, one.daily, timezone.get_current_timezone())


def discard_finished(before: datetime | None = None) -> int:
    """删去早已做完的行（默认三十天前），返回删了几行。死信留着，由人处理。"""
    before = before or timezone.now() - KEPT
    deleted, _ = Job.objects.filter(state=Job.State.DONE, finished_at__lt=before).delete()
    return deleted
