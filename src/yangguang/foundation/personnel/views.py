"""本人凭一次性链接设口令：不登录就能开，开一次就作废。"""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yangguang.foundation.accounts.forms import NewPasswordForm
from yangguang.foundation.lifecycle.services import Refused

from .selectors import find_link
from .services import accept


@sensitive_post_parameters()
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """看一看是给谁的，设口令；设好了去登录。链接不能用的说明缘由。"""
    link = find_link(token)
    fault = link.fault if link else "没有这条链接，请检查是不是抄漏了。"
    if link is None or fault:
        return _private(render(request, "personnel/join.html", {"fault": fault}))
    form = NewPasswordForm(request.POST or None, user=link.user)
    status = 200
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                accept(token, form.cleaned_data["password"])
            except Refused as refused:
                return _private(
                    render(request, "personnel/join.html", {"fault": refused.reasons[0]})
                )
            logout(request)
            messages.success(request, "口令设好了，请登录。")
            return redirect("accounts:sign-in")
    context = {"form": form, "link": link, "member": link.user.staff}
    return _private(render(request, "personnel/join.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """地址里带着密文：不告诉别的页面是从哪里来的。"""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
