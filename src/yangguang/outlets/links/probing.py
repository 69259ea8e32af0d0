"""去问一个站外的地址还打不打得开。只问公网：解析出来的地址逐个核对，连的就是核对过的那一个。

先用 HEAD，对方不认的再用 GET，只读应答头。转到别处的跟过去，每一跳都重新核对。
整个过程有时限；不用环境里的代理，不带 Cookie。
"""

import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import urljoin

from .rules import Target, fault_of, is_public, target_of

TIME_LIMIT = 15.0
"""一个地址最多用几秒，连转几次都算在内（检查指标 S2 以十五秒为打不开）。"""
HOPS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
DOUBTFUL = frozenset({400, 403, 404, 405, 406, 410, 429, 500, 501, 503})
"""有的网站不认 HEAD，答这些的再用 GET 问一次。"""


@dataclass(frozen=True)
class Answer:
    """问到的：怎样打不开（打得开为空串），应答码（没有问到为空）。"""

    fault: str
    status: int | None = None


class _Inner(Exception):  # noqa: N818  说的是地址
    """解析出来的地址里有不是公网的。"""


def probe(url: str, agent: str) -> Answer:
    """去问一次。``agent`` 写明是谁在问、到哪里找我们。不抛出异常。"""
    deadline = time.monotonic() + TIME_LIMIT
    for _ in range(HOPS + 1):
        target = target_of(url)
        if target is None:
            return Answer("odd")
        try:
            status, location = _ask(target, agent, deadline)
        except _Inner:
            return Answer("inner")
        except socket.gaierror:
            return Answer("unknown_host")
        except ssl.SSLCertVerificationError:
            return Answer("certificate")
        except (OSError, HTTPException, UnicodeError):
            return Answer("slow" if time.monotonic() >= deadline else "unreachable")
        if status not in REDIRECTS or not location:
            return Answer(fault_of(status), status)
        try:
            url = urljoin(url, location)
        except ValueError:
            return Answer("odd")
    return Answer("loop")


def _ask(target: Target, agent: str, deadline: float) -> tuple[int, str]:
    """应答码，和转到哪里。"""
    address = _address(target)
    status, location = _once("HEAD", target, address, agent, deadline)
    if status in DOUBTFUL:
        status, location = _once("GET", target, address, agent, deadline)
    return status, location


def _address(target: Target) -> str:
    """主机的一个公网地址；解析出来的有一个不是公网的，都不要。"""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not all(map(is_public, addresses)):
        raise _Inner
    return min(addresses, key=lambda each: ":" in each)


def _once(
    method: str, target: Target, address: str, agent: str, deadline: float
) -> tuple[int, str]:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection = _Pinned(target, address, left)
    # 对方一个字节一个字节地拖，读的时限管不住：到时候把连接断开
    watch = Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(
            method,
            target.path,
            headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"},
        )
        response = connection.getresponse()
        return response.status, response.getheader("Location") or ""
    finally:
        watch.cancel()
        connection.close()


class _Pinned(HTTPConnection):
    """连到核对过的那个 IP 地址，不再解析；https 的照主机名核对证书。"""

    def __init__(self, target: Target, address: str, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._is_secure = target.scheme == "https"
        self._address = address
        self.default_port = 443 if self._is_secure else 80

    def connect(self) -> None:
        """连上。"""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """断开，让正在读的立刻出错。"""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
