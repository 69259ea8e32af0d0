"""进门：来源地址在不在允许之列，以什么身份。"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yangguang.foundation.networks import within
from yangguang.foundation.theme.views import message_page

from .services import client_address, standing

WORKBENCH = "/workbench/"
FORBIDDEN = 403


class AllowedAddresses:
    """工作台只从 ``WORKBENCH_NETWORKS`` 里的地址进得来；没有设的不限。

    放在会话之前：不在允许之列的，登录页也打不开。依据《互联网政务应用安全管理规定》第十九条。
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        networks = settings.WORKBENCH_NETWORKS
        if networks and request.path.startswith(WORKBENCH):
            address = client_address(request)
            if not within(address, networks):
                lines = (
                    f"工作台只能从单位允许的网络打开，您现在的地址是 {address or '（不明）'}。",
                    "请换到单位的网络或专用的接入方式再试；确实要从这里用，请把这个地址告诉系统管理员。",
                )
                page = message_page("这里打不开工作台", lines, request.path)
                return HttpResponse(page, status=FORBIDDEN)
        return self.get_response(request)


class ActingMiddleware:
    """``request.acting``：当前身份（``Actor`` 或 ``None``）；没有的，``request.needs`` 说缺什么。

    没有会话的访客不查库。
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting, request.needs = None, ""  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            found = standing(request)
            request.acting, request.needs = found.actor, found.needs  # type: ignore[attr-defined]
        return self.get_response(request)
