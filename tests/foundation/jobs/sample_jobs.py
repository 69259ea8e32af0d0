"""测试用的作业：各在日志末尾追加一行“词 名称 进程号”。测试进程和它起的工人进程都载入这里。"""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from yangguang.foundation.jobs.registry import Hopeless, follow, job

SOON = timedelta(milliseconds=50)


def note(word: str, name: str) -> None:
    descriptor = os.open(os.environ["SAMPLE_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{word} {name} {os.getpid()}\n".encode())
    os.close(descriptor)


def noted(word: str, name: str) -> list[int]:
    """写下过“词 名称”的各进程号，按先后。"""
    path = Path(os.environ["SAMPLE_LOG"])
    rows = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    return [int(row[2]) for row in rows if row[:2] == [word, name]]


@job("test.quick")
def quick(name: str) -> None:
    note("start", name)


@job("test.slow", backoff=SOON)
def slow(name: str, seconds: float) -> None:
    note("start", name)
    time.sleep(seconds)
    note("end", name)


@job("test.fails", retries=3, backoff=timedelta(seconds=10))
def fails(name: str, times: int) -> None:
    note("start", name)
    if len(noted("start", name)) <= times:
        raise ValueError("故意失败")


@job("test.hopeless")
def hopeless() -> None:
    raise Hopeless("对方已注销，再试无用")


@job("test.poison", retries=2, backoff=SOON)
def poison(name: str) -> None:
    note("start", name)
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.stuck", retries=1, backoff=SOON, timeout=timedelta(seconds=1))
def stuck(name: str) -> None:
    note("start", name)
    time.sleep(600)


@follow("test.follower", every=0.2)
def follower() -> None:
    if "SAMPLE_LOG" in os.environ:
        note("turn", "follower")
