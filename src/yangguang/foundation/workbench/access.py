"""进门：没有登录的去登录，没有选定身份的去选，其余的带着身份进来。"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.services import ENDED, IDENTITY, SIGN_IN

View = Callable[..., HttpResponse]
UNAUTHENTICATED = 401
DOORS = {
    SIGN_IN: "accounts:sign-in",
    IDENTITY: "accounts:identity",
    ENDED: "accounts:identity",
}
"""缺什么，去哪里补。"""


def acting_required(view: View) -> View:
    """``view(request, actor, …)``：身份取自这次请求。

    登录过期、任职失效时提交的内容不丢：答一页说明，退回去还在，补好之后再交。
    """

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        actor: Actor | None = getattr(request, "acting", None)
        if actor is None:
            return turned_away(request, getattr(request, "needs", "") or SIGN_IN)
        response: HttpResponse = view(request, actor, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def turned_away(request: HttpRequest, needs: str) -> HttpResponse:
    """还不能进：看页面的转去补，提交的答一页说明。"""
    door = reverse(DOORS[needs])
    if request.method == "POST":
        context = {"door": door, "has_ended": needs == ENDED}
        return render(request, "workbench/expired.html", context, status=UNAUTHENTICATED)
    query = urlencode({"next": request.get_full_path()})
    if getattr(request, "htmx", None):
        # 局部刷新的也要整页转过去，不能把登录页塞进列表里
        return HttpResponse(headers={"HX-Redirect": f"{door}?{query}"})
    return redirect(f"{door}?{query}")
