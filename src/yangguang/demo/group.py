"""一组子进程：一起起，一起停，一个不留。

子进程同在一个进程组里，与起它们的进程不同组：终端上的 Ctrl-C 只到父进程，由它依次收场。
父进程被强杀时，内核把结束信号送给子进程（Linux）。各进程的输出写进各自的日志。
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GRACE = 5.0
"""收到结束信号后，最多等这么多秒，再强制结束。"""
LOOK = 0.1
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Member:
    """要起的一个进程：叫什么、怎么起、输出写到哪里。"""

    label: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Ended:
    """自己结束了的一个进程。"""

    member: Member
    code: int

    def how(self) -> str:
        """怎样结束的：退出码，或被哪个信号结束。"""
        if self.code < 0:
            return f"被信号 {signal.Signals(-self.code).name} 结束"
        return f"退出码 {self.code}"

    def last_lines(self, count: int = 8) -> str:
        """日志的最后几行。"""
        lines = self.member.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-count:])


class Group:
    """一个进程组。用作上下文：离开时必定全部结束。"""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = list(members)
        self._running: list[tuple[Member, subprocess.Popen[bytes]]] = []
        self._leader = 0

    def __enter__(self) -> "Group":
        try:
            for member in self.members:
                self._start(member)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def ended(self) -> Ended | None:
        """有没有哪个自己结束了；有就给出第一个。"""
        for member, process in self._running:
            if (code := process.poll()) is not None:
                return Ended(member, code)
        return None

    def watch(self, stopped: Callable[[], bool]) -> Ended | None:
        """守着，直到有一个自己结束（返回它）或者 ``stopped()`` 为真（返回 ``None``）。"""
        while not stopped():
            if ended := self.ended():
                return ended
            time.sleep(LOOK)
        return None

    def end(self) -> None:
        """全部结束：先请它们收场，到时仍在的强制结束，连同它们自己起的进程。"""
        if not self._leader:
            return
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for _, process in self._running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                process.wait()
        self._signal(signal.SIGKILL)
        self._leader = 0

    def _start(self, member: Member) -> None:
        member.log.parent.mkdir(parents=True, exist_ok=True)
        with member.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                list(member.arguments),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(member.environment or {})},
                process_group=self._leader,
                preexec_fn=_die_with_parent,
            )
        self._leader = self._leader or process.pid
        self._running.append((member, process))

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._leader, number)
        except ProcessLookupError:
            pass


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
