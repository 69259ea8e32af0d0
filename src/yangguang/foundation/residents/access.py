"""要实名登录才能办的页面：在视图上写一行 ``@require_resident``。"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from yangguang.foundation.theme.framing import public_page

from .rules import LEVELS, VERIFIED
from .selectors import SignedIn, resident_of
from .sign_on import provider

View = Callable[..., HttpResponse]
FORBIDDEN = 403


def require_resident(level: str = VERIFIED) -> Callable[[View], View]:
    """``view(request, resident, …)``：登录着、实名够 ``level`` 的人（``SignedIn``）。

    没有登录的先去登录，办完回来；程度不够的说明差在哪里。提交时会话过了的也去登录，
    所以表单要自己在设备上留草稿。页面一律不留缓存。
    """

    def wrapped(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            resident = resident_of(request)
            if resident is None:
                here = request.get_full_path() if request.method == "GET" else request.path
                return redirect(f"{reverse('residents:sign-in')}?{urlencode({'next': here})}")
            if resident.real_name.reaches(level):
                response = view(request, resident, *args, **kwargs)
            else:
                response = _too_low(request, resident, level)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    return wrapped


def _too_low(request: HttpRequest, resident: SignedIn, level: str) -> HttpResponse:
    found = provider()
    lines = (
        f"您现在是{LEVELS[resident.real_name.level]}，这件事要{LEVELS[level]}。",
        f"请到{found.name if found else '省统一身份认证'}完成认证，再回来退出、重新登录。",
    )
    context = {"heading": "实名的程度不够", "lines": lines, "again": "", "is_signed_in": True}
    return public_page(
        request, "residents/told.html", title="实名的程度不够", context=context, status=FORBIDDEN
    )
