"""对各队列的几个操作：入队、死信数、工人命令。"""

import os
from typing import Any

from bench.queue_candidates import jobs

QUEUE = os.environ["TRIAL_QUEUE"]


def _q2(name: str, *arguments: Any) -> None:
    from django_q.tasks import async_task

    async_task(f"bench.queue_candidates.jobs.{name}", *arguments)


def _tasks(name: str, *arguments: Any) -> None:
    from bench.queue_candidates import decorated

    getattr(decorated, name).enqueue(*arguments)


def _house(name: str, *arguments: Any) -> None:
    from django.db import transaction

    from yangguang.foundation.jobs.services import enqueue as put

    payload = dict(zip(("name", "seconds"), arguments, strict=False))
    with transaction.atomic():
        put(name, payload, key=str(arguments[0]))


def enqueue(name: str, *arguments: Any) -> None:
    """入队一个作业。"""
    assert hasattr(jobs, name)
    {"q2": _q2, "tasks": _tasks, "house": _house}[QUEUE](name, *arguments)


def state() -> str:
    """队列里还剩什么、失败了什么，一行话。"""
    if QUEUE == "q2":
        from django_q.models import Failure, OrmQ

        failures = [f.attempt_count for f in Failure.objects.all()]
        return f"队列里 {OrmQ.objects.count()} 个，失败记录 {len(failures)} 条，次数 {failures}"
    if QUEUE == "house":
        from yangguang.foundation.jobs.models import Job

        rows = list(Job.objects.values_list("state", flat=True))
    else:
        from django_tasks_db.models import DBTaskResult

        rows = list(DBTaskResult.objects.values_list("status", flat=True))
    return "、".join(f"{status} {rows.count(status)}" for status in sorted(set(rows))) or "空"


def clear() -> None:
    """清空队列。"""
    if QUEUE == "q2":
        from django_q.models import OrmQ, Task

        OrmQ.objects.all().delete()
        Task.objects.all().delete()
    elif QUEUE == "house":
        from yangguang.foundation.jobs.models import Job

        Job.objects.all().delete()
    else:
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.all().delete()
