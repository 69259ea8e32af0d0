"""代码表：监督员、系统管理员看；本平台最上一级机构的改。"""

from tests.access.table import Row, rows

MAINTAINERS = frozenset({"supervisor", "system_admin"})
TABLE = "/workbench/codes/grounds-withheld/"
LAW = "《政府信息公开条例》"


def form(name: str, tail: str, event: str, **data: str) -> list[Row]:
    """一张表单：看和提交。各机构用的是同一套，最上一级的都能改。"""
    route, path = f"workbench:codes-{name}", f"{TABLE}{tail}"
    return [
        Row(route, lambda t: path, MAINTAINERS, elsewhere=True),
        Row(
            route, lambda t: path, MAINTAINERS, method="POST", elsewhere=True,
            data=lambda t, who: {"key": f"access-{name}", **data}, event=f"codes.{event}",
        ),
    ]  # fmt: skip


rows(
    Row("workbench:codes", lambda t: "/workbench/codes/", MAINTAINERS, elsewhere=True),
    Row("workbench:codes-table", lambda t: TABLE, MAINTAINERS, elsewhere=True),
    *form(
        "new", "new/", "add_code", code="16-3", label="另一项", legal_basis=LAW,
        valid_from="2020-01-01",
    ),
    *form("revise", "16-1/revise/", "revise_code", label="内部事务", legal_basis=LAW, valid_from="2020-01-01"),
    *form("end", "16-1/end/", "end_code", last_day="2020-12-31", reason="修改"),
)  # fmt: skip
