"""一家提供者的登记：在设置里写。"""

from collections.abc import Mapping
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
    scope: str = "openid profile"


def provider_fault(provider: Provider) -> str:
    """登记有什么不对，一句话；可以则为空串。"""
    parts = urlsplit(provider.issuer)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        return f"提供者的地址“{provider.issuer}”须以 https:// 开头，不带问号、井号后面的。"
    if not (provider.client_id and provider.client_secret and provider.name):
        return "提供者的客户端名、密码、名称都要写。"
    return ""


class Misconfigured(ValueError):
    """设置写错了，一句话说明。"""


PARTS = ("ISSUER", "CLIENT", "SECRET", "NAME")


def read_provider(environ: Mapping[str, str], prefix: str) -> Provider | None:
    """从环境变量读一家提供者：``前缀_ISSUER``、``_CLIENT``、``_SECRET``、``_NAME``，另有 ``_STRONG``、``_SCOPE``。

    一样也没有写的为 ``None``；只写了一部分的、写错的抛出 ``Misconfigured``。
    """
    given = {name for name, value in environ.items() if name.startswith(f"{prefix}_") and value}
    if not given:
        return None
    if missing := [f"{prefix}_{part}" for part in PARTS if f"{prefix}_{part}" not in given]:
        raise Misconfigured(f"{prefix}_… 要一起设，还缺 {'、'.join(missing)}。")
    issuer, client, secret, name = (environ[f"{prefix}_{part}"] for part in PARTS)
    found = Provider(
        issuer, client, secret, name,
        frozenset(environ.get(f"{prefix}_STRONG", "").split()),
        environ.get(f"{prefix}_SCOPE", "") or Provider.scope,
    )  # fmt: skip
    if "openid" not in found.scope.split():
        raise Misconfigured(f"{prefix}_SCOPE 里要有 openid。")
    if fault := provider_fault(found):
        raise Misconfigured(f"{prefix}_…：{fault}")
    return found


def separation_fault(staff: Provider | None, public: Provider | None) -> str:
    """工作人员和公众的登录为什么分不开，一句话；分得开为空串。

    同一家可以，同一个客户端不行：令牌签给谁就是靠客户端分的，合用了，一边的令牌在另一边也算数。
    """
    if staff and public and (staff.issuer, staff.client_id) == (public.issuer, public.client_id):
        return (
            "公众的实名登录不能与工作人员的统一身份认证合用一个客户端，请在提供者那里另登记一个。"
        )
    return ""
