"""来源地址与网段：纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def network_fault(text: str) -> str:
    """一行来源地址为什么不对，一句话；对的为空串。``10.1.0.0/16`` 和单个地址都可以。"""
    try:
        ip_network(text)
    except ValueError:
        return f"“{text}”不是 IP 地址或网段，请写成 10.1.2.3 或 10.1.0.0/16 的样子。"
    return ""


def within(address: str, networks: Iterable[str]) -> bool:
    """``address`` 在不在其中一个网段里；认不出的地址不在任何一个里。"""
    found = parsed(address)
    return found is not None and any(found in ip_network(network) for network in networks)


def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """认出地址；写在 IPv6 里的 IPv4 化为 IPv4。认不出为 ``None``。"""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
