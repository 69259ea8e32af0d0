"""给交出去的请求签名，让对方认得是我们、没有改过、不是从前的重放。纯规则。"""

import hashlib
import hmac

TIMESTAMP, SIGNATURE, REPEAT = "X-Yangguang-Timestamp", "X-Yangguang-Signature", "Idempotency-Key"


def signature(secret: str, timestamp: int, content: bytes) -> str:
    """``sha256=`` 和 HMAC-SHA256 的十六进制：密钥是 ``secret``，内容是“时间戳.正文”。

    时间戳是 Unix 秒；对方应当不收五分钟以前的。
    """
    signed = f"{timestamp}.".encode() + content
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
