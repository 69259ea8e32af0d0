"""进门：没有登录的去登录，没有选定身份的去选，其余的带着身份进来。"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from yangguang.foundation.accounts.rules import Actor

View = Callable[..., HttpResponse]
UNAUTHENTICATED = 401


def acting_required(view: View) -> View:
    """``view(request, actor, …)``：身份取自这次请求。

    登录过期时提交的内容不丢：答一页说明，退回去还在，重新登录后再交。
    """

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actor: Actor | None = getattr(request, "acting", None)
        if actor is not None:
            response: HttpResponse = view(request, actor, **kwargs)
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        name = "accounts:identity" if request.user.is_authenticated else "accounts:sign-in"
        if request.method == "POST":
            return render(
                request,
                "workbench/expired.html",
                {"sign_in_href": reverse(name)},
                status=UNAUTHENTICATED,
            )
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse(name)}?{query}")

    return guarded
