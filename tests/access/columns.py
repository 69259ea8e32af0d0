"""栏目：站点主办单位的签发人、监督员。"""

from collections.abc import Callable
from typing import Any

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Column
from yangguang.hub.sites.columns import close_column, open_column

EDITORS = frozenset({"approver", "supervisor"})
VALUES = {
    "name": "应急管理", "column_type": "政策文件", "description": "应急预案。",
    "keywords": "应急", "statutory_content": "",
}  # fmt: skip


def opened(town: Town) -> Column:
    return open_column(town.site, VALUES, code="yingji", parent=None, actor=town.approver)


def page(tail: str = "", *, closed: bool = False) -> Callable[[Town], str]:
    def path(town: Town) -> str:
        column = opened(town)
        if closed:
            close_column(column, None, reason="并栏", actor=town.approver)
        return f"/workbench/site-columns/{column.pk}/{tail}"

    return path


def form(
    name: str, event: str, data: Callable[[Town, Actor], dict[str, Any]], *, closed: bool = False
) -> list[Row]:
    """一张表单：看和提交，同样的人。"""
    path = page(f"{name}/", closed=closed)
    return [
        Row(f"workbench:site-columns-{name}", path, EDITORS),
        Row(
            f"workbench:site-columns-{name}", path, EDITORS, method="POST", data=data,
            event=f"columns.{event}",
        ),
    ]  # fmt: skip


def new(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-new", "place": f"site:{town.site.pk}", "code": "xin", **VALUES}


rows(
    Row("workbench:site-columns", lambda t: "/workbench/site-columns/", EDITORS),
    Row("workbench:site-columns-new", lambda t: "/workbench/site-columns/new/", EDITORS),
    Row(
        "workbench:site-columns-new", lambda t: "/workbench/site-columns/new/", EDITORS, method="POST",
        data=new, event="columns.open_column",
    ),
    Row("workbench:site-columns-record", page(), EDITORS),
    *form("edit", "edit", lambda t, who: {"key": "access-edit", **VALUES, "name": "应急"}),
    *form("reorder", "reorder", lambda t, who: {"key": "access-order", "after": "first"}),
    *form(
        "close", "close_column",
        lambda t, who: {"key": "access-close", "into": "stay", "reason": "并栏"},
    ),
    *form("reopen", "reopen_column", lambda t, who: {"key": "access-reopen"}, closed=True),
)  # fmt: skip
