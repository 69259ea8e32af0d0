"""登录的第一步、退出、选身份；我的账号：口令和会话。第二步在 ``second_step_views``。"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yangguang.foundation.audit.services import record as record_event

from .devices import device
from .forms import ChangePasswordForm, SignInForm
from .models import Session, User
from .passkeys import place_of
from .rules import Actor
from .second_steps import reasons_to_keep
from .selectors import current_assignments, held_by, must_have_second_step
from .services import ENDED, assume, end_sessions, enter, note_wrong_password, wait_for_second_step
from .sign_on import provider

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """``view(request, user, …)``：登录了就行，不必选定身份。没有登录的先去登录。"""

    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.is_active:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('accounts:sign-in')}?{query}")
        response: HttpResponse = view(request, user, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignIn(LoginView):
    """登录的第一步：口令。要第二步的去第二步，不要的就登录；有几个任职的去选一个。"""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """这个网址用不用得了通行密钥，接没有接统一身份认证。"""
        ways = {"place": place_of(self.request), "provider": provider()}
        return super().get_context_data(**kwargs) | ways

    def form_valid(self, form: Any) -> HttpResponse:
        """登录与审计同在一个事务里。"""
        user = form.get_user()
        target = self.get_success_url()
        if held_by(user).kinds or must_have_second_step(user):
            wait_for_second_step(self.request, user, "口令")
            query = urlencode({"next": target})
            return redirect(f"{reverse('accounts:second-step')}?{query}")
        enter(self.request, user, "口令")
        return redirect(target)

    def form_invalid(self, form: Any) -> HttpResponse:
        """没有登录成；填的账号是有的，记下口令不对。"""
        if form.cleaned_data.get("password"):
            note_wrong_password(self.request, form.cleaned_data.get("username", ""))
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )


sign_in = SignIn.as_view()


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """退出。"""
    if isinstance(request.user, User):
        with transaction.atomic():
            record_event("accounts.sign_out", actor=None, by=request.user, target=request.user)
            logout(request)
    return redirect("accounts:sign-in")


@signed_in
def identity(request: HttpRequest, user: User) -> HttpResponse:
    """选以哪个任职行事。一次会话同时只有一个身份。"""
    held = current_assignments(user, timezone.localdate())
    target = where_next(request)
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
            "assignments": held,
            "next": target,
            "current": getattr(getattr(request, "acting", None), "assignment_id", None),
            "has_ended": getattr(request, "needs", "") == ENDED,
        },
    )


def where_next(request: HttpRequest) -> str:
    """办完去哪里：地址或表单里带着的本站地址；没有、不是本站的，去首页。"""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return reverse("workbench:today")


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """口令连错几次之后。"""
    return render(request, "accounts/locked.html", status=HTTPStatus.TOO_MANY_REQUESTS)


# ---- 我的账号 ----


@signed_in
def account(request: HttpRequest, user: User) -> HttpResponse:
    """我的账号：任职、口令、第二步验证、会话。"""
    held = held_by(user)
    return render(
        request,
        "accounts/account.html",
        {
            "person": user,
            "assignments": current_assignments(user, timezone.localdate()),
            "held": held,
            "provider": provider(),
            "sign_on": user.sign_on_identities.first(),
            "is_required": must_have_second_step(user),
            "kept_because": reasons_to_keep(user, left=held.kinds - 1) if held.kinds else [],
            "sessions": [
                {
                    "handle": each.handle,
                    "device": device(each.agent),
                    "is_this": each.session_key == request.session.session_key,
                    "row": each,
                }
                for each in _sessions(user)
            ],
        },
    )


@sensitive_post_parameters()
@signed_in
def change_password(request: HttpRequest, user: User) -> HttpResponse:
    """改口令。别处的会话当场结束，这一个留着。"""
    form = ChangePasswordForm(request.POST or None, user=user)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                user.set_password(form.cleaned_data["password"])
                user.save(update_fields=["password"])
                ended = end_sessions(sessions_elsewhere(request, user))
                record_event(
                    "accounts.set_password", actor=acting(request), target=user,
                    public={"by": "self", "sessions": ended},
                )  # fmt: skip
            update_session_auth_hash(request, user)
            messages.success(request, "口令改好了，别处的会话已经结束。")
            return redirect("accounts:account")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "accounts/change_password.html", {"form": form}, status=status)


@require_POST
@signed_in
def end_session(request: HttpRequest, user: User, handle: str) -> HttpResponse:
    """结束自己的一个会话。"""
    found = [each for each in _sessions(user) if each.handle == handle]
    if not found:
        raise Http404
    with transaction.atomic():
        end_sessions(Session.objects.filter(pk=found[0].pk))
        record_event(
            "accounts.end_sessions",
            actor=acting(request),
            target=user,
            public={"sessions": 1},
        )
    messages.success(request, "那个会话已经结束。")
    return redirect("accounts:account")


@require_POST
@signed_in
def end_other_sessions(request: HttpRequest, user: User) -> HttpResponse:
    """结束这一个之外的全部会话。"""
    with transaction.atomic():
        ended = end_sessions(sessions_elsewhere(request, user))
        record_event(
            "accounts.end_sessions",
            actor=acting(request),
            target=user,
            public={"sessions": ended},
        )
    messages.success(request, f"别处的 {ended} 个会话已经结束。")
    return redirect("accounts:account")


def acting(request: HttpRequest) -> Actor | None:
    """现在的身份；没有为空。"""
    actor: Actor | None = getattr(request, "acting", None)
    return actor


def _sessions(user: User) -> Any:
    return Session.objects.filter(user=user, expire_date__gte=timezone.now()).order_by(
        "-signed_in_at"
    )


def sessions_elsewhere(request: HttpRequest, user: User) -> Any:
    """这一个之外的会话。"""
    return _sessions(user).exclude(pk=request.session.session_key)
