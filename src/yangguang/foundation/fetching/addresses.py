"""要去取的网址：指向哪里，哪些可以去连。纯函数，不碰数据库、时钟和网络。"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

PORTS = {"http": 80, "https": 443}
OTHER_PORTS = frozenset({80, 443, 8080, 8443})
"""只连网站常用的端口。"""
_EMBEDDING = tuple(
    IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""地址里另藏着一个 IPv4 地址的几段（NAT64、6to4、Teredo）。"""


@dataclass(frozen=True)
class Target:
    """要去问的一处。"""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """主机和端口，写成 ``host:port``。"""
        return f"{self.host}:{self.port}"


def target_of(url: str, also: frozenset[str] = frozenset()) -> Target | None:
    """地址指向哪里；不是网页的地址、带着口令、端口不常用的为 ``None``。

    ``also`` 是另外准许的 ``host:port``，端口不拘。
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        return None
    if port not in OTHER_PORTS and f"{host}:{port}" not in also:
        return None
    path = quote(parts.path or "/", safe="!$%&'()*+,/:;=@~")
    query = quote(parts.query, safe="!$%&'()*+,/:;=?@~")
    return Target(parts.scheme, host, port, path + (f"?{query}" if query else ""))


def is_public(address: str) -> bool:
    """IP 地址是不是公网上的：内网、本机、链路本地、组播、保留的都不是，藏着另一个地址的也不算。"""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _EMBEDDING) or found.is_site_local:
            return False
    return _is_global(found)


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )
