"""接通了哪些渠道：从环境变量读出，错一个就说清楚。纯规则，不碰数据库、时钟和配置。

收提醒的地址怎样才算对、怎样遮盖着给人看，也在这里。
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from .rules import CHANNELS, EMAIL, SMS, WEBHOOK

STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"
SCHEMES = {"smtp+starttls": (STARTTLS, 587), "smtps": (TLS, 465), "smtp": (PLAIN, 25)}
SECRET_LENGTH = 32
ADDRESS = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,20}"
)
MOBILE = re.compile(r"1[3-9][0-9]{9}")
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:]{2,45}")


@dataclass(frozen=True)
class Mail:
    """邮件服务器。``security`` 是 ``STARTTLS``、``TLS`` 或 ``PLAIN``。"""

    host: str
    port: int
    security: str
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Hook:
    """一个收 JSON 的接口。``secret`` 用来签名；``receipts`` 是查回执的地址，没有的为空。"""

    url: str
    secret: str = field(repr=False)
    receipts: str = ""


@dataclass(frozen=True)
class Outlets:
    """接通了的渠道，和写在提醒里的工作台网址。一样也没有的，只有站内消息。"""

    channels: Mapping[str, Mail | Hook] = field(default_factory=dict)
    home: str = ""

    @property
    def labels(self) -> Mapping[str, str]:
        """接通了的渠道和名称，照固定的次序。"""
        return {code: label for code, label in CHANNELS.items() if code in self.channels}


class Misconfigured(ValueError):
    """设置写错了，一句话说明。"""


def read_outlets(environ: Mapping[str, str]) -> Outlets:
    """从环境变量读出接通的渠道；写错了抛出 ``Misconfigured``。

    ``YANGGUANG_MAIL``（``smtp+starttls://用户:密码@主机:端口``）和 ``YANGGUANG_MAIL_SENDER``；
    ``YANGGUANG_SMS``、``YANGGUANG_SMS_SECRET``、``YANGGUANG_SMS_RECEIPTS``；
    ``YANGGUANG_WEBHOOK``、``YANGGUANG_WEBHOOK_SECRET``；``YANGGUANG_WORKBENCH`` 是工作台的网址。
    打在屏幕上、写进文件、留在内存里的“邮件”不是渠道，没有这样的写法。
    """
    found: dict[str, Mail | Hook] = {}
    if mail := environ.get("YANGGUANG_MAIL", ""):
        found[EMAIL] = _mail(mail, environ.get("YANGGUANG_MAIL_SENDER", ""))
    for channel, name in ((SMS, "YANGGUANG_SMS"), (WEBHOOK, "YANGGUANG_WEBHOOK")):
        if url := environ.get(name, ""):
            receipts = environ.get(f"{name}_RECEIPTS", "")
            found[channel] = _hook(name, url, environ.get(f"{name}_SECRET", ""), receipts)
    home = environ.get("YANGGUANG_WORKBENCH", "").rstrip("/")
    if found:
        _web(home, "YANGGUANG_WORKBENCH")
        if urlsplit(home).path:
            raise Misconfigured("YANGGUANG_WORKBENCH 只写到域名，如 https://gzt.example.gov.cn。")
    return Outlets(found, home)


def _mail(address: str, sender: str) -> Mail:
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise Misconfigured(
            f"YANGGUANG_MAIL 不认得“{parts.scheme}”：只能是 smtp+starttls、smtps，"
            "或发给本机的 smtp。"
        )
    security, usual = SCHEMES[parts.scheme]
    host = parts.hostname or ""
    if not HOST.fullmatch(host):
        raise Misconfigured("YANGGUANG_MAIL 没有写主机。")
    if security == PLAIN and not _is_loopback(host):
        raise Misconfigured(
            "YANGGUANG_MAIL 不加密的 smtp 只能发给本机，请用 smtp+starttls 或 smtps。"
        )
    if address_fault(EMAIL, sender):
        raise Misconfigured("YANGGUANG_MAIL_SENDER 要写发件的邮箱地址。")
    return Mail(
        host, _port(parts.netloc, usual, "YANGGUANG_MAIL"), security, sender,
        unquote(parts.username or ""), unquote(parts.password or ""),
    )  # fmt: skip


def _hook(name: str, url: str, secret: str, receipts: str) -> Hook:
    _web(url, name)
    if receipts:
        _web(receipts, f"{name}_RECEIPTS")
    if len(secret) < SECRET_LENGTH:
        raise Misconfigured(f"{name}_SECRET 至少 {SECRET_LENGTH} 个字符，签名要用。")
    return Hook(url, secret, receipts)


def _web(url: str, name: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not HOST.fullmatch(parts.hostname or ""):
        raise Misconfigured(f"{name} 要写 https 的网址。")
    if parts.username is not None or parts.fragment or any(c.isspace() or c < " " for c in url):
        raise Misconfigured(f"{name} 的网址里不能有口令、空白和井号。")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise Misconfigured(f"{name} 不加密的 http 只能到本机，请用 https。")
    _port(parts.netloc, 443, name)


def _port(netloc: str, usual: int, name: str) -> int:
    try:
        return urlsplit(f"//{netloc}").port or usual
    except ValueError:
        raise Misconfigured(f"{name} 的端口不对。") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# ---- 收提醒的地址 ----


def address_fault(channel: str, address: str) -> str:
    """地址为什么不对，一句话；对的为空串。"""
    if channel == EMAIL and not (len(address) <= 254 and ADDRESS.fullmatch(address)):
        return "这不像电子邮件地址，请写成 name@example.gov.cn 的样子，只用英文字母和数字。"
    if channel == SMS and not MOBILE.fullmatch(address):
        return "请写 11 位的手机号码，不带区号和空格。"
    if channel == WEBHOOK and not ACCOUNT.fullmatch(address):
        return "请写您在单位即时通讯里的账号：2 至 64 位的字母、数字、点、横线。"
    return ""


def masked(channel: str, address: str) -> str:
    """遮盖着给人看：认得出是自己的哪一个，别人拼不出来。"""
    if not address:
        return ""
    if channel == SMS:
        return f"{address[:3]}****{address[-4:]}"
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"
