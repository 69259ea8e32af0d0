"""取一个网址的内容。只连公网，转到别处的跟过去，每一跳都重新核对；有时限，有大小的上限。

不用环境里的代理，不带 Cookie。一个 ``Fetcher`` 在一个线程里用，同一处的连接接着用。
"""

import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin

from .addresses import Target, target_of
from .pinned import Inner, Pinned, public_address

TIME_LIMIT = 15.0
"""一个地址最多用几秒，连转几次都算在内（检查指标 S2 以十五秒为打不开）。"""
HOPS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_BYTES = 32 * 1024 * 1024

FAULTS = {
    "odd": "网址写得不对",
    "inner": "网址指向内部网络，公众打不开",
    "unknown_host": "域名找不到",
    "certificate": "证书有问题，浏览器会拦下",
    "unreachable": "连不上",
    "slow": "十五秒没有应答完",
    "loop": "转来转去没有尽头",
    "large": "内容超过 32 MB，没有取",
}
"""取不到的几种，怎样说。"""


@dataclass(frozen=True)
class Fetched:
    """取到的。``fault`` 是为什么没有取到（``FAULTS``），取到了为空；``url`` 是转过之后的地址。"""

    url: str
    status: int = 0
    media_type: str = ""
    content: bytes = b""
    fault: str = ""

    @property
    def is_ok(self) -> bool:
        """打得开，有内容。"""
        return not self.fault and self.status == 200  # noqa: PLR2004

    @property
    def told(self) -> str:
        """打不开的缘由，一句话；打得开为空。"""
        if self.fault:
            return FAULTS[self.fault]
        return "" if self.is_ok else f"网站答复 {self.status}"


class Fetcher:
    """去取网址的。``agent`` 写明是谁在取。

    ``own`` 是本平台各站点的主机名，它们在 ``served_at``（``host:port``，不加密）应答；没有写就照常走公网。
    ``also`` 是另外准许连的 ``host:port``（政务外网里的网站），不拘公网不公网。
    """

    def __init__(
        self,
        agent: str,
        *,
        own: frozenset[str] = frozenset(),
        served_at: str = "",
        also: frozenset[str] = frozenset(),
    ) -> None:
        self._agent = agent
        self._own = own if served_at else frozenset()
        self._served_at = served_at
        self._also = also
        self._open: dict[tuple[str, str, int], Pinned] = {}

    def get(self, url: str) -> Fetched:
        """取一次。不抛出异常。"""
        deadline = time.monotonic() + TIME_LIMIT
        for _ in range(HOPS + 1):
            target = target_of(url, self._also)
            if target is None:
                return Fetched(url, fault="odd")
            try:
                found, location = self._ask(url, target, deadline)
            except Inner:
                return Fetched(url, fault="inner")
            except socket.gaierror:
                return Fetched(url, fault="unknown_host")
            except ssl.SSLCertVerificationError:
                return Fetched(url, fault="certificate")
            except (OSError, HTTPException, UnicodeError):
                late = time.monotonic() >= deadline
                return Fetched(url, fault="slow" if late else "unreachable")
            if found.status not in REDIRECTS or not location:
                return found
            try:
                url = urljoin(url, location)
            except ValueError:
                return Fetched(url, fault="odd")
        return Fetched(url, fault="loop")

    def close(self) -> None:
        """断开全部连接。"""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _ask(self, url: str, target: Target, deadline: float) -> tuple[Fetched, str]:
        key = (target.scheme, target.host, target.port)
        held = self._open.pop(key, None)
        if held is not None:
            try:
                return self._once(url, target, held, deadline)
            except (OSError, HTTPException):
                # 接着用的连接对方可能已经断了：另连一次
                held.close()
                if time.monotonic() >= deadline:
                    raise
        return self._once(url, target, self._connection(target, deadline), deadline)

    def _connection(self, target: Target, deadline: float) -> Pinned:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if target.host in self._own:
            host, _, port = self._served_at.rpartition(":")
            return Pinned(Target("http", target.host, int(port), target.path), host, left)
        if target.place in self._also:
            return Pinned(target, target.host, left)
        return Pinned(target, public_address(target), left)

    def _once(
        self, url: str, target: Target, connection: Pinned, deadline: float
    ) -> tuple[Fetched, str]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        headers = {"Host": _host(target), "User-Agent": self._agent, "Accept": "*/*"}
        if connection.sock is not None:
            connection.sock.settimeout(left)
        with connection.cut_after(left):
            connection.request("GET", target.path, headers=headers)
            response = connection.getresponse()
            content = response.read(MOST_BYTES + 1)
        if time.monotonic() >= deadline:
            # 半中间被断开的，读的一方可能只当是说完了
            connection.close()
            raise TimeoutError
        location = response.getheader("Location") or ""
        if len(content) > MOST_BYTES:
            connection.close()
            return Fetched(url, response.status, fault="large"), ""
        if response.will_close:
            connection.close()
        else:
            self._open[(target.scheme, target.host, target.port)] = connection
        media_type = response.getheader("Content-Type") or ""
        return Fetched(url, response.status, media_type, content), location


def _host(target: Target) -> str:
    usual = {"http": 80, "https": 443}[target.scheme]
    return target.host if target.port == usual else target.place
