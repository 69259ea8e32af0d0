"""公众的实名登录：工作人员在这里也只是没有登录的公众，转去公众的登录页，什么也不变。"""

from tests.access.table import EVERYONE, Row, rows

rows(
    Row("residents:sign-in", lambda t: "/interact/sign-in/", EVERYONE, elsewhere=True),
    Row("residents:sign-in-go", lambda t: "/interact/sign-in/go/", EVERYONE, elsewhere=True),
    Row("residents:sign-in-back", lambda t: "/interact/sign-in/back/", EVERYONE, elsewhere=True),
    Row("residents:me", lambda t: "/interact/me/", EVERYONE, elsewhere=True),
    Row("residents:sign-out", lambda t: "/interact/sign-out/", EVERYONE, method="POST", elsewhere=True),
    Row("residents:leave", lambda t: "/interact/me/leave/", EVERYONE, elsewhere=True),
    Row("residents:leave", lambda t: "/interact/me/leave/", EVERYONE, method="POST", elsewhere=True),
)  # fmt: skip
