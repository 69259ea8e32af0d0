"""连到一个核对过的 IP 地址：解析出来的逐个核对，连的就是核对过的那一个。"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Timer

from .addresses import Target, is_public


class Inner(Exception):  # noqa: N818  说的是地址
    """解析出来的地址里有不是公网的。"""


def public_address(target: Target) -> str:
    """主机的一个公网地址；解析出来的有一个不是公网的，都不要，抛出 ``Inner``。"""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not all(map(is_public, addresses)):
        raise Inner
    return min(addresses, key=lambda each: ":" in each)


class Pinned(HTTPConnection):
    """连到 ``address``，不再解析；https 的照主机名核对证书。"""

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

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """过了 ``seconds`` 秒就断开，正在读的立刻出错：对方一个字节一个字节地拖，读的时限管不住。"""
        watch = Timer(seconds, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _cut(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
