"""登录、身份、我的账号、首页和样式。"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests.access.table import EVERYONE, Row, rows
from tests.second_steps import SECRET, code, with_totp
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import (
    Passkey,
    RoleAssignment,
    Session,
    SignOnIdentity,
    User,
)
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.encryption import seal
from yangguang.foundation.theme import assets as theme
from yangguang.foundation.workbench import assets as workbench

PASSWORD, BETTER = "Sunshine-2020", "Moonlight-2021"


def with_passwords(town: Town) -> str:
    User.objects.update(password=make_password(PASSWORD))
    return "/workbench/account/password/"


def another_session(town: Town) -> str:
    """信息员在别处的一个会话。"""
    key = sign_in(town.drafter).client.session.session_key
    return f"/workbench/account/sessions/{Session.objects.get(pk=key).handle}/end/"


def everyone_with_totp(path: str) -> Callable[[Town], str]:
    """人人都设好了动态码。"""

    def made(town: Town) -> str:
        for user in User.objects.all():
            with_totp(user)
        return path

    return made


def set_up(town: Town, who: Actor) -> dict[str, Any]:
    return {"secret": seal(SECRET, f"accounts.set-up:{who.user_id}"), "code": code()}


ACCOUNT = "/workbench/account/"


def everyone_bound(town: Town) -> str:
    """人人都有口令，都绑定了统一身份认证。"""
    with_passwords(town)
    now = timezone.now()
    for user in User.objects.all():
        SignOnIdentity.objects.create(
            user=user, issuer="https://id.example", subject=user.username, bound_at=now
        )
    return f"{ACCOUNT}sign-on/remove/"


def own_passkey(town: Town) -> str:
    """信息员的一个通行密钥，此外他还有动态码。"""
    user = with_totp(User.objects.get(pk=town.drafter.user_id))
    now = timezone.now()
    key = Passkey.objects.create(
        user=user, credential_id="access", public_key=b"", sign_count=0, name="一个",
        added_at=now, used_at=now,
    )  # fmt: skip
    return f"{ACCOUNT}passkeys/{key.pk}/remove/"


rows(
    Row("asset", lambda t: theme.stylesheet().path, EVERYONE, elsewhere=True),
    Row("workbench:asset", lambda t: workbench.stylesheet().path, EVERYONE, elsewhere=True),
    Row(
        "workbench:paste", lambda t: "/workbench/paste/", EVERYONE, method="POST",
        data=lambda t, who: {"html": "<p>粘贴</p>"}, elsewhere=True,
    ),
    Row("workbench:counts", lambda t: "/workbench/counts/", EVERYONE, elsewhere=True),
    Row("workbench:today", lambda t: "/workbench/", EVERYONE, elsewhere=True),
    # 已经登录的人再打开登录页，转到首页
    Row("accounts:sign-in", lambda t: "/workbench/sign-in/", EVERYONE, elsewhere=True),
    Row(
        "accounts:sign-out", lambda t: "/workbench/sign-out/", EVERYONE, method="POST",
        event="accounts.sign_out", elsewhere=True,
    ),
    Row("accounts:identity", lambda t: "/workbench/identity/", EVERYONE, elsewhere=True),
    # 只能选自己的任职：这一个任职是信息员的
    Row(
        "accounts:identity", lambda t: "/workbench/identity/", frozenset({"drafter"}),
        method="POST",
        data=lambda t, who: {"assignment": RoleAssignment.objects.get(pk=t.drafter.assignment_id).pk},
        event="accounts.assume",
    ),
    Row("accounts:account", lambda t: "/workbench/account/", EVERYONE, elsewhere=True),
    Row("accounts:password", lambda t: "/workbench/account/password/", EVERYONE, elsewhere=True),
    Row(
        "accounts:password", with_passwords, EVERYONE, method="POST",
        data=lambda t, who: {"current": PASSWORD, "password": BETTER, "again": BETTER},
        event="accounts.set_password", elsewhere=True,
    ),
    # 刚登录、没有设过的，从第二步转去设
    Row("accounts:second-step", lambda t: "/workbench/sign-in/second-step/", EVERYONE, elsewhere=True),
    Row(
        "accounts:second-step", everyone_with_totp("/workbench/sign-in/second-step/"), EVERYONE,
        method="POST", data=lambda t, who: {"code": code()}, event="accounts.confirm", elsewhere=True,
    ),
    Row("accounts:set-up", lambda t: "/workbench/sign-in/set-up/", EVERYONE, elsewhere=True),
    Row(
        "accounts:set-up", lambda t: "/workbench/sign-in/set-up/", EVERYONE, method="POST",
        data=set_up, event="accounts.add_second_step", elsewhere=True, answer=200,
    ),
    Row(
        "accounts:codes", everyone_with_totp(f"{ACCOUNT}codes/"), EVERYONE, method="POST",
        event="accounts.renew_codes", elsewhere=True, answer=200,
    ),
    Row(
        "accounts:totp-remove", everyone_with_totp(f"{ACCOUNT}totp/remove/"), EVERYONE,
        method="POST", event="accounts.remove_second_step", elsewhere=True,
    ),
    Row("accounts:passkey-ask", lambda t: "/workbench/sign-in/passkey/ask/", EVERYONE, method="POST", host="localhost", elsewhere=True),
    # 没有先出题的，答什么都不认：回到再验证的那一页，什么也没变
    Row("accounts:passkey", lambda t: "/workbench/sign-in/passkey/", EVERYONE, method="POST", host="localhost", elsewhere=True),
    Row("accounts:passkey-new-ask", lambda t: f"{ACCOUNT}passkeys/ask/", EVERYONE, method="POST", host="localhost", elsewhere=True),
    Row("accounts:passkey-new", lambda t: f"{ACCOUNT}passkeys/", EVERYONE, method="POST", host="localhost", elsewhere=True),
    # 只能去掉自己的：这一个是信息员的
    Row(
        "accounts:passkey-remove", own_passkey, frozenset({"drafter"}), method="POST",
        event="accounts.remove_second_step",
    ),
    # 登录着的不用再去；测试的设置没有接哪一家
    Row("accounts:sign-on", lambda t: "/workbench/sign-in/sign-on/", EVERYONE, elsewhere=True),
    Row("accounts:sign-on-back", lambda t: "/workbench/sign-in/sign-on/back/", EVERYONE, elsewhere=True),
    Row("accounts:sign-on-bind", lambda t: f"{ACCOUNT}sign-on/", EVERYONE, method="POST", elsewhere=True),
    Row(
        "accounts:sign-on-unbind", everyone_bound, EVERYONE, method="POST",
        event="accounts.unbind_sign_on", elsewhere=True,
    ),
    # 只能结束自己的会话：这一个是信息员的
    Row(
        "accounts:end-session", another_session, frozenset({"drafter"}), method="POST",
        event="accounts.end_sessions",
    ),
    Row(
        "accounts:end-other-sessions", lambda t: "/workbench/account/sessions/end-others/", EVERYONE,
        method="POST", event="accounts.end_sessions", elsewhere=True,
    ),
)  # fmt: skip
