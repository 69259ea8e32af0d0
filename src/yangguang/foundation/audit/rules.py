"""审计：纯规则，不碰数据库、时钟和配置。"""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from typing import Any

GENESIS = "0" * 64


def canonical_json(value: Any) -> bytes:
    """同一个值只有一种写法：键排序、不留空白、UTF-8；日期写成 ISO，时刻一律化为 UTC。

    整数值的小数与整数写法相同，因为 PostgreSQL 的 jsonb 不区分二者。
    """
    text = json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return value.replace("\x00", "␀")
        case float():
            return int(value) if value.is_integer() else value
        case datetime():
            if value.tzinfo is None:
                raise ValueError("时刻须带时区。")
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case dict():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted(_plain(item) for item in value)
    return str(value)


def chained_digest(previous: str, sequence: int, content: bytes) -> str:
    """第 ``sequence`` 号的链上摘要：SHA-256（前一摘要、序号、内容），各段以换行隔开。"""
    return hashlib.sha256(f"{previous}\n{sequence}\n".encode() + content).hexdigest()


def personal_digest(key: bytes, field: str, value: str) -> str:
    """个人信息的带密钥摘要。字段名也参与计算，同一个值在两个字段里摘要不同。"""
    return hmac.new(key, f"{field}\n{value}".encode(), hashlib.sha256).hexdigest()
