"""各个出口的进程：真的封存、烘焙、建索引，被 SIGKILL 杀了再起，几百上千次。

起一个 Django 要几秒，所以不另起解释器：演练的进程先载入好，每一条命是它的一个分身（``fork``）。
分身之前不开索引、不留线程、不留数据库连接，所以每条命里的都是它自己的。
"""

import json
import mmap
import os
import random
import signal
import struct
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from tests.drilling import boundaries
from tests.drills.office import ENDINGS
from yangguang.foundation.failpoints import ANY, Trace, armed, traced
from yangguang.foundation.jobs import registry

BREATH = 0.01
"""手上没有事时歇多久，秒。"""
PACE = 0.1
"""跟随者隔多久做一次，照产品里的间隔打这个折。"""
PATIENCE = 2.5
"""布下的断点等这么久还没到，就从外面杀，秒。"""
NUMBER = 8
"""两个分身合用的一个数占几个字节。"""
MOST_STEPS = 60
"""“第几个边界都行”的断点，最远布在第几个。"""


@dataclass(frozen=True)
class Role:
    """一样出口：它的跟随者、经过的边界，和被杀的多少。"""

    followers: tuple[str, ...]
    rooms: tuple[str, ...]
    often: int

    @property
    def boundaries(self) -> list[str]:
        """它经过的边界。"""
        return sorted(boundaries(*self.rooms))


ROLES = {
    "封存": Role(("audit.seal",), ("sealing", "heads"), 2),
    "网站": Role(
        ("website.catch_up", "website.renew"),
        ("projector", "withdrawing", "acknowledging", "baker", "manifests"),
        6,
    ),
    "检索": Role(("search.catch_up", "search.renew"), ("search", "acknowledging"), 3),
}


class Died(Exception):  # noqa: N818
    """分身不是被杀的，是自己出错退出的；信息是它留下的话。"""


@dataclass
class Child:
    """一个分身。"""

    pid: int
    log: Path
    is_over: bool = False

    def is_gone(self) -> bool:
        """没有了：被 SIGKILL 的，或者做完退出的。出错退出的抛出 ``Died``。"""
        if not self.is_over:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.is_over = bool(pid)
            if pid and status not in (0, signal.SIGKILL):
                raise Died(f"退出状态 {status}。{self.log.read_text()[-4000:]}")
        return self.is_over

    def kill(self) -> None:
        """kill -9，等它没有了。"""
        if not self.is_gone():
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> None:
        """等它没有了。"""
        while not self.is_gone():
            time.sleep(0.0005)


def fork(work: Callable[[], None], log: Path) -> Child:
    """分身去做 ``work``，做完退出；出错的把话留在 ``log``。"""
    connections.close_all()
    pid = os.fork()
    if pid:
        return Child(pid, log)
    code = 1
    try:
        stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        work()
        code = 0
    except BaseException:  # noqa: BLE001  分身里的什么错都不许回到 pytest 里去
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


class Watching:
    """分身看着演练的进程在不在：它没有了，自己也退出，不留下无主的。须在分身之前造好。"""

    def __init__(self) -> None:
        self.parent = os.getpid()

    def breathe(self) -> None:
        """歇一口气。"""
        if os.getppid() != self.parent:
            os._exit(0)
        time.sleep(BREATH)


@dataclass
class Life:
    """一样出口的一条命。``orders`` 那一头往里写布在哪里的断点。"""

    role: Role
    child: Child
    orders: int
    trace: Path

    def arm(self, name: str, hit: int) -> None:
        """给它布下断点：到了就对自己发 SIGKILL。它做完手上的才看得到。"""
        os.write(self.orders, json.dumps([name, hit]).encode() + b"\n")

    @property
    def last(self) -> str:
        """最后到过的边界。"""
        return Trace.last(self.trace, self.child.pid).strip("\0 ")

    @property
    def is_midway(self) -> bool:
        """手上的事办到一半。"""
        return bool(self.last) and not self.last.endswith(ENDINGS)

    def end(self) -> None:
        """kill -9，关上那一头。"""
        self.child.kill()
        os.close(self.orders)


def live(role: Role, trace: Path, log: Path) -> Life:
    """起一条命。"""
    mine, orders = os.pipe()
    os.set_blocking(mine, False)
    watching = Watching()
    life = Life(role, fork(lambda: follow(role, mine, trace, watching), log), orders, trace)
    os.close(mine)
    return life


def follow(role: Role, orders: int, trace: Path, watching: Watching) -> None:
    """分身里做的：跟随者轮着做，直到被杀。出错就让它出错，不像看守那样记一笔接着来。"""
    mine = [each for each in registry.followers() if each.name in role.followers]
    due = dict.fromkeys(mine, 0.0)
    with ExitStack() as stack:
        stack.enter_context(traced(trace))
        while True:
            try:
                name, hit = json.loads(os.read(orders, 200))
                stack.enter_context(armed(name, hit, kill=True))
            except BlockingIOError:
                pass
            for each in mine:
                if time.monotonic() >= due[each]:
                    each.function()
                    due[each] = time.monotonic() + each.every * PACE
            watching.breathe()


