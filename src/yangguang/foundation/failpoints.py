"""断点：在写操作的每个边界上“断电”，证明断在哪里都能接着做。

业务代码在边界处写一句 ``reach("baker.after_rename")``。平时什么也不做；只有两种情形会停：

- 测试用 ``armed(...)`` 布下断点：到达时抛出 ``Stopped``。它不是 ``Exception``，
  没有哪段业务代码会把它当作普通错误吞掉，数据库事务照常回滚，等于进程就此消失；
- 环境变量 ``YANGGUANG_FAILPOINT=名称[:第几次]``：到达时对自己发 SIGKILL，供真实的 kill -9 演练。

名称写 ``*`` 表示任何一个边界。
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANY = "*"


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


def _from_environment() -> Plan | None:
    wanted = os.environ.get("YANGGUANG_FAILPOINT", "")
    if not wanted:
        return None
    name, _, hit = wanted.partition(":")
    return Plan(name, int(hit or 1), kill=True)


_plan: Plan | None = _from_environment()


def reach(name: str) -> None:
    """到达一个边界。没有布下断点时什么也不做。"""
    if _plan is not None:
        _plan.reach(name)


@contextmanager
def armed(name: str = ANY, hit: int = 1) -> Iterator[Plan]:
    """在这段代码里布下断点；``hit=0`` 只数边界，不停。"""
    global _plan
    before, _plan = _plan, Plan(name, hit)
    try:
        yield _plan
    finally:
        _plan = before
