"""给每个请求配上身份。"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .services import acting


class ActingMiddleware:
    """``request.acting``：当前身份（``Actor`` 或 ``None``）。没有会话的访客不查库。"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        request.acting = acting(request) if signed_in else None  # type: ignore[attr-defined]
        return self.get_response(request)
