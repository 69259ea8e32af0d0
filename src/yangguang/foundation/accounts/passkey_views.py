"""通行密钥的几个地址：出题、核对、设、去掉。题目由脚本来取，答案随表单交。"""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from .models import Passkey, User
from .passkeys import PASSKEY, Place, add_passkey, ask, ask_for_new, check_passkey, remove_passkey
from .passkeys import place_of as where
from .second_step_views import View, is_set_up, passed, setting_up, to
from .services import Waiting, enter, waiting
from .views import acting, where_next

JSON = "application/json"
NOT_PASSED = "通行密钥没有验成。请再试一次，或者换一种方式。"


def placed(view: View) -> View:
    """``view(request, …, place)``：这个网址用得了通行密钥；用不了的 404。"""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        place = where(request)
        if place is None:
            raise Http404
        return view(request, *args, place=place, **kwargs)

    return guarded


def _known(request: HttpRequest) -> tuple[Waiting | None, User | None]:
    """等着第二步的、登录着的是谁；都不是的，由通行密钥说是谁。"""
    stands = waiting(request)
    if stands is not None:
        return stands, stands.user
    user = request.user
    return None, user if isinstance(user, User) and user.is_active else None


@require_POST
@placed
def ask_passkey(request: HttpRequest, place: Place) -> HttpResponse:
    """核对的题目。"""
    return HttpResponse(ask(request, place, _known(request)[1]), content_type=JSON)


@sensitive_post_parameters()
@require_POST
@placed
def pass_passkey(request: HttpRequest, place: Place) -> HttpResponse:
    """核对答案：当第二步用；没有走第一步的，单用它登录。"""
    stands, user = _known(request)
    target = where_next(request)
    found = check_passkey(request, place, user, request.POST.get("credential", ""))
    if found is None:
        messages.error(request, NOT_PASSED)
        return to("accounts:second-step" if user else "accounts:sign-in", target)
    if user is not None:
        return passed(request, stands, user, PASSKEY)
    enter(request, found, PASSKEY, second=True)
    return redirect(target)


@require_POST
@placed
@setting_up
def ask_new_passkey(
    request: HttpRequest, user: User, stands: Waiting | None, place: Place
) -> HttpResponse:
    """设通行密钥的题目。"""
    return HttpResponse(ask_for_new(request, place, user), content_type=JSON)


@sensitive_post_parameters()
@require_POST
@placed
@setting_up
def new_passkey(
    request: HttpRequest, user: User, stands: Waiting | None, place: Place
) -> HttpResponse:
    """设一个通行密钥。"""
    answer, name = request.POST.get("credential", ""), request.POST.get("name", "")
    made = add_passkey(request, place, user, answer, name, actor=acting(request))
    if made is None:
        messages.error(request, NOT_PASSED)
        return to("accounts:set-up", where_next(request))
    return is_set_up(request, user, stands, PASSKEY, made.codes)


@require_POST
@setting_up
def drop_passkey(
    request: HttpRequest, user: User, stands: Waiting | None, passkey: int
) -> HttpResponse:
    """去掉自己的一个通行密钥。"""
    try:
        faults = remove_passkey(user, passkey, actor=acting(request))
    except Passkey.DoesNotExist:
        raise Http404 from None
    for fault in faults:
        messages.warning(request, fault)
    if not faults:
        messages.success(request, "这个通行密钥去掉了。设备里存着的那一份，请在设备的设置里删去。")
    return redirect("accounts:account")
