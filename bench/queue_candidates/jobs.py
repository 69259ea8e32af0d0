"""试验用的作业。每个作业只在日志末尾追加一行：名称、进程号、时刻、编号。"""

import os
import signal
import time
from pathlib import Path


def note(word: str, name: str) -> None:
    """追加一行；O_APPEND 的短写入不会交错。"""
    line = f"{word} {name} {os.getpid()} {time.monotonic():.3f}\n"
    descriptor = os.open(os.environ["TRIAL_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def quick(name: str) -> None:
    note("start", name)


def slow(name: str, seconds: float) -> None:
    note("start", name)
    time.sleep(seconds)
    note("end", name)


def fails_twice(name: str) -> None:
    note("start", name)
    log = Path(os.environ["TRIAL_LOG"]).read_text()
    if log.count(f"start {name} ") < 3:
        raise ValueError("故意失败")
    note("end", name)


def always_fails(name: str) -> None:
    note("start", name)
    raise ValueError("总是失败")


def poison(name: str) -> None:
    note("start", name)
    os.kill(os.getpid(), signal.SIGKILL)
