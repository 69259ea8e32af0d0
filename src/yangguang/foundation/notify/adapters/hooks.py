"""短信、单位即时通讯：都是收 JSON 的接口，约定见 ``docs/operations.md``。"""

import json
import re
import ssl
import time
from abc import abstractmethod
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..outlets import Hook
from .contract import STEP, WHOLE, Adapter, Parcel, Receipt, TryLater, Turned, cut_off
from .signing import REPEAT, SIGNATURE, TIMESTAMP, signature

MOST_READ = 64 * 1024
LATER = frozenset({401, 403, 405, 408, 425, 429})
"""不怪这一件的：密钥、地址配错了，或者太忙。"""
ALREADY = 409
NOT_FOUND = 404
REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,100}")
REASON = re.compile(r"[A-Za-z0-9._-]{1,40}")


class JsonHook(Adapter):
    """一个收 JSON 的接口。对方凭幂等键认重复，所以断在哪里都可以再交。"""

    knows_repeats = True

    def __init__(self, hook: Hook) -> None:
        self.hook = hook

    @abstractmethod
    def written(self, parcel: Parcel) -> Mapping[str, Any]:
        """正文。"""

    def send(self, parcel: Parcel) -> Receipt:
        """交出去。"""
        content = json.dumps({"id": parcel.key, **self.written(parcel)}, ensure_ascii=False)
        status, answer = self._call("POST", self.hook.url, content.encode(), parcel.key)
        if 200 <= status < 300 or status == ALREADY:
            return _receipt(answer)
        if status in LATER or status >= 500 or status < 400:
            raise TryLater(f"接口现在不收（HTTP {status}）。")
        raise Turned(f"接口不收这一件（HTTP {status}）。")

    def ask(self, key: str) -> Receipt | None:
        """查回执。"""
        if not self.hook.receipts:
            return None
        mark = "&" if urlsplit(self.hook.receipts).query else "?"
        url = f"{self.hook.receipts}{mark}{urlencode({'id': key})}"
        status, answer = self._call("GET", url, b"", key)
        if status == NOT_FOUND:
            return None
        if not 200 <= status < 300:
            raise TryLater(f"查不到回执（HTTP {status}）。")
        return _receipt(answer)

    def _call(self, method: str, url: str, content: bytes, key: str) -> tuple[int, bytes]:
        """发一次请求，不跟着转，只读开头一段。"""
        parts = urlsplit(url)
        host, now = parts.hostname or "", int(time.time())
        connection: HTTPConnection = (
            HTTPSConnection(host, parts.port, timeout=STEP, context=ssl.create_default_context())
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port, timeout=STEP)
        )
        signed = content if method == "POST" else key.encode()
        headers = {
            REPEAT: key,
            TIMESTAMP: str(now),
            SIGNATURE: signature(self.hook.secret, now, signed),
            "User-Agent": "yangguang",
        }
        if method == "POST":
            headers["Content-Type"] = "application/json; charset=utf-8"
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        try:
            with cut_off(lambda: getattr(connection, "sock", None), WHOLE) as was_cut:
                connection.request(method, target, content or None, headers)
                response = connection.getresponse()
                answer = response.status, response.read(MOST_READ)
                if was_cut.is_set():
                    raise TimeoutError
                return answer
        except (HTTPException, OSError) as error:
            raise TryLater(f"没有连上接口，或者没有等到应答（{type(error).__name__}）。") from None
        finally:
            connection.close()


class ShortMessages(JsonHook):
    """短信。"""

    def written(self, parcel: Parcel) -> Mapping[str, Any]:
        """收信的号码和文字。"""
        return {"to": parcel.address, "text": parcel.content.short}


class Webhook(JsonHook):
    """单位即时通讯，或单位自己的转发程序。"""

    def written(self, parcel: Parcel) -> Mapping[str, Any]:
        """收信的账号、标题和文字。"""
        content = parcel.content
        return {"to": parcel.address, "subject": content.subject, "text": content.short}


def _receipt(answer: bytes) -> Receipt:
    """应答的正文：``{"id": 对方的编号, "status": accepted|delivered|failed, "reason": 代码}``；没有也行。"""
    try:
        told = json.loads(answer) if answer.strip() else {}
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    if told.get("status") == "failed":
        reason = str(told.get("reason", ""))
        code = f"（{reason}）" if REASON.fullmatch(reason) else ""
        raise Turned(f"没有送到本人{code}。")
    reference = str(told.get("id", ""))
    return Receipt(
        reference if REFERENCE.fullmatch(reference) else "", told.get("status") == "delivered"
    )
