"""查毒：把内容交给 clamd，问有没有病毒。照它的 ``INSTREAM`` 说话，内容不落到它的盘上。

分块送，每块前面四字节写明长度，长度为零的一块收尾；答一行，以 NUL 结束。
"""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

CHUNK = 256 * 1024
CONNECT_WITHIN = 5.0
"""多久连不上算没有开，秒。"""
ANSWER_WITHIN = 600.0
"""多久没有动静算停住了，秒：一个 GB 的视频也查得完。"""
LONGEST_ANSWER = 4096
_LIMITS = "Heuristics.Limits.Exceeded"
"""不是病毒：``AlertExceedsMax`` 打开时，没有查到底的这样答。"""
_TOO_MUCH = (
    "文件超过查毒服务的限度，没有查到底，请把 clamd 的 StreamMaxLength、MaxFileSize、MaxScanSize "
    "调到 1100M。"
)
_FOUND = re.compile(r"stream: (?P<virus>.+) FOUND")


class Unavailable(Exception):  # noqa: N818  说的是情况
    """没有查成：连不上、停住了、答的看不懂、文件超过它的上限。"""


class NotToTheEnd(Unavailable):
    """超过了它的限度，没有查到底：这一份照旧隔离，不碍别的。"""


@dataclass(frozen=True)
class Verdict:
    """查的结果；``virus`` 是病毒的名称，干净的为空。"""

    virus: str = ""

    @property
    def is_clean(self) -> bool:
        """没有病毒。"""
        return not self.virus


def scan(content: BinaryIO, address: str) -> Verdict:
    """查一份内容。``address`` 是 ``tcp://主机:端口`` 或 ``unix:///路径``。没有查成抛出 ``Unavailable``。"""
    try:
        with _connected(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            _send(connection, content)
            answer = _answer(connection)
    except OSError as error:
        raise Unavailable(f"查毒服务连不上，或者中途断了（{error}）。") from error
    if answer == "stream: OK":
        return Verdict()
    found = _FOUND.fullmatch(answer)
    if "size limit exceeded" in answer or (found and found["virus"].startswith(_LIMITS)):
        raise NotToTheEnd(_TOO_MUCH)
    if found:
        return Verdict(found["virus"])
    raise Unavailable(f"查毒服务的回答看不懂：{answer[:100]}")


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: str | tuple[str, int] = parts.path
    elif parts.scheme == "tcp" and parts.hostname and parts.port:
        family = socket.AF_INET6 if ":" in parts.hostname else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        target = (parts.hostname, parts.port)
    else:
        raise Unavailable(f"查毒服务的地址不对：{address}")
    with connection:
        connection.settimeout(CONNECT_WITHIN)
        connection.connect(target)
        connection.settimeout(ANSWER_WITHIN)
        yield connection


def _send(connection: socket.socket, content: BinaryIO) -> None:
    try:
        while chunk := content.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # 超过上限时它先答一句就挂断：那句话还读得到
        return


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
