"""``yangguang work`` 的进程：一个看守，几个工人，一个管日程和跟随者。

看守不碰数据库，只管孩子：死了就补一个；收到 SIGTERM 或 SIGINT，让孩子做完手上的再走，
过了宽限就杀（租约会把没做完的收回来）。看守自己被 kill -9，孩子发现父进程换了人，
做完手上的就走，不会留下无主的工人。
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from django.db import DatabaseError, close_old_connections, connections

from . import registry, services, worker

log = logging.getLogger("yangguang.jobs")

POLL = 0.5
HOUSEKEEPING = 5.0
LONGEST_PAUSE = 30.0
NICENESS = 10


class Supervisor:
    """看守。``run`` 返回退出码。"""

    def __init__(self, processes: int, grace: float) -> None:
        self.roles: list[Callable[[Supervisor], None]] = [_keep_time, *[_work] * processes]
        if any(follower.apart for follower in registry.followers()):
            self.roles.append(_keep_watch)
        self.grace = grace
        self.stop = threading.Event()
        self.pid = os.getpid()
        self.children: dict[int, Callable[[Supervisor], None]] = {}

    @property
    def stopping(self) -> bool:
        """该走了：收到信号，或者（在孩子里）看守没了。"""
        return self.stop.is_set() or (os.getpid() != self.pid and os.getppid() != self.pid)

    def run(self) -> int:
        """看守到收到信号为止。"""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        for role in self.roles:
            self._fork(role)
        while not self.stop.wait(POLL):
            for role in self._buried():
                log.error("一个工人进程意外退出，已补上。")
                self._fork(role)
        return self._wind_up()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _fork(self, role: Callable[["Supervisor"], None]) -> None:
        connections.close_all()
        child = os.fork()
        if child:
            self.children[child] = role
            return
        code = 1
        try:
            role(self)
            code = 0
        except Exception:
            log.exception("工人进程出错退出。")
        finally:
            connections.close_all()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _buried(self) -> list[Callable[["Supervisor"], None]]:
        """收走已经退出的孩子，返回它们各自的角色。"""
        gone = []
        for child in list(self.children):
            if os.waitpid(child, os.WNOHANG)[0]:
                gone.append(self.children.pop(child))
        return gone

    def _wind_up(self) -> int:
        for child in self.children:
            os.kill(child, signal.SIGTERM)
        limit = time.monotonic() + self.grace
        while self.children and time.monotonic() < limit:
            self._buried()
            time.sleep(0.05)
        for child in self.children:
            log.error("工人进程过了宽限仍未做完，强行结束；租约过后会重做。")
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return 0


def _work(supervisor: Supervisor) -> None:
    """一个工人：有就做，没有就歇一歇。"""
    one = worker.Worker()
    beating = threading.Event()
    threading.Thread(target=one.heartbeat, args=(beating,), daemon=True).start()
    while not supervisor.stopping:
        if not _safely("领取作业", one.run_one):
            supervisor.stop.wait(POLL)
    beating.set()


def _keep_time(supervisor: Supervisor) -> None:
    """日程、收回过期租约、跟随者。单独一个进程，长作业挡不住它。"""
    turns = Turns(supervisor)
    while not supervisor.stopping:
        for follower in registry.followers():
            if not follower.apart:
                turns.take(follower.name, follower.every, follower.function)
        turns.take("日程", POLL * 2, services.enqueue_due)
        turns.take("收回租约", min(HOUSEKEEPING, worker.LEASE.total_seconds() / 4), worker.reap)
        supervisor.stop.wait(POLL / 2)


def _keep_watch(supervisor: Supervisor) -> None:
    """一次要做好几秒的跟随者。另一个进程，让着别的进程。"""
    os.nice(NICENESS)
    turns = Turns(supervisor)
    while not supervisor.stopping:
        for follower in registry.followers():
            if follower.apart:
                turns.take(follower.name, follower.every, follower.function)
        supervisor.stop.wait(POLL)


class Turns:
    """各样事轮着做：到时候了才做，出错的退避，别的照常。"""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.due: dict[str, float] = {}
        self.pause: dict[str, float] = {}

    def take(self, name: str, every: float, action: Callable[[], object]) -> None:
        """轮到 ``name``：到时候了就做。"""
        if self.supervisor.stopping or time.monotonic() < self.due.get(name, 0.0):
            return
        failed = _safely(name, action) is FAILED
        pause = min(self.pause.get(name, every) * 2, max(LONGEST_PAUSE, every)) if failed else every
        self.pause[name] = pause
        self.due[name] = time.monotonic() + pause


class _Failed:
    def __bool__(self) -> bool:
        return False


FAILED = _Failed()


def _safely(what: str, action: Callable[[], object]) -> object:
    """做一步；数据库暂时不可用或跟随者出错，记一笔接着来，不让进程退出。"""
    try:
        close_old_connections()
        return action()
    except DatabaseError:
        log.warning("%s：数据库暂时不可用，稍后再试。", what, exc_info=True)
        connections.close_all()
    except Exception:
        log.exception("%s出错，稍后再试。", what)
    return FAILED
