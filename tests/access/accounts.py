"""登录、身份、我的账号、首页和样式。"""

from django.contrib.auth.hashers import make_password

from tests.access.table import EVERYONE, Row, rows
from tests.town import Town
from tests.workbench import sign_in
from yangguang.foundation.accounts.models import RoleAssignment, Session, User
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


rows(
    Row("asset", lambda t: theme.stylesheet().path, EVERYONE, elsewhere=True),
    Row("workbench:asset", lambda t: workbench.stylesheet().path, EVERYONE, elsewhere=True),
    Row(
        "workbench:paste", lambda t: "/workbench/paste/", EVERYONE, method="POST",
        data=lambda t, who: {"html": "<p>粘贴</p>"}, elsewhere=True,
    ),
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
