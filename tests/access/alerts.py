"""紧急提示：站点主办单位的签发人、监督员。"""

from datetime import timedelta
from typing import Any

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.reading_day import reading_day
from yangguang.outlets.blocks.alerts import show_alert
from yangguang.outlets.blocks.models import Alert

EDITORS = frozenset({"approver", "supervisor"})


def page(tail: str = "") -> Any:
    def path(town: Town) -> str:
        values = {"level": "notice", "text": "大风。", "href": "", "valid_until": until()}
        alert = show_alert(
            town.site, values, actor=town.approver, key="access-alert", today=reading_day()
        )
        return f"/workbench/alerts/{alert.pk}/{tail}"

    return path


def until() -> Any:
    return reading_day() + timedelta(days=2)


def filled(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "site": town.site.pk, "level": "danger", "text": "暴雨。",
        "valid_until": until(),
    }  # fmt: skip


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return filled(town, who) | {"seen": Alert.objects.get().updated_at.isoformat()}


rows(
    Row("workbench:alerts", lambda t: "/workbench/alerts/", EDITORS),
    Row("workbench:alerts-new", lambda t: "/workbench/alerts/new/", EDITORS),
    Row(
        "workbench:alerts-new", lambda t: "/workbench/alerts/new/", EDITORS, method="POST",
        data=filled, event="alerts.create",
    ),
    Row("workbench:alerts-record", page(), EDITORS),
    Row("workbench:alerts-edit", page("edit/"), EDITORS),
    Row(
        "workbench:alerts-edit", page("edit/"), EDITORS, method="POST", data=edited,
        event="alerts.edit",
    ),
    Row("workbench:alerts-do", page("do/end/"), EDITORS),
    Row(
        "workbench:alerts-do", page("do/end/"), EDITORS, method="POST",
        data=lambda t, who: {"key": "access-end"}, event="alerts.end",
    ),
)  # fmt: skip
