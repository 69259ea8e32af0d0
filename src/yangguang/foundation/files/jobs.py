"""文件的作业：收下就查毒，没有查成的隔一会儿再查，一直查到成；没有传完、许久不动的清走；
从前收下的图片、视频补做上网的一份。"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule

from .baring import bare_old
from .quarantine import SCAN, look, look_at_waiting
from .uploads import sweep


@job(SCAN, retries=2, backoff=timedelta(seconds=5))
def scan_one(sha256: str) -> None:
    """刚收下的一份。"""
    if settings.CLAMD:
        look(sha256)


@job("files.scan_waiting")
def scan_waiting() -> None:
    """还隔离着的。"""
    if settings.CLAMD:
        look_at_waiting()


schedule("files.scan_waiting", "files.scan_waiting", every=timedelta(minutes=5))


@job("files.sweep_uploads")
def sweep_uploads() -> None:
    """没有传完、许久没有动静的。"""
    sweep(timezone.now())


schedule("files.sweep_uploads", "files.sweep_uploads", every=timedelta(hours=6))


AT_A_TIME = timedelta(minutes=2)
"""补做一次最多做多久；没有做完的下一次接着做。"""


@job("files.bare_old", timeout=timedelta(minutes=30))
def bare_old_files() -> None:
    """从前收下的补做上网的一份。"""
    bare_old(timezone.now() + AT_A_TIME)


schedule("files.bare_old", "files.bare_old", every=timedelta(minutes=5))
