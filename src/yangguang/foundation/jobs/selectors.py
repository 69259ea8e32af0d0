"""作业的读取。"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from .models import Job


def dead_letters() -> QuerySet[Job]:
    """死信：试够了次数或无法再试的作业，新近的在前。一次查询。"""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-pk")


def due(now: datetime | None = None) -> QuerySet[Job]:
    """现在该运行的作业，先到点的在前。一次查询。"""
    waiting = Job.objects.filter(state=Job.State.WAITING, run_after__lte=now or timezone.now())
    return waiting.order_by("run_after", "pk")


def overdue_leases(now: datetime | None = None) -> QuerySet[Job]:
    """租约已过的作业：它的工人没了，或与数据库断了。一次查询。"""
    return Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now or timezone.now())
