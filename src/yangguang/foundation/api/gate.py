"""接口的门：认密钥、限速、看正文的大小和类型、查参数的名称。

只管 ``/api/v1/`` 之下。身份只来自密钥：浏览器带来的登录会话在这里不算数，别的网站借不了它。
"""

import logging
import math
from collections.abc import Callable
from functools import cache

from axes.helpers import get_client_ip_address
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from yangguang.foundation.files.rules import MEGABYTE

from .document import document
from .faults import parameter_fault
from .limits import admit_address, admit_key
from .problems import Problem
from .registry import PREFIX
from .selectors import actor_for, find_key

log = logging.getLogger(__name__)

MOST_BYTES = 10 * MEGABYTE


class Gate:
    """中间件：放在认出身份之后、门槛之前。"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIX):
            try:
                _let_in(request)
            except Problem as problem:
                return problem.response()
            except (OperationalError, InterfaceError):
                log.warning("认密钥时数据库没有应答。", exc_info=True)
                return Problem("busy", headers={"Retry-After": "5"}).response()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, named: object
    ) -> HttpResponse | None:
        """参数的名称写错了要说，不然筛选悄悄不起作用，拿到的是全部。"""
        if not request.path.startswith(PREFIX) or request.resolver_match is None:
            return None
        known = _parameters().get((request.resolver_match.url_name or "", request.method or ""))
        if known is None:
            return None
        for name, values in request.GET.lists():
            if name not in known:
                told = "、".join(sorted(known)) or "（没有参数）"
                return parameter_fault(name[:60], f"没有这个参数。可用的有：{told}。").response()
            if len(values) > 1:
                return parameter_fault(name, "只能给一个值。").response()
        return None


def _let_in(request: HttpRequest) -> None:
    """不让进的抛出 ``Problem``。"""
    address = get_client_ip_address(request) or ""
    given = request.headers.get("Authorization", "")
    request.acting = request.api_key = None  # type: ignore[attr-defined]
    if given:
        scheme, _, text = given.partition(" ")
        key, refusal = find_key(text.strip() if scheme.lower() == "bearer" else "", address)
        if refusal or key is None:
            _pace(admit_address(address))
            raise Problem("unauthenticated", refusal, headers={"WWW-Authenticate": "Bearer"})
        _pace(admit_key(key))
        request.api_key = key  # type: ignore[attr-defined]
        request.acting = actor_for(key)  # type: ignore[attr-defined]
    else:
        _pace(admit_address(address))
    if request.method == "POST":
        size = request.META.get("CONTENT_LENGTH") or "0"
        if size.isdecimal() and int(size) > MOST_BYTES:
            raise Problem("too-large")
        if request.content_type != "application/json":
            raise Problem("media-type")


def _pace(wait: float) -> None:
    if wait:
        seconds = max(1, math.ceil(wait))
        told = f"请求太频繁，请 {seconds} 秒之后再来。"
        raise Problem("too-many", told, headers={"Retry-After": str(seconds)})


@cache
def _parameters() -> dict[tuple[str, str], frozenset[str]]:
    """每个地址（路由名）、每种方法，查询里可以有哪些参数。"""
    return {
        (operation["operationId"], method.upper()): frozenset(
            each["name"] for each in operation["parameters"] if each["in"] == "query"
        )
        for methods in document()["paths"].values()
        for method, operation in methods.items()
    }