class Clerk:
    """不停地办事的人，另在一个分身里：办到 ``allow`` 的数就停下来等。"""

    def __init__(self, act: Callable[[int], int], asked: Callable[[], None], log: Path) -> None:
        """``act(已有的数)`` 做一件事，返回有了多少笔改动；``asked`` 是另外吩咐的那一件。"""
        self._shared = mmap.mmap(-1, 3 * NUMBER)
        self.allowed = 0
        watching = Watching()

        def work() -> None:
            carried_out = 0
            while True:
                allowed, done, orders = (self._read(place) for place in range(3))
                if carried_out < orders:
                    asked()
                    carried_out += 1
                elif done < allowed:
                    self._write(1, act(done))
                else:
                    watching.breathe()

        self.child = fork(work, log)

    def _read(self, place: int) -> int:
        number: int = struct.unpack_from("q", self._shared, place * NUMBER)[0]
        return number

    def _write(self, place: int, number: int) -> None:
        struct.pack_into("q", self._shared, place * NUMBER, number)

    @property
    def done(self) -> int:
        """办成了多少笔改动。"""
        assert not self.child.is_gone()
        return self._read(1)

    def allow(self, count: int) -> None:
        """可以办到这么多笔。"""
        self.allowed = max(self.allowed, count)
        self._write(0, self.allowed)

    def ask(self) -> None:
        """吩咐另外的那一件，先办它。"""
        self._write(2, self._read(2) + 1)

    def wait_for(self, count: int) -> None:
        """等它办到这么多笔。"""
        while self.done < count:
            time.sleep(0.002)


@dataclass
class Struck:
    """杀过的：断在哪里各多少次，多少次办到一半，多少次是断点、多少次是随便哪一刻。"""

    where: Counter[str] = field(default_factory=Counter)
    midway: int = 0
    at_boundaries: int = 0

    @property
    def count(self) -> int:
        """共多少次。"""
        return self.where.total()


@dataclass
class Reaper:
    """轮着杀各个出口的人。随时都有三条命在跑，杀一条起一条。"""

    folder: Path
    chance: random.Random
    struck: Struck = field(default_factory=Struck)
    lives: dict[str, Life] = field(default_factory=dict)

    def start(self) -> None:
        """没有在跑的都起来。"""
        for name, role in ROLES.items():
            if name not in self.lives:
                self.lives[name] = live(role, self.folder, self.folder / "lives.log")

    def stop(self) -> None:
        """都杀了，不算数。"""
        while self.lives:
            self.lives.popitem()[1].end()

    def watch(self) -> None:
        """有没有自己出错退出的。"""
        for life in self.lives.values():
            life.child.is_gone()

    def strike(self) -> None:
        """杀一次：一样出口，偶尔三样一起。"""
        names = list(ROLES)
        victims = self.chance.choices(names, [role.often for role in ROLES.values()])
        if self.chance.random() < 0.05:
            victims = self.chance.sample(names, len(names))
        life = self.lives[victims[0]]
        if self.chance.random() < 0.5:
            self._at_a_boundary(life, *self._chosen(life.role))
        else:
            self._at_a_moment(life)
        for name in victims:
            self._bury(name)
        self.start()

    def strike_at(self, name: str, boundary: str, begin: Callable[[], None]) -> None:
        """布好了断点，再让那件事开头：断在平常遇不上的地方。"""
        life = self.lives[name]
        life.arm(boundary, 1)
        begin()
        self._wait(life, 4 * PATIENCE)
        self._bury(name)
        self.start()

    def _chosen(self, role: Role) -> tuple[str, int]:
        if self.chance.random() < 0.5:
            return ANY, self.chance.randint(1, MOST_STEPS)
        return self.chance.choice(role.boundaries), self.chance.choice((1, 1, 2, 5))

    def _at_a_boundary(self, life: Life, name: str, hit: int) -> None:
        life.arm(name, hit)
        self._wait(life, PATIENCE)

    def _wait(self, life: Life, seconds: float) -> None:
        limit = time.monotonic() + seconds
        while not life.child.is_gone() and time.monotonic() < limit:
            time.sleep(0.001)
        self.struck.at_boundaries += life.child.is_gone()

    def _at_a_moment(self, life: Life) -> None:
        """随便哪一刻；多半等它手上有事。"""
        limit = time.monotonic() + PATIENCE
        if self.chance.random() < 0.8:
            while not life.is_midway and time.monotonic() < limit:
                time.sleep(0.001)
            time.sleep(self.chance.uniform(0, 0.03))
        else:
            time.sleep(self.chance.uniform(0, 1))

    def _bury(self, name: str) -> None:
        life = self.lives.pop(name)
        life.end()
        self.struck.where[f"{name} {life.last or '刚起来'}"] += 1
        self.struck.midway += life.is_midway
