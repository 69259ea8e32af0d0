"""登录、身份、首页和样式。"""

from tests.access.table import EVERYONE, Row, rows
from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.theme import assets as theme
from yangguang.foundation.workbench import assets as workbench

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
)  # fmt: skip
