"""登录、退出、选身份。"""

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yangguang.foundation.audit.services import record as record_event

from .forms import SignInForm
from .models import Role, User
from .selectors import current_assignments
from .services import assume

TOO_MANY = 429


class SignIn(LoginView):
    """登录。成功记入审计；有几个任职的去选一个。"""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """登录与审计同在一个事务里。"""
        with transaction.atomic():
            login(self.request, form.get_user())
            record_event("accounts.sign_in", actor=None, target=form.get_user())
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """没有登录成。"""
        return self.render_to_response(self.get_context_data(form=form), status=422)


sign_in = sensitive_post_parameters("password")(SignIn.as_view())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """退出。"""
    if isinstance(request.user, User):
        with transaction.atomic():
            record_event("accounts.sign_out", actor=None, target=request.user)
            logout(request)
    return redirect("accounts:sign-in")


@login_required
def identity(request: HttpRequest) -> HttpResponse:
    """选以哪个任职行事。一次会话同时只有一个身份。"""
    assert isinstance(request.user, User)  # noqa: S101  login_required 保证
    held = current_assignments(request.user, timezone.localdate())
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("workbench:today")
    if request.method == "POST":
        chosen = request.POST.get("assignment", "")
        assignment = get_object_or_404(held, pk=int(chosen) if chosen.isdecimal() else 0)
        with transaction.atomic():
            actor = assume(request, assignment)
            record_event("accounts.assume", actor=actor, target=assignment)
        return redirect(target)
    return render(
        request,
        "accounts/identity.html",
        {
            "assignments": [(each, Role(each.role).label) for each in held],
            "next": target,
            "current": getattr(getattr(request, "acting", None), "assignment_id", None),
        },
    )


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """口令连错几次之后。"""
    return render(request, "accounts/locked.html", status=TOO_MANY)
