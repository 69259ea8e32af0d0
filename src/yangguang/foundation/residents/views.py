"""公众实名的页面：登录、回来、我的、退出、注销。先告知，本人点了同意才去省里。"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yangguang.foundation.encryption import Unreadable, seal, unseal
from yangguang.foundation.oidc.client import Failed
from yangguang.foundation.theme.framing import public_page

from .access import require_resident
from .models import Resident
from .registry import entries
from .rules import LEVELS, STATEMENT
from .selectors import SignedIn, resident_of
from .services import enter, leave, sign_out
from .sessions import give, held, take_back
from .sign_on import provider, returned, send

PUBLIC = "/interact/"
AGREEING, AGREE_SECONDS = "residents.agreed", 60 * 60
TITLE = "实名登录"


@require_GET
@never_cache
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """告知书：拿什么、为什么、谁负责、存多久；同意了才去登录。"""
    target, found = where_next(request), provider()
    if found is None:
        lines = ("本网站没有接统一身份认证。能在这里办的事，都不用登录。",)
        return _told(request, "这里没有实名登录", lines, status=200)
    if resident_of(request) is not None and "again" not in request.GET:
        return redirect(target)
    agreed = {"agreed": seal(STATEMENT.encode(), AGREEING), "next": target}
    context = {
        "provider": found, "go": f"{reverse('residents:sign-in-go')}?{urlencode(agreed)}",
    }  # fmt: skip
    return public_page(request, "residents/sign_in.html", title=TITLE, context=context)


@require_GET
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """同意了，去省里。没有看过现在这一版告知书的，先去看。"""
    found, target = provider(), where_next(request)
    if found is None or not _has_agreed(request):
        return redirect(f"{reverse('residents:sign-in')}?{urlencode({'next': target})}")
    try:
        address, token = send(request, found, target)
    except Failed as failed:
        return _failed(request, failed, target, HTTPStatus.BAD_GATEWAY)
    if before := held(request):
        sign_out(before)
    response = HttpResponseRedirect(address)
    give(response, token)
    return response


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """从省里回来。"""
    found, session = provider(), held(request)
    if found is None:
        return redirect("residents:sign-in")
    try:
        who = returned(request, found, session)
    except Failed as failed:
        return _failed(request, failed, where_next(request), HTTPStatus.UNPROCESSABLE_ENTITY)
    assert session is not None  # noqa: S101  没有会话的，returned 已经不认
    response = HttpResponseRedirect(who.next)
    give(response, enter(who.identity, who.real_name, before=session))
    return response


@require_GET
@never_cache
@require_resident()
def me(request: HttpRequest, resident: SignedIn) -> HttpResponse:
    """我的：这里存着什么，退出，注销。"""
    context = {
        "resident": resident, "real_name": resident.real_name, "levels": LEVELS,
        "provider": provider(), "entries": entries(),
    }  # fmt: skip
    return public_page(request, "residents/me.html", title="我的", context=context)


@require_POST
@never_cache
def leave_session(request: HttpRequest) -> HttpResponse:
    """退出。"""
    if session := held(request):
        sign_out(session)
    lines = ["您已经退出，这个浏览器里不再有您的身份。"]
    if found := provider():
        lines.append(
            f"{found.name}那边可能还登录着。公用的电脑上，请到那边也退出，或者关掉浏览器。"
        )
    response = _told(request, "退出了", tuple(lines), status=200, again=_again())
    take_back(response)
    return response


@require_http_methods(["GET", "POST"])
@never_cache
@require_resident()
def leave_for_good(request: HttpRequest, resident: SignedIn) -> HttpResponse:
    """注销：先说明，再办。"""
    if request.method == "GET":
        context = {"resident": resident, "real_name": resident.real_name}
        return public_page(request, "residents/leave.html", title="注销", context=context)
    leave(Resident.objects.get(pk=resident.key))
    lines = (
        "您在这里的姓名、证件和登录记录都删去了，全部会话也结束了。",
        "以后要用，重新登录就是，那时再告知、再由您同意。",
    )
    response = _told(request, "注销了", lines, status=200)
    take_back(response)
    return response


def where_next(request: HttpRequest) -> str:
    """办完去哪里：本站互动部分的地址；没有、不是的，去“我的”。"""
    target = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours and target.startswith(PUBLIC) else reverse("residents:me")


def _has_agreed(request: HttpRequest) -> bool:
    try:
        said = unseal(request.GET.get("agreed", ""), AGREEING, seconds=AGREE_SECONDS)
    except Unreadable:
        return False
    return said.decode() == STATEMENT


def _again(target: str = "") -> str:
    address = reverse("residents:sign-in")
    return f"{address}?{urlencode({'next': target, 'again': '1'})}" if target else address


def _failed(request: HttpRequest, failed: Failed, target: str, status: int) -> HttpResponse:
    return _told(request, "没有登录成", (str(failed),), status=status, again=_again(target))


def _told(
    request: HttpRequest, heading: str, lines: tuple[str, ...], *, status: int, again: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": heading, "lines": lines, "again": again, "is_signed_in": False,
    }  # fmt: skip
    return public_page(
        request, "residents/told.html", title=heading, context=context, status=status
    )
