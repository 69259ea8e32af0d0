"""用平台的密钥（``SECRET_KEY``）加密几十个字节，算带密钥的摘要。用途不同，派生的密钥不同。

换 ``SECRET_KEY`` 时把旧的放进 ``SECRET_KEY_FALLBACKS``：旧的照样解得开、对得上，新写的用新的。
"""

import base64
import hmac
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32


class Unreadable(ValueError):
    """解不开：不是这里加密的，被改过，过了时候，或者密钥换了。"""


def seal(content: bytes, purpose: str) -> str:
    """加密，得到一串可以存、可以写进表单的文字。"""
    return _fernet(purpose).encrypt(content).decode()


def unseal(sealed: str, purpose: str, *, seconds: int | None = None) -> bytes:
    """解密；``seconds`` 是最多多久以前加密的。解不开抛出 ``Unreadable``。"""
    try:
        return _fernet(purpose).decrypt(sealed.encode(), ttl=seconds)
    except InvalidToken as error:
        raise Unreadable from error


def keyed_digests(content: bytes, purpose: str) -> list[str]:
    """带密钥的摘要，现在的密钥的在前，旧密钥的在后。存第一个，核对时哪一个对上都算。"""
    return [hmac.digest(key, content, "sha256").hex() for key in _keys(purpose)]


def _fernet(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in _keys(purpose)])


def _keys(purpose: str) -> list[bytes]:
    masters: Iterable[str] = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        HKDF(SHA256(), KEY_BYTES, salt=None, info=f"yangguang:{purpose}".encode()).derive(
            master.encode()
        )
        for master in masters
    ]
