"""接口的登记处：各应用在自己的 ``api`` 模块里写路由，用 ``register`` 登记。

出错的答复、写的鉴权都在这里定；限速、来源、条件请求在 ``gate``。
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.security.base import AuthBase

from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.services import OutOfScope, Refused

from .faults import invalid
from .models import ApiKey
from .problems import BY_STATUS, Problem, refused
from .scopes import scope

log = logging.getLogger(__name__)

TITLE = "阳光政务公开平台接口"
VERSION = "1.0.0"
PREFIX = "/api/v1/"


class _Plain(JSONRenderer):
    """汉字照写，不转义。"""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = _Api(
    title=TITLE,
    version=VERSION,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    renderer=_Plain(),
)


def register(router: Router, prefix: str = "") -> None:
    """登记一组地址。"""
    api.add_router(prefix, router)


class KeyAuth(AuthBase):
    """写要有密钥，密钥要有这一项权限，它的任职要还有效。密钥由 ``gate`` 认好了。"""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "系统管理员发的密钥：Authorization: Bearer yg_…"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> ApiKey:
        key: ApiKey | None = getattr(request, "api_key", None)
        if key is None:
            raise Problem("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
        if self.scope not in key.scopes:
            wanted = scope(self.scope)
            label = wanted.label if wanted else self.scope
            raise Problem("forbidden", f"这把密钥没有“{label}”（{self.scope}）的权限。")
        if getattr(request, "acting", None) is None:
            raise Problem("forbidden", "这把密钥代表的任职现在无效，请找系统管理员。")
        return key


def patterns() -> list[URLPattern | URLResolver]:
    """全部地址，接在 ``PREFIX`` 之后。"""
    found, _, _ = api.urls
    kept = [pattern for pattern in found if getattr(pattern, "name", "") != "api-root"]
    for pattern in kept:
        # 查询和正文里的空字符由参数的类型指明，不在门槛上拦
        pattern.callback.drops_nul = True  # type: ignore[union-attr]
    return kept


def _answers(kind: type[Exception]) -> Callable[[Callable[[Any], Problem]], None]:
    def bind(make: Callable[[Any], Problem]) -> None:
        def handle(request: HttpRequest, error: Any) -> HttpResponse:
            return make(error).response()

        api.add_exception_handler(kind, handle)

    return bind


@_answers(Problem)
def _(error: Problem) -> Problem:
    return error


@_answers(ValidationError)
def _(error: ValidationError) -> Problem:
    return invalid(error.errors)


@_answers(Refused)
def _(error: Refused) -> Problem:
    return refused(error.reasons)


@_answers(FileRefused)
def _(error: FileRefused) -> Problem:
    return refused(error.reasons)


@_answers(OutOfScope)
def _(error: OutOfScope) -> Problem:
    return Problem("missing")


@_answers(Http404)
def _(error: Http404) -> Problem:
    return Problem("missing")


@_answers(RequestDataTooBig)
def _(error: RequestDataTooBig) -> Problem:
    return Problem("too-large")


@_answers(RawPostDataException)
def _(error: RawPostDataException) -> Problem:
    return Problem("media-type")


@_answers(HttpError)
def _(error: HttpError) -> Problem:
    if error.status_code == 400:
        return Problem("bad-request", "正文不是合格的 JSON。")
    return Problem(
        BY_STATUS[error.status_code].code if error.status_code in BY_STATUS else "broken"
    )


@_answers(OperationalError)
def _(error: OperationalError) -> Problem:
    log.warning("数据库没有应答。", exc_info=error)
    return Problem("busy", headers={"Retry-After": "5"})
