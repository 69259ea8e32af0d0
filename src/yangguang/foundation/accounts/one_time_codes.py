"""动态码（RFC 6238）和备用码：纯规则，不碰数据库、时钟和配置。"""

import base64
import hmac
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
"""各家的动态码应用都认的那一种：SHA-1，六位，三十秒一换。"""
DRIFT = 1
"""手机的钟快慢一步（三十秒）以内都认。"""
RECOVERY_CODES, RECOVERY_DIGITS, GROUP = 10, 16, 4


def new_secret() -> bytes:
    """一把新的密钥。"""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(at: datetime) -> int:
    """``at`` 是第几步。"""
    return int(at.timestamp()) // STEP_SECONDS


def code_for(secret: bytes, step: int) -> str:
    """第 ``step`` 步的动态码。"""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303  RFC 6238 定的


def step_matching(secret: bytes, typed: str, at: datetime, *, after: int) -> int | None:
    """``typed`` 是哪一步的动态码；不是现在前后的，或者那一步不晚于 ``after``（用过了），为 ``None``。"""
    given, now, found = folded(typed), step_at(at), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        # 逐个都比，不因为早对上而少比
        if hmac.compare_digest(code_for(secret, step).encode(), given.encode()) and step > after:
            found = step
    return found


def folded(typed: str) -> str:
    """填的码：全角化半角，去掉空格和横线。"""
    return "".join(c for c in unicodedata.normalize("NFKC", typed) if not c.isspace() and c != "-")


def spelled(secret: bytes) -> str:
    """密钥写给人看的样子：四个一组，手工输入用。"""
    return grouped(base64.b32encode(secret).decode().rstrip("="))


def address(secret: bytes, account: str, issuer: str) -> str:
    """写进二维码的地址，动态码应用认它。"""
    label = quote(f"{issuer}:{account}", safe=":")
    values = {
        "secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer,
        "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS,
    }  # fmt: skip
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"


def new_recovery_codes() -> list[str]:
    """一批备用码：十六位数字，四个一组；手机的数字键盘就输得了。"""
    return [
        grouped(str(secrets.randbelow(10**RECOVERY_DIGITS)).zfill(RECOVERY_DIGITS))
        for _ in range(RECOVERY_CODES)
    ]


def is_recovery_code(typed: str) -> bool:
    """填的像不像备用码。"""
    code = folded(typed)
    return len(code) == RECOVERY_DIGITS and code.isascii() and code.isdigit()


def grouped(text: str) -> str:
    """四个一组，中间空一格。"""
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
