"""登录的第二步：核对，头一次设，在“我的账号”里增减。"""

import io
from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import qrcode
from django.contrib import messages
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yangguang.foundation.encryption import Unreadable, seal, unseal

from .forms import CodeForm, PasswordForm, SetUpForm
from .models import User
from .one_time_codes import address, new_secret, spelled
from .passkeys import place_of
from .second_steps import RECOVERY, TOTP, check_code, remove_totp, renew_codes, set_up_totp
from .selectors import held_by, must_have_second_step
from .services import (
    Waiting,
    confirm,
    confirmed_lately,
    end_sessions,
    enter,
    note_second_step,
    proved_lately,
    waiting,
)
from .views import acting, sessions_elsewhere, where_next

ISSUER = "阳光工作台"
SEALED_FOR, SET_UP_SECONDS = "accounts.set-up", 30 * 60
WRONG = "这个码不对，或者刚刚用过。请等应用里换了新的再填；老是不对的，看看手机的时间准不准。"
FEW_CODES = 3
View = Callable[..., HttpResponse]


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def to(name: str, target: str) -> HttpResponseRedirect:
    """去一页，带着办完去哪里。"""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': target})}")


def _signed_in(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.is_active else None


# ---- 核对 ----


@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    """第二步：登录等着的；登录着而这个身份还要的；要改登录方式而上次验证太久的。"""
    stands = waiting(request)
    user = stands.user if stands else _signed_in(request)
    target = where_next(request)
    if user is None:
        return to("accounts:sign-in", target)
    held = held_by(user)
    if not held.kinds and (stands or confirmed_lately(request)):
        return to("accounts:set-up", target)
    given = request.POST or None
    form: Any = (
        CodeForm(given, with_totp=held.totp is not None) if held.kinds else PasswordForm(given)
    )
    status = 200
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            answer = (
                _try_code(request, stands, user, form)
                if held.kinds
                else _try_password(request, user, form)
            )
            if answer is not None:
                return answer
    context = {
        "form": form, "next": target, "person": user, "is_waiting": stands is not None,
        "has_password": user.has_usable_password(),
        "has_passkeys": bool(held.passkeys) and place_of(request) is not None,
    }  # fmt: skip
    return _private(render(request, "accounts/second_step.html", context, status=status))


def _try_code(
    request: HttpRequest, stands: Waiting | None, user: User, form: Any
) -> HttpResponse | None:
    outcome = check_code(user, form.cleaned_data["code"])
    if outcome.is_stopped:
        return stopped(request)
    if not outcome.method:
        _wrong(form)
        return None
    return passed(request, stands, user, outcome.method)


def _wrong(form: Any) -> None:
    """说明不对；填过的码不再显示。"""
    form.add_error("code", WRONG)
    form.data = form.data.copy()
    form.data["code"] = ""


def stopped(request: HttpRequest) -> HttpResponse:
    """连错了五次。"""
    return render(
        request,
        "accounts/locked.html",
        {"is_second_step": True},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )


def passed(request: HttpRequest, stands: Waiting | None, user: User, method: str) -> HttpResponse:
    """第二步过了：等着登录的登录，登录着的记下又证明了一次。"""
    target = where_next(request)
    if stands is not None:
        enter(request, user, f"{stands.method}、{method}", second=True)
    else:
        with transaction.atomic():
            confirm(request, user, method, second=True)
    if method == RECOVERY:
        left = held_by(user).codes_left
        told = "请尽快到“我的账号”换一批。" if left <= FEW_CODES else ""
        messages.warning(
            request,
            f"用掉了一个备用码，还剩 {left} 个。{told}手机换了、丢了的，到“我的账号”重设动态码。",
        )
    return redirect(target)


def _try_password(request: HttpRequest, user: User, form: Any) -> HttpResponse | None:
    """没有设过第二步验证的，用口令证明是本人；连错同样锁定。"""
    same = authenticate(request, username=user.username, password=form.cleaned_data["password"])
    if same is None or same.pk != user.pk:
        form.add_error("password", "口令不对。")
        return None
    with transaction.atomic():
        confirm(request, user, "口令", second=False)
    return redirect(where_next(request))


# ---- 设 ----


def setting_up(view: View) -> View:
    """``view(request, user, stands, …)``：口令刚过、还一种也没有设的人，或者刚刚证明过是本人的登录者。"""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        stands = waiting(request)
        user = stands.user if stands else _signed_in(request)
        here = request.get_full_path() if request.method == "GET" else reverse("accounts:account")
        if user is None:
            return to("accounts:sign-in", where_next(request))
        if stands is not None:
            if held_by(user).kinds:
                # 已经设过的，先过第二步；不然知道口令就能换掉它
                return to("accounts:second-step", where_next(request))
        elif not proved_lately(request, user):
            if request.method == "POST":
                messages.warning(request, "隔得久了，请再验证一次是本人，然后重来。")
            return to("accounts:second-step", here)
        return _private(view(request, user, stands, **kwargs))

    return guarded


@sensitive_post_parameters()
@setting_up
def set_up(request: HttpRequest, user: User, stands: Waiting | None) -> HttpResponse:
    """设动态码：扫码，填一次现在的码。"""
    form = SetUpForm(request.POST or None)
    secret = _secret_in(form, user) if request.method == "POST" else None
    status = 200
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if secret is None:
            form = SetUpForm()
            messages.warning(request, "这一页开得太久了，二维码换了新的，请重新扫。")
        elif form.is_valid():
            made = set_up_totp(user, secret, form.cleaned_data["code"], actor=acting(request))
            if made is not None:
                return is_set_up(request, user, stands, TOTP, made.codes)
            _wrong(form)
    secret = secret or new_secret()
    form.initial["secret"] = seal(secret, f"{SEALED_FOR}:{user.pk}")
    link = address(secret, user.username, ISSUER)
    context = {
        "form": form, "next": where_next(request), "person": user, "link": link,
        "picture": _picture(link), "spelled": spelled(secret),
        "is_waiting": stands is not None, "is_required": must_have_second_step(user),
        "replaces": held_by(user).totp is not None,
        "place": place_of(request),
    }  # fmt: skip
    return render(request, "accounts/set_up.html", context, status=status)


def _secret_in(form: SetUpForm, user: User) -> bytes | None:
    try:
        sealed = form.data.get("secret", "")
        return unseal(sealed, f"{SEALED_FOR}:{user.pk}", seconds=SET_UP_SECONDS)
    except Unreadable:
        return None


def _picture(link: str) -> str:
    """二维码，写进页面。里面是密钥，不留缓存。"""
    code = qrcode.QRCode(border=4, box_size=6)
    code.add_data(link)
    kept = io.BytesIO()
    code.make_image().save(kept, "PNG")
    return "data:image/png;base64," + b64encode(kept.getvalue()).decode()


def is_set_up(
    request: HttpRequest, user: User, stands: Waiting | None, method: str, codes: list[str]
) -> HttpResponse:
    """设好了：等着登录的登录；有新发的备用码，给他看这一次。"""
    target = where_next(request)
    if stands is not None:
        enter(request, user, f"{stands.method}、{method}", second=True)
    else:
        note_second_step(request)
        if codes:
            # 只凭口令登录的别处，从此都要重新来过
            end_sessions(sessions_elsewhere(request, user))
    if codes:
        return _codes(request, codes, target)
    messages.success(request, f"{method}设好了。")
    return redirect(target if stands else "accounts:account")


def _codes(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    return render(request, "accounts/codes.html", {"codes": codes, "next": target})


# ---- 增减 ----


@require_POST
@setting_up
def renew(request: HttpRequest, user: User, stands: Waiting | None) -> HttpResponse:
    """换一批备用码。"""
    if not held_by(user).kinds:
        return redirect("accounts:account")
    return _codes(request, renew_codes(user, actor=acting(request)), reverse("accounts:account"))


@require_POST
@setting_up
def drop_totp(request: HttpRequest, user: User, stands: Waiting | None) -> HttpResponse:
    """去掉动态码。"""
    faults = remove_totp(user, actor=acting(request))
    for fault in faults:
        messages.warning(request, fault)
    if not faults:
        messages.success(request, "动态码去掉了。")
    return redirect("accounts:account")
