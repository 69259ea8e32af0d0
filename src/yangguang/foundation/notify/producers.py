"""什么事引出通知：流转的每一步，期限将到，作业进了死信。"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from yangguang.foundation.accounts.models import Role
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.jobs.models import Job
from yangguang.foundation.lifecycle.watching import Step
from yangguang.foundation.reading_day import reading_day

from .audiences import everyone_as
from .models import Contact
from .registry import Due, LivingNotices, all_notices, notices_of
from .rules import (
    ALARM,
    DEADLINE,
    HORIZON,
    OVERDUE_FOR,
    RETURNED,
    WAITING,
    WORKING_HORIZON,
    milestone,
    working_milestone,
)
from .telling import Notice, settle, tell

JOBS = "jobs.job"
BUCKET = 600
"""死信几秒归作一条报警：一处坏了，不必报几百条。"""
LOOK_BACK = timedelta(hours=2)
OWN_JOBS = "notify."
PEOPLE = "people"
"""人员的转换表。"""
BATCH = 500


def on_steps(steps: Sequence[Step]) -> None:
    """流转走了几步：从前的消息了结，等谁办、退给谁的告诉谁。"""
    _forget_leavers(steps)
    model = type(steps[0].record)
    notices = notices_of(model)
    moved = [step for step in steps if step.row.source != step.row.target]
    if notices is None or not moved:
        return
    if gone := [step.record for step in moved if step.row.source]:
        settle(gone, model, timezone.now())
    tell([*_returned(notices, moved), *_waiting(notices, moved)])


def _returned(notices: LivingNotices, steps: Sequence[Step]) -> Iterator[Notice]:
    for event, audience in notices.returns.items():
        sent_back = [step for step in steps if step.row.event == event]
        found = audience.of([step.record for step in sent_back]) if sent_back else {}
        for step in sent_back:
            for to in found[step.record.pk]:
                yield Notice(
                    to, RETURNED, notices.code, str(step.record), notices.href(step.record),
                    f"step:{step.row.pk}", f"“{step.row.message}”" if step.row.message else "",
                    record=step.record,
                )  # fmt: skip


def _waiting(notices: LivingNotices, steps: Sequence[Step]) -> Iterator[Notice]:
    for state, audience in notices.waits.items():
        reached = [s for s in steps if s.row.target == state and s.row.event not in notices.returns]
        found = audience.of([step.record for step in reached]) if reached else {}
        for step in reached:
            for to in found[step.record.pk]:
                # 刚办完这一步的人自己知道
                if to.user != step.row.user_id:
                    yield Notice(
                        to, WAITING, notices.code, str(step.record), notices.href(step.record),
                        f"step:{step.row.pk}", step.record.state_label,
                        due_on=step.record.deadline, record=step.record,
                    )  # fmt: skip


def _forget_leavers(steps: Sequence[Step]) -> None:
    """账号停用的，收提醒的地址一并删去。"""
    if steps[0].record.lifecycle.name != PEOPLE:
        return
    left = [step.record.pk for step in steps if step.row.target == "left"]
    if left:
        Contact.objects.filter(user__staff__in=left).delete()


def remind_of_deadlines() -> int:
    """期限临近、已过的，告诉要办的人；同一条的同一档只告诉一次。返回新告诉了几条。"""
    today, calendars = reading_day(), Calendars()
    return sum(
        _remind(notices, due, today, calendars) for notices in all_notices() for due in notices.dues
    )


def _remind(notices: LivingNotices, due: Due, today: date, calendars: Calendars) -> int:
    """一种记录的一个期限，一批一个事务。"""
    told = 0
    ahead = HORIZON if not due.working_days else WORKING_HORIZON
    records = list(due.between(today - OVERDUE_FOR, today + ahead))
    kind = f"{notices.code}:{due.label}" if due.label else notices.code
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        found = due.audience.of(part)
        wanted = []
        for record in part:
            due_on = due.on(record)
            if due_on is None:
                continue
            step = (
                working_milestone(
                    due_on, today, calendars.of(record.organisation), due.working_days
                )
                if due.working_days
                else milestone(due_on, today)
            )
            if step is None:
                continue
            unit = "个工作日" if due.working_days else "天"
            why = due.label + (
                "期限已过"
                if step < 0
                else "今天到期"
                if step == 0
                else f"期限临近，{step} {unit}以内"
            )
            wanted += [
                Notice(
                    to, DEADLINE, notices.code, str(record), notices.href(record),
                    f"due:{kind}:{record.pk}:{due_on.isoformat()}:{step}",
                    f"{why}（{due_on.isoformat()}）", due_on=due_on, record=record,
                )
                for to in found[record.pk]
            ]  # fmt: skip
        with transaction.atomic():
            told += len(tell(wanted))
    return told


def alarm_dead_letters() -> int:
    """有作业进了死信，告诉系统管理员；十分钟以内同一种的归作一条。返回新告诉了几条。

    发提醒的作业自己进了死信，只在站内说：不然邮件坏了，会为发不出的邮件再发邮件。
    """
    now = timezone.now()
    dead = (
        Job.objects.filter(state=Job.State.DEAD, finished_at__gt=now - LOOK_BACK)
        .values_list("name", "finished_at")
        .order_by("finished_at")
    )
    piles: set[tuple[str, int]] = set()
    for name, finished_at in dead:
        if finished_at is not None:
            piles.add((name, int(finished_at.timestamp()) // BUCKET))
    if not piles:
        return 0
    from yangguang.foundation.jobs.workbench import told as told_by

    people = everyone_as(Role.SYSTEM_ADMIN)
    href = reverse("workbench:jobs")
    wanted = [
        Notice(
            to, ALARM, JOBS, f"作业进了死信：{told_by(Job(name=name))}", href,
            f"dead:{name}:{bucket}", f"{_clock(bucket)} 前后，先看错在哪里，再放回队列",
            stays=name.startswith(OWN_JOBS),
        )
        for name, bucket in sorted(piles)
        for to in people
    ]  # fmt: skip
    with transaction.atomic():
        return len(tell(wanted))


def _clock(bucket: int) -> str:
    at = datetime.fromtimestamp(bucket * BUCKET, timezone.get_current_timezone())
    return f"{at:%Y-%m-%d %H:%M}"
