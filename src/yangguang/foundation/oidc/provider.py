"""一家提供者的登记：在设置里写。"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Provider:
    """一家提供者，和我们在它那里登记的名字、密码。``name`` 是给人看的名称。

    ``strong`` 里的 ``acr`` 是提供者验过两样的，抵得上我们的第二步；空的一概不算。
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    strong: frozenset[str] = frozenset()


def provider_fault(provider: Provider) -> str:
    """登记有什么不对，一句话；可以则为空串。"""
    parts = urlsplit(provider.issuer)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        return f"提供者的地址“{provider.issuer}”须以 https:// 开头，不带问号、井号后面的。"
    if not (provider.client_id and provider.client_secret and provider.name):
        return "提供者的客户端名、密码、名称都要写。"
    return ""
