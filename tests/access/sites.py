"""站点：主办单位的签发人、监督员申请，主管单位的监督员批。"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.access.table import Row, rows
from tests.actors import actor, organisation
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.hub.columns.models import Column, Site

EDITORS = frozenset({"approver", "supervisor"})
SUPERVISOR = frozenset({"supervisor"})
APPROVED = {"approval": "州政办函〔2020〕15号", "filing": "当日提交"}


def heir(town: Town) -> Site:
    """同一个主管单位管着的另一个站点：下级的。"""
    below = organisation("heir", town.organisation, level="county")
    site, _ = Site.objects.get_or_create(
        code="heir",
        defaults={
            "name": "县人民政府", "short_name": "本县", "organisation": below,
            "domain": "www.heir.example", "identification_code": "6299000007",
        },
    )  # fmt: skip
    Column.objects.add_root(
        instance=Column(
            site=site, code="wenjian", name="文件", column_type="政策文件", description="文件",
            keywords="文件",
        )
    )  # fmt: skip
    return site


def brought(town: Town, state: str) -> Site:
    """把站点带到 ``state``。"""
    site = Site.objects.get(pk=town.site.pk)
    asker = town.approver
    above = actor("supervisor", town.organisation, username="above", subtree=True)
    if state in ("offline_asked", "offline"):
        perform(
            site, "ask_offline", actor=asker, key="access-ask", message="整改",
            inputs={"until": date.today() + timedelta(days=5)},
        )  # fmt: skip
    if state == "offline":
        perform(site, "approve_offline", actor=above, key="access-yes", inputs=APPROVED)
    if state in ("closing_asked", "announced", "moving"):
        perform(
            site, "ask_closing", actor=asker, key="access-ask", message="并站",
            inputs={"successor": heir(town)},
        )  # fmt: skip
    if state in ("announced", "moving"):
        perform(site, "announce", actor=above, key="access-yes", inputs=APPROVED)
    if state == "moving":
        Site.objects.filter(pk=site.pk).update(notice_until=date(2020, 1, 1))
        column = Column.objects.get(site__code="heir")
        perform(site, "migrate", actor=above, key="access-go", inputs={"fallback": column})
    return site


def page(tail: str = "", state: str = "running") -> Callable[[Town], str]:
    return lambda town: f"/workbench/sites/{brought(town, state).pk}/{tail}"


def edited(town: Town, who: Actor) -> dict[str, Any]:
    site = Site.objects.get(pk=town.site.pk)
    return {
        "key": "access-edit", "seen": site.updated_at.isoformat(), "name": "测试州人民政府",
        "short_name": "测试", "accent": "#A61B1B",
    }  # fmt: skip


def act(
    event: str, state: str, roles: frozenset[str], *, is_done: bool = True, **data: Any
) -> list[Row]:
    """一个动作：看表单和办。``is_done`` 为假的，只看：接收的站点要在范围之内才批得了。"""
    path = page(f"do/{event}/", state)

    def given(town: Town, who: Actor) -> dict[str, Any]:
        values = {name: value(town) if callable(value) else value for name, value in data.items()}
        return {"key": f"access-do-{event}", "message": "写明", **values}

    done = Row("workbench:sites-do", path, roles, method="POST", data=given, event=f"site.{event}")
    return [Row("workbench:sites-do", path, roles), *([done] if is_done else [])]


rows(
    Row("workbench:sites", lambda t: "/workbench/sites/", EDITORS),
    Row("workbench:sites-record", page(), EDITORS),
    Row("workbench:sites-edit", page("edit/"), EDITORS),
    Row(
        "workbench:sites-edit", page("edit/"), EDITORS, method="POST", data=edited,
        event="site.edit",
    ),
    *act(
        "ask_offline", "running", EDITORS,
        until=lambda t: (date.today() + timedelta(days=5)).isoformat(),
    ),
    *act("approve_offline", "offline_asked", SUPERVISOR, **APPROVED),
    *act("decline_offline", "offline_asked", SUPERVISOR),
    *act("restore", "offline", EDITORS),
    *act("ask_closing", "running", EDITORS, successor=lambda t: heir(t).pk),
    *act("announce", "closing_asked", SUPERVISOR, is_done=False),
    *act("decline_closing", "closing_asked", SUPERVISOR),
    *act("stop_closing", "announced", SUPERVISOR),
    *act("migrate", "announced", SUPERVISOR, is_done=False),
    *act("close", "moving", SUPERVISOR),
)  # fmt: skip
