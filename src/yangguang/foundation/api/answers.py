"""接口怎样应答：出错一律 problem+json，条件请求，别的网站可以读。

只管 ``/api/v1/`` 之下。在最外层：别处答的错误页（没有这个地址、正文读不懂、程序出错）也在这里换成 problem+json。
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe, quote_etag

from .problems import BY_STATUS, MEDIA_TYPE, Problem
from .registry import PREFIX

READS = "GET, HEAD, OPTIONS"
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
"""别的网站的页面可以读，不能带密钥，也不能写：密钥不该进浏览器。"""
EXPOSED = "ETag, Last-Modified, Link, Retry-After"


class Answers:
    """中间件：放在最外层。"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={**PREFLIGHT, "Allow": READS})
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = _finished(request, self.get_response(request))
        if request.method == "GET":
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = EXPOSED
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code != 304:
            response["Content-Length"] = str(len(response.content))
        if is_head:
            response.content = b""
        return response


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400:
        return _as_problem(response)
    if request.method != "GET" or response.status_code != 200:
        return response
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    # 每次都问一声：撤回立刻生效
    response["Cache-Control"] = "no-cache"
    modified = response.headers.get("Last-Modified")
    answered: Any = get_conditional_response(
        request,
        etag=response["ETag"],
        last_modified=parse_http_date_safe(modified) if modified else None,
        response=response,
    )
    return _as_problem(answered) if answered.status_code >= 400 else answered


def _as_problem(response: HttpResponse) -> HttpResponse:
    if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    usual = BY_STATUS[400 if response.status_code < 500 else 500]
    kind = BY_STATUS.get(response.status_code, usual)
    allowed = response.headers.get("Allow", "")
    # HEAD 照 GET 应答，OPTIONS 在这里应答
    kept = {"Allow": READS if allowed == "GET" else f"{allowed}, OPTIONS"} if allowed else {}
    return Problem(kind.code, headers=kept).response()
