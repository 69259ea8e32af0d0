"""站外链接：从页面里找出来，查得怎样算打不开。纯函数，不碰数据库、时钟和网络。"""

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import quote, urlsplit

LONGEST = 1000
FAULTS = {
    "missing": "页面不在了",
    "server": "对方的网站出错",
    "unknown_host": "域名找不到",
    "unreachable": "连不上",
    "slow": "十五秒没有应答",
    "certificate": "证书有问题，浏览器会拦下",
    "loop": "转来转去没有尽头",
    "inner": "指向内部网络，公众打不开",
    "odd": "地址写得不对",
}
"""打不开的几种，怎样说。"""

NETWORK = frozenset({"unknown_host", "unreachable", "slow"})
"""也可能是本机连不到外网的几种。"""
AT_ONCE = frozenset({"inner", "odd"})
"""不是一时的故障，查到一次就列出。"""
NIGHTS = 2
"""别的几种，连着这么多夜都打不开才列出。"""
ENOUGH_HOSTS = 3
"""至少这么多个网站全都连不上，才说是本机连不到外网。"""

GONE = frozenset({404, 410})

_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
_HREF = re.compile(r'<a\b[^>]*?\shref="(https?://[^"]+)"', re.IGNORECASE)


def links_in(page: str, *, with_frame: bool = False) -> list[str]:
    """烘好的页面里的站外链接，按次序，不重复。平常只看正文，``with_frame`` 连同页眉页脚。"""
    part = page if with_frame else "".join(_MAIN.findall(page))
    written = (_written(unescape(href)) for href in _HREF.findall(part))
    return list(dict.fromkeys(url for url in written if url))


def _written(href: str) -> str:
    """去掉锚点，非 ASCII 的字符编码；太长的为空串。"""
    url = quote(href.partition("#")[0].strip(), safe="!$%&'()*+,/:;=?@[]~")
    return url if len(url) <= LONGEST else ""


def is_elsewhere(url: str, own: Collection[str]) -> bool:
    """是不是站外的：主机名不在本平台各站点的域名（``own``）里。"""
    return host_of(url) not in own


def host_of(url: str) -> str:
    """主机名，小写；写得不对的为空串。"""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def fault_of(status: int) -> str:
    """应答码说明怎样打不开；打得开为空串。

    401、403、429 等是对方在、只是不肯答机器，不算打不开。
    """
    if status in GONE:
        return "missing"
    return "server" if status >= 500 else ""  # noqa: PLR2004


def is_offline(faults: Collection[tuple[str, str]]) -> bool:
    """一趟查下来（主机、毛病），是不是本机连不到外网：几个不相干的网站，一个也连不上。"""
    hosts = {host for host, _ in faults}
    return len(hosts) >= ENOUGH_HOSTS and all(fault in NETWORK for _, fault in faults)
