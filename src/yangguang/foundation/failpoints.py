"""断点：在写操作的每个边界上“断电”，证明断在哪里都能接着做。

业务代码在边界处写一句 ``reach("baker.after_rename")``。平时什么也不做；只有两种情形会停：

- 测试用 ``armed(...)`` 布下断点：到达时抛出 ``Stopped``。它不是 ``Exception``，
  没有哪段业务代码会把它当作普通错误吞掉，数据库事务照常回滚，等于进程就此消失；
- 环境变量 ``YANGGUANG_FAILPOINT=名称[:第几次]``：到达时对自己发 SIGKILL，供真实的 kill -9 演练。

名称写 ``*`` 表示任何一个边界。

环境变量 ``YANGGUANG_TRACE=目录`` 让进程把刚到过的边界记在 ``目录/进程号``，不停下：从外面 kill -9
之后，看得出断在哪里。
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ANY = "*"
AT_REST = ".at_rest"
"""名称以此结尾的不是边界，只记下“手上的做完了”，供 ``Trace`` 用。"""


class Stopped(BaseException):
    """在断点处停下。相当于进程在这一刻被杀。"""


@dataclass
class Plan:
    """一次演练：停在名为 ``name`` 的边界第 ``hit`` 次到达时；``hit`` 为 0 表示只记录不停。"""

    name: str = ANY
    hit: int = 0
    kill: bool = False
    reached: list[str] = field(default_factory=list)

    def reach(self, name: str) -> None:
        """记下到达的边界；轮到它了就停。"""
        if self.name not in (ANY, name):
            return
        self.reached.append(name)
        if self.hit and len(self.reached) == self.hit:
            if self.kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Stopped(name)


class Trace:
    """这个进程刚到过哪个边界，写在一个定长的文件里；进程被杀，文件还在。"""

    WIDTH = 64

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pid = 0
        self.descriptor = -1

    def note(self, name: str) -> None:
        """记下。换了进程（``fork``）就换一个文件。"""
        if self.pid != os.getpid():
            self.pid = os.getpid()
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            self.descriptor = os.open(self.folder / str(self.pid), flags, 0o600)
        os.pwrite(self.descriptor, name.encode().ljust(self.WIDTH), 0)

    @staticmethod
    def last(folder: Path, pid: int) -> str:
        """进程 ``pid`` 最后到过的边界；没有到过为空。"""
        path = folder / str(pid)
        return path.read_text().strip() if path.exists() else ""


def _trace_from_environment() -> Trace | None:
    folder = os.environ.get("YANGGUANG_TRACE", "")
    return Trace(Path(folder)) if folder else None


def _from_environment() -> Plan | None:
    wanted = os.environ.get("YANGGUANG_FAILPOINT", "")
    if not wanted:
        return None
    name, _, hit = wanted.partition(":")
    return Plan(name, int(hit or 1), kill=True)


_plan: Plan | None = _from_environment()
_trace: Trace | None = _trace_from_environment()


def reach(name: str) -> None:
    """到达一个边界。没有布下断点时什么也不做。"""
    if _trace is not None:
        _trace.note(name)
    if _plan is not None and not name.endswith(AT_REST):
        _plan.reach(name)


@contextmanager
def armed(name: str = ANY, hit: int = 1, *, kill: bool = False) -> Iterator[Plan]:
    """在这段代码里布下断点；``hit=0`` 只数边界，不停。``kill`` 为真则不抛异常，真的对自己发 SIGKILL。"""
    global _plan
    before, _plan = _plan, Plan(name, hit, kill)
    try:
        yield _plan
    finally:
        _plan = before


@contextmanager
def traced(folder: Path) -> Iterator[None]:
    """在这段代码里把到过的边界记在 ``folder`` 里，如同给了 ``YANGGUANG_TRACE``。"""
    global _trace
    before, _trace = _trace, Trace(folder)
    try:
        yield
    finally:
        _trace = before
