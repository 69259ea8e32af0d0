"""用统一身份认证登录的几个地址：去，回，绑定，解除。"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yangguang.foundation.oidc.client import Failed
from yangguang.foundation.oidc.provider import Provider

from .models import User
from .second_step_views import setting_up, to
from .selectors import held_by, must_have_second_step
from .services import Waiting, enter, wait_for_second_step
from .sign_on import (
    METHOD,
    Clash,
    Returned,
    bind,
    bound_to,
    note_use,
    provider,
    returned,
    send,
    unbind,
)
from .views import acting, where_next

CLASHES = {
    Clash.ACCOUNT: "您的账号已经绑定了一个身份。要换的，先解除原来的。",
    Clash.IDENTITY: "这个身份已经绑定了别的账号。不是您绑的，请告诉本单位的管理员。",
}
View = Callable[..., HttpResponse]


def connected(view: View) -> View:
    """``view(request, …, found)``：接了一家的；没有接的回登录页，说明没有接。"""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        found = provider()
        if found is None:
            messages.warning(request, "没有接统一身份认证，请用别的方式登录。")
            return redirect("accounts:sign-in")
        return view(request, *args, found=found, **kwargs)

    return guarded


def _failed(request: HttpRequest, told: str, found: Provider, status: int) -> HttpResponse:
    context = {"told": told, "provider": found, "next": where_next(request)}
    return render(request, "accounts/sign_on_failed.html", context, status=status)


@require_GET
@never_cache
@connected
def sign_on(request: HttpRequest, found: Provider) -> HttpResponse:
    """去提供者那里登录。已经登录的不必去。"""
    if request.user.is_authenticated:
        return redirect(where_next(request))
    try:
        address = send(request, found, binding=None, target=where_next(request))
    except Failed as failed:
        return _failed(request, str(failed), found, HTTPStatus.BAD_GATEWAY)
    return HttpResponseRedirect(address)


@require_GET
@never_cache
@connected
def sign_on_back(request: HttpRequest, found: Provider) -> HttpResponse:
    """回来了：来登录的登录，来绑定的绑定。"""
    try:
        who = returned(request, found)
    except Failed as failed:
        return _failed(request, str(failed), found, HTTPStatus.UNPROCESSABLE_ENTITY)
    if who.binding is not None:
        return _bound(request, found, who)
    user = bound_to(who.identity)
    if user is None:
        told = (
            f"{found.name}认得您，但是您在那里的身份还没有绑定这里的账号。"
            "请用口令登录，到“我的账号”绑定；没有账号的，请本单位的管理员邀请。"
        )
        return _failed(request, told, found, HTTPStatus.UNPROCESSABLE_ENTITY)
    note_use(user, who.identity)
    is_strong = bool(who.identity.acr) and who.identity.acr in found.strong
    if not is_strong and (held_by(user).kinds or must_have_second_step(user)):
        wait_for_second_step(request, user, METHOD)
        return to("accounts:second-step", who.next)
    enter(request, user, METHOD, second=is_strong)
    return redirect(who.next)


def _bound(request: HttpRequest, found: Provider, who: Returned) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or user.pk != who.binding:
        return _failed(
            request,
            "绑定到一半换了人，没有绑。请登录后重来。",
            found,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    given = who.identity
    if clash := bind(user, given.issuer, given.subject, actor=acting(request)):
        return _failed(request, CLASHES[clash], found, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, f"绑好了，以后可以用{found.name}登录。")
    return redirect("accounts:account")


@require_POST
@connected
@setting_up
def sign_on_bind(
    request: HttpRequest, user: User, stands: Waiting | None, found: Provider
) -> HttpResponse:
    """要绑定：给一页说明和去提供者那里的链接。表单不直接转到外面去，内容安全策略也不许。"""
    if stands is not None:
        return to("accounts:second-step", where_next(request))
    try:
        address = send(request, found, binding=user, target=reverse("accounts:account"))
    except Failed as failed:
        return _failed(request, str(failed), found, HTTPStatus.BAD_GATEWAY)
    context = {"address": address, "provider": found, "person": user}
    return render(request, "accounts/sign_on_bind.html", context)


@require_POST
@setting_up
def sign_on_unbind(request: HttpRequest, user: User, stands: Waiting | None) -> HttpResponse:
    """解除绑定。没有口令的解除不了：解除了就登录不了。"""
    if stands is not None:
        return to("accounts:second-step", where_next(request))
    if not user.has_usable_password():
        messages.warning(request, "您没有口令，解除了就登录不了。请管理员先重设登录。")
    elif unbind(user, actor=acting(request)):
        messages.success(request, "绑定解除了。")
    return redirect("accounts:account")
