"""让演示跑起来：网站和作业两个进程（按日期看时再加一个），守着，直到有人喊停。"""

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from fcntl import LOCK_EX, LOCK_NB, flock
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings

from yangguang.foundation.commands import BadInput

from .group import LOOK, Ended, Group, Member
from .preparing import tree_as_of

PATIENCE = 60.0
"""网站进程起来以后，最多等这么多秒让它应答。"""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotAnswering(Exception):  # noqa: N818  说的是网站，不是程序
    """网站进程活着，却一直没有应答。"""


@contextmanager
def alone() -> Iterator[None]:
    """独占演示目录；已有演示在用时抛出 ``BadInput``。锁随进程消失，被强杀也不会留下。"""
    path = Path(settings.VAR_ROOT) / ".running"
    with path.open("a+") as stream:
        try:
            flock(stream, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise BadInput(
                f"演示目录 {settings.VAR_ROOT} 正由进程 {stream.read().strip()} 使用。"
                "先结束它，或用环境变量 YANGGUANG_VAR 另指一个目录。"
            ) from None
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


@contextmanager
def interruptible(say: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """装入期间的 Ctrl-C：立即抛出 ``KeyboardInterrupt``。给出的 ``say`` 报进度时再看一眼。

    解释器会把落在析构、弱引用回调里的中断吞掉，光靠抛出，偶尔就像没有按过。
    """
    asked = False

    def remember(number: int, frame: object) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def checked(line: str) -> None:
        if asked:
            raise KeyboardInterrupt
        say(line)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield checked
    finally:
        signal.signal(signal.SIGINT, before)


def check_port(address: str, port: int) -> None:
    """端口能不能用；不能用抛出 ``BadInput``，说明缘由。"""
    if not 1 <= port <= 65535:
        raise BadInput(f"--port：端口应在 1 到 65535 之间，给出的是 {port}。")
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except PermissionError:
        raise BadInput(f"--port：没有使用端口 {port} 的权限，请换 1024 以上的。") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadInput(
                f"--port：端口 {port} 已被占用。请结束占用它的程序，或换一个，例如 --port {port + 1}。"
            ) from None
        raise BadInput(f"--address：不能在 {address} 上监听（{error.strerror}）。") from None


def members(address: str, port: int, as_of: date | None) -> list[Member]:
    """要起的进程。"""
    serve = ["serve_site", "--address", address, "--port", str(port)]
    work = ["work", "--processes", "1", "--grace", "4"]
    served_at = f"{reachable(address)}:{port}"
    hosts = ",".join(filter(None, (os.environ.get("YANGGUANG_HOSTS"), address)))
    if as_of is None:
        return [
            _member("网站", "web", serve, YANGGUANG_HOSTS=hosts),
            _member("作业", "work", work, YANGGUANG_SITES_SERVED_AT=served_at),
        ]
    tree = str(tree_as_of(as_of))
    follow = ["bake", "--all", "--follow", "--as-of", as_of.isoformat(), "--out", tree]
    return [
        _member(
            "网站",
            "web",
            [*serve, "--root", tree],
            YANGGUANG_HOSTS=hosts,
            YANGGUANG_AS_OF=as_of.isoformat(),
        ),
        _member("作业", "work", work, YANGGUANG_SITES_SERVED_AT=served_at),
        _member("截至页面", "as-of", follow),
    ]


def keep_running(
    address: str, port: int, as_of: date | None, opened: Callable[[], None]
) -> Ended | None:
    """起好全部进程，网站应答了就调用 ``opened``，然后守着。

    收到 Ctrl-C（SIGINT）、SIGTERM、SIGHUP 就全部结束，返回 ``None``；
    有一个自己结束了，也全部结束，返回它。网站一直不应答抛出 ``NotAnswering``。
    """
    with _stop_signal() as stopped, Group(members(address, port, as_of)) as group:
        deadline = time.monotonic() + PATIENCE
        while not answers(address, port):
            if stopped():
                return None
            if ended := group.ended():
                return ended
            if time.monotonic() > deadline:
                raise NotAnswering(f"网站进程已起，{PATIENCE:.0f} 秒里没有应答。")
            time.sleep(LOOK)
        opened()
        return group.watch(stopped)


def answers(address: str, port: int) -> bool:
    """首页是否应答 200。"""
    connection = HTTPConnection(reachable(address), port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def reachable(address: str) -> str:
    """监听全部地址时，本机用哪个地址打开。"""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104


def base(address: str, port: int) -> str:
    """本机打开它用的网址，末尾没有斜杠。"""
    host = reachable(address)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_local(address: str) -> bool:
    """是否只有本机能打开。"""
    return address == "localhost" or address == "::1" or address.startswith("127.")


@contextmanager
def _stop_signal() -> Iterator[Callable[[], bool]]:
    """有没有人喊停。这期间结束信号只记下，由守着的人依次收场。"""
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda received, frame: asked.append(received))
        for number in STOPPING
    }
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _member(label: str, name: str, arguments: list[str], **environment: str) -> Member:
    log = Path(settings.VAR_ROOT) / "log" / f"{name}.log"
    log.unlink(missing_ok=True)
    return Member(label, [sys.executable, "-m", "yangguang", *arguments], log, environment)
