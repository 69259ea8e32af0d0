"""查毒的作业：收下就查；没有查成的隔一会儿再查，一直查到成。"""

from datetime import timedelta

from django.conf import settings

from yangguang.foundation.jobs.registry import job, schedule

from .quarantine import SCAN, look, look_at_waiting


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
