"""进门：没有登录的去登录，没有选定身份的去选，其余的带着身份进来。"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.services import ENDED, IDENTITY, SECOND_STEP, SIGN_IN

from .drafts import is_classified, keep_without_session

View = Callable[..., HttpResponse]
UNAUTHENTICATED = 401
DOORS = {
    SIGN_IN: "accounts:sign-in",
    SECOND_STEP: "accounts:second-step",
    IDENTITY: "accounts:identity",
    ENDED: "accounts:identity",
}
"""缺什么，去哪里补。"""


def acting_required(view: View) -> View:
    """``view(request, actor, …)``：身份取自这次请求。

    登录过期、任职失效时提交的内容不丢：存成草稿，补好之后打开那张表，写的都在。
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
    """还不能进：看页面的转去补，提交的存成草稿，答一页说明。"""
    door = reverse(DOORS[needs])
    if request.method == "POST":
        return kept_for_later(request, door, UNAUTHENTICATED, has_ended=needs == ENDED)
    query = urlencode({"next": request.get_full_path()})
    if getattr(request, "htmx", None):
        # 局部刷新的也要整页转过去，不能把登录页塞进列表里
        return HttpResponse(headers={"HX-Redirect": f"{door}?{query}"})
    return redirect(f"{door}?{query}")


def kept_for_later(
    request: HttpRequest, go_on: str, status: int, *, has_ended: bool = False
) -> HttpResponse:
    """登录、凭证、任职（``has_ended``）过期之后交上来的：写的存成草稿，说明怎样接着填。密级的不存，也不再显示。"""
    kept = keep_without_session(request)
    context = {
        "has_ended": has_ended,
        "is_kept": bool(kept),
        "is_classified": is_classified(request),
        # 草稿以地址为名：回到的就是那张表自己的，地址一个字也不能多
        "go_on": f"{go_on}?{urlencode({'next': kept})}" if kept not in ("", go_on) else go_on,
    }
    part = "X-Autosave" in request.headers
    template = "workbench/draft_expired.html" if part else "workbench/expired.html"
    return render(request, template, context, status=status)
