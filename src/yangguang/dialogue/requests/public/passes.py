"""查过编号和查询码的人，半小时以内看得到那一件：一张封好的 Cookie，不留会话，关掉浏览器就没有了。"""

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yangguang.foundation.encryption import Unreadable, seal, unseal

from ..models import OPINIONS, PARTS, DisclosureRequest

COOKIE, PATH = "request_case", "/interact/requests/"
SEALED = "requests.pass"
SECONDS = 30 * 60


@dataclass(frozen=True)
class Pass:
    """看得到哪一件。``code`` 是查询码，只在刚提交的时候有，好印在回执上。"""

    request: DisclosureRequest
    code: str = ""


def give(response: HttpResponse, request: DisclosureRequest, code: str = "") -> None:
    """给一张。"""
    kept = json.dumps([request.pk, request.query_digest, code])
    response.set_cookie(
        COOKIE, seal(kept.encode(), SEALED), path=PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def take_back(response: HttpResponse) -> None:
    """收回。"""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def held(http: HttpRequest) -> Pass | None:
    """带着的那一张；没有、过了时候的为空。至多三次查询。"""
    try:
        key, digest, code = json.loads(
            unseal(http.COOKIES.get(COOKIE, ""), SEALED, seconds=SECONDS)
        )
    except Unreadable:
        return None
    found = (
        DisclosureRequest.objects.select_related("organisation", "created_by", *PARTS)
        .prefetch_related(*OPINIONS).filter(pk=key, query_digest=digest).exclude(query_digest="")
        .first()
    )  # fmt: skip
    return Pass(found, code) if found else None
