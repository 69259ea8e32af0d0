"""页面停得太久、防伪的凭证过了期：写的不丢，原样印回来，请再按一次。"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]
TOLD = "这个页面停得太久，没有提交成。您写的都在，请再按一次。"


class _Check(CsrfViewMiddleware):
    """与全站同一个校验，只是没过的由视图来答。"""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponseForbidden()


def keeps_typed(view: View) -> View:
    """``view(request, is_stale, …)``：凭证没有对上的 ``is_stale`` 为真，视图不得做任何事，只把写的印回来。"""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, _is_stale(request), *args, **kwargs)

    return guarded


def _is_stale(request: HttpRequest) -> bool:
    if request.method != "POST":
        return False
    check = _Check(_nothing)
    check.process_request(request)
    return check.process_view(request, _nothing, (), {}) is not None


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
