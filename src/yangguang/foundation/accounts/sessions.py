"""会话的存取：Django 的数据库会话，另把“谁、几时、从哪里登录的”抄在列里，好列出来、好结束。

登录时记在会话的 ``ENTRY`` 里；存一次就照抄一次，列与会话的内容不会不符。
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from .models import Session

ENTRY = "entry"
"""会话里的一项：登录、最近使用、再验证的时刻（Unix 秒），来源地址，浏览器，登录方式，有没有经过第二步。"""


class SessionStore(DatabaseStore):
    """存在 ``accounts.Session`` 里的会话。"""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """会话的表。"""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """要存的那一行。"""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101  get_model_class 给的就是它
        if USER_KEY in data:
            row.user_id = int(data[USER_KEY])
        if entry := data.get(ENTRY):
            row.signed_in_at = datetime.fromtimestamp(entry["at"], UTC)
            row.seen_at = datetime.fromtimestamp(entry["seen"], UTC)
            row.address = entry["address"]
            row.agent = entry["agent"]
            row.method = entry["method"]
        return row
