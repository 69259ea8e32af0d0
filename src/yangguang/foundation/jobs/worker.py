"""工人：认领、运行、续租、收回。

认领就是一句带条件的 UPDATE，SQLite 与 PostgreSQL 一样，几台主机同时来也只有一个得手。
认领即计一次，所以一跑就把进程弄死的作业也会试够次数进死信。运行期间另一个线程续租；
进程被 kill -9，租约过后任何工人都可以收回重排。完成时核对租约还在自己手上。
"""

import logging
import os
import secrets
import socket
import threading
import time
import traceback
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from yangguang.foundation.failpoints import reach

from . import registry, selectors
from .models import Job
from .rules import retry_delay

log = logging.getLogger("yangguang.jobs")

LEASE = timedelta(seconds=getattr(settings, "JOB_LEASE_SECONDS", 30))
CANDIDATES = 20
ERROR_LENGTH = 4000
LOST_WORKER = "运行它的进程中途消失（被杀、断电或内存不足）。"


class Worker:
    """一个工人，一次做一项。"""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._held: Job | None = None
        self._deadline = 0.0

    def run_one(self) -> bool:
        """做一项到点的作业；没有可做的返回假。"""
        row = self._claim()
        if row is None:
            return False
        reach("jobs.claimed")
        try:
            job = registry.find(row.name)
        except LookupError as error:
            self._finish(row, dead=True, error=str(error))
            return True
        with self._lock:
            self._held = row
            self._deadline = time.monotonic() + job.timeout.total_seconds()
        try:
            job.function(**row.payload)
        except registry.Hopeless as error:
            self._finish(row, dead=True, error=str(error))
        except Exception as error:  # noqa: BLE001  作业抛出什么都是它的失败，记下来重试
            self._fail(row, job, error)
        else:
            reach("jobs.before_done")
            self._finish(row)
            reach("jobs.after_done")
        return True

    def _claim(self) -> Job | None:
        now = timezone.now()
        for row in selectors.due(now)[:CANDIDATES]:
            claimed = Job.objects.filter(
                pk=row.pk, state=Job.State.WAITING, attempts=row.attempts
            ).update(
                state=Job.State.RUNNING,
                worker=self.name,
                attempts=row.attempts + 1,
                lease_until=now + LEASE,
            )
            if claimed:
                row.attempts += 1
                return row
        return None

    def _finish(self, row: Job, *, dead: bool = False, error: str = "") -> None:
        state = Job.State.DEAD if dead else Job.State.DONE
        self._release(row, state=state, finished_at=timezone.now(), last_error=error)
        if dead:
            log.error("作业进死信：%s：%s", row, error.splitlines()[-1] if error else "")
        else:
            log.info("作业完成：%s", row)

    def _fail(self, row: Job, job: registry.Job, error: Exception) -> None:
        text = "".join(traceback.format_exception(error))[-ERROR_LENGTH:]
        if row.attempts > job.retries:
            self._finish(row, dead=True, error=text)
            return
        later = timezone.now() + retry_delay(row.attempts, job.backoff)
        self._release(row, state=Job.State.WAITING, run_after=later, last_error=text)
        log.warning("作业失败，第 %s 次，稍后重试：%s：%s", row.attempts, row, error)

    def _release(self, row: Job, **values: object) -> None:
        with self._lock:
            self._held = None
        mine = Job.objects.filter(pk=row.pk, worker=self.name, attempts=row.attempts)
        if not mine.filter(state=Job.State.RUNNING).update(lease_until=None, **values):
            log.warning("作业做完时租约已失，结果不记：%s", row)

    def heartbeat(self, stop: threading.Event) -> None:
        """在另一个线程里续租，直到 ``stop``。

        租约已被收回、或作业超过时限，就让整个进程立即消失：这时再做下去就是重复，
        而 Python 没有别的办法停下一个卡住的函数。
        """
        while not stop.wait(LEASE.total_seconds() / 4):
            with self._lock:
                row, deadline = self._held, self._deadline
                if row is None:
                    continue
                try:
                    close_old_connections()
                    kept = self._renew(row, expired=time.monotonic() > deadline)
                except DatabaseError:
                    log.warning("续租不成，稍后再试：%s", row)
                    continue
            if not kept:
                log.error("作业超时或租约已失，进程退出：%s", row)
                os._exit(75)
        connections.close_all()

    def _renew(self, row: Job, *, expired: bool) -> bool:
        mine = Job.objects.filter(
            pk=row.pk, worker=self.name, attempts=row.attempts, state=Job.State.RUNNING
        )
        if expired:
            mine.update(lease_until=timezone.now())
            return False
        return bool(mine.update(lease_until=timezone.now() + LEASE))


def reap(now: datetime | None = None) -> int:
    """收回租约已过的作业：次数未满的重排，满了的进死信。返回收回了几项。"""
    now = now or timezone.now()
    taken = 0
    for row in selectors.overdue_leases(now):
        try:
            job = registry.find(row.name)
            spent, backoff = row.attempts > job.retries, job.backoff
        except LookupError:
            spent, backoff = True, timedelta()
        mine = Job.objects.filter(
            pk=row.pk, state=Job.State.RUNNING, attempts=row.attempts, lease_until=row.lease_until
        )
        values: dict[str, object] = {"lease_until": None, "last_error": LOST_WORKER}
        if spent:
            values |= {"state": Job.State.DEAD, "finished_at": now}
        else:
            # 进程消失多半不是作业的错，先快后慢
            wait = timedelta() if row.attempts == 1 else retry_delay(row.attempts - 1, backoff)
            values |= {"state": Job.State.WAITING, "run_after": now + wait}
        taken += mine.update(**values)
    return taken


def run_due(limit: int = 1000) -> int:
    """在本进程里做完所有到点的作业，返回做了几项。供测试、导入和 ``work --drain`` 用。"""
    worker, done = Worker(), 0
    while done < limit and worker.run_one():
        done += 1
    return done
