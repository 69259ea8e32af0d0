"""夜里查站外链接：先收集，再一批一批地查，天亮就停。"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule
from yangguang.foundation.jobs.services import enqueue
from yangguang.hub.columns.models import Site

from .services import PAUSE_SECONDS, begin_night, check_some, gather

PAUSE = timedelta(seconds=PAUSE_SECONDS)
LASTS = timedelta(hours=3)
"""一夜最多查多久；没有查到的，下一夜从它们查起。"""


@job("links.begin")
def begin() -> None:
    """收集各站点的页面上的链接，排上头一批。没有开着的不做。"""
    if not settings.CHECK_LINKS:
        return
    now = timezone.now()
    for site in Site.objects.order_by("pk"):
        gather(site)
    with transaction.atomic():
        begin_night(now)
        _next(now, 1)


@job("links.check", retries=2)
def check(night: str, turn: int) -> None:
    """查一批；还有就排上下一批。重做无害：查过的不再查。"""
    began = datetime.fromisoformat(night)
    if check_some(began) and timezone.now() - began < LASTS:
        with transaction.atomic():
            _next(began, turn + 1)


def _next(night: datetime, turn: int) -> None:
    key = f"{night.isoformat()}:{turn}"
    payload = {"night": night.isoformat(), "turn": turn}
    enqueue("links.check", payload, key=key, run_after=timezone.now() + PAUSE)


schedule("links", "links.begin", daily=time(3, 10))
