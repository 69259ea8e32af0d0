"""翻页的标记：上一页最后一条的发布时间和编号。

新公开的总在最前，所以后面的页不会因为有人发布而错动、重复或漏掉。纯函数，不碰数据库、时钟和配置。
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 2**63 - 1


def cursor_of(published_at: datetime, publication_id: int) -> str:
    """标记。时间精确到微秒。"""
    moment = (published_at - EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{moment}.{publication_id}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """``cursor_of`` 的逆；不是标记的样子为 ``None``。"""
    try:
        moment, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).partition(b".")
        found = EPOCH + timedelta(microseconds=int(moment)), int(number)
    except (ValueError, OverflowError, binascii.Error):
        return None
    return found if 0 < found[1] <= MOST and cursor_of(*found) == text else None
