"""去问一个站外的地址还打不打得开。只问公网：解析出来的地址逐个核对，连的就是核对过的那一个。

先用 HEAD，对方不认的再用 GET，只读应答头。转到别处的跟过去，每一跳都重新核对。
整个过程有时限；不用环境里的代理，不带 Cookie。
"""

import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin

from yangguang.foundation.fetching.addresses import Target, target_of
from yangguang.foundation.fetching.pinned import Inner, Pinned, public_address

from .rules import fault_of

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


def probe(url: str, agent: str) -> Answer:
    """去问一次。``agent`` 写明是谁在问、到哪里找我们。不抛出异常。"""
    deadline = time.monotonic() + TIME_LIMIT
    for _ in range(HOPS + 1):
        target = target_of(url)
        if target is None:
            return Answer("odd")
        try:
            status, location = _ask(target, agent, deadline)
        except Inner:
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
    address = public_address(target)
    status, location = _once("HEAD", target, address, agent, deadline)
    if status in DOUBTFUL:
        status, location = _once("GET", target, address, agent, deadline)
    return status, location


def _once(
    method: str, target: Target, address: str, agent: str, deadline: float
) -> tuple[int, str]:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection = Pinned(target, address, left)
    try:
        with connection.cut_after(left):
            connection.request(
                method,
                target.path,
                headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"},
            )
            response = connection.getresponse()
            return response.status, response.getheader("Location") or ""
    finally:
        connection.close()
