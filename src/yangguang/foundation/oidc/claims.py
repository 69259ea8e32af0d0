"""身份令牌里的话该不该信：纯规则，不碰数据库、时钟、配置和网络。"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEEWAY_SECONDS = 60
"""两边的钟差这么多以内都认。"""
OLDEST_SECONDS = 10 * 60
"""令牌签发了这么久还没有交来的，不认。"""
LONGEST_SUBJECT = 255
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""认得的签名算法：都是公钥的。``none`` 和用客户端密码签的一概不认。"""


@dataclass(frozen=True)
class Identity:
    """别家说的是谁：``issuer`` 里的 ``subject``，固定不变。``acr`` 是怎样验的，没有说为空。

    ``claims`` 是核对过的全部声明，里面可能有个人信息，不进日志。
    """

    issuer: str
    subject: str
    name: str
    acr: str
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


def subject_fault(subject: str) -> str:
    """在提供者那里的编号为什么不行，一句话；行的为空串。"""
    if 0 < len(subject) <= LONGEST_SUBJECT and "\0" not in subject:
        return ""
    return f"在提供者那里的编号要有 1 到 {LONGEST_SUBJECT} 个字符。"


def faults(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: int
) -> list[str]:
    """签名已经对的令牌，里面的话有什么不对，每条一句；可信为空。"""
    found = []
    if claims.get("iss") != issuer:
        found.append("签发者不是约定的那一家")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or client_id not in audiences:
        found.append("不是签给本系统的")
    elif (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        found.append("不是签给本系统用的")
    if not nonce or claims.get("nonce") != nonce:
        found.append("不是回答这一次登录的")
    expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if expires is None or now >= expires + LEEWAY_SECONDS:
        found.append("过期了，或者没有写期限")
    if issued is None or not now - OLDEST_SECONDS <= issued <= now + LEEWAY_SECONDS:
        found.append("签发的时间不对")
    subject = claims.get("sub")
    if not isinstance(subject, str) or subject_fault(subject):
        found.append("没有写明是谁")
    return found


def identity(claims: Mapping[str, Any]) -> Identity:
    """令牌说的是谁；先问过 ``faults``。"""
    return Identity(
        str(claims["iss"]), str(claims["sub"]), _text(claims.get("name")),
        _text(claims.get("acr")), claims,
    )  # fmt: skip


def challenge_of(verifier: str) -> str:
    """PKCE：口令的摘要，先交出去；口令留到换令牌时才交（RFC 7636，S256）。"""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _moment(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)


def _text(value: Any) -> str:
    return value[:LONGEST_SUBJECT] if isinstance(value, str) else ""
