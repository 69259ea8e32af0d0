"""开设站点：主管单位的监督员申请，另一个监督员批。"""

from collections.abc import Callable
from typing import Any

from tests.access.table import Row, rows
from tests.actors import actor, organisation
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Site
from yangguang.hub.sites.models import SiteOpening
from yangguang.hub.sites.services import propose_site

SUPERVISOR = frozenset({"supervisor"})
GIVEN: dict[str, Any] = {
    "template": "department", "code": "slj", "name": "州水利局",
    "short_name": "水利局", "domain": "www.slj.gov.cn", "path_prefix": "",
    "identification_code": "6299000006", "reason": "集中公开水利信息", "exception": "",
    "undertaken_by": "", "contact": "", "icp_number": "", "police_number": "",
    "supports_ipv6": False, "party_mark_url": "", "fault_report_url": "", "accent": "#A61B1B",
}  # fmt: skip


def unit(town: Town) -> Organisation:
    """没有网站的本机构：站点改记在别的机构名下。"""
    other = organisation("seat")
    Site.objects.filter(pk=town.site.pk).update(organisation=other)
    return town.organisation


def values(town: Town) -> dict[str, Any]:
    return {"organisation": unit(town), **GIVEN}


def brought(town: Town, state: str) -> SiteOpening:
    above = actor("supervisor", town.organisation, username="above", subtree=True)
    opening = propose_site(values(town), actor=above, key="access-opening")
    if state == "asked":
        perform(opening, "ask", actor=above, key="access-ask")
    return opening


def page(tail: str = "", state: str = "draft") -> Callable[[Town], str]:
    return lambda town: f"/workbench/site-openings/{brought(town, state).pk}/{tail}"


def new(town: Town) -> str:
    unit(town)
    return "/workbench/site-openings/new/"


def given(town: Town, who: Actor) -> dict[str, Any]:
    opening = SiteOpening.objects.first()
    seen = {"seen": opening.updated_at.isoformat()} if opening else {}
    return {
        **{name: value for name, value in GIVEN.items() if value},
        "organisation": who.organisation_id, "key": f"access-{who.user_id}", "contact": "0930-0000", **seen,
    }  # fmt: skip


def act(event: str, state: str, **data: Any) -> list[Row]:
    path = page(f"do/{event}/", state)
    return [
        Row("workbench:site-openings-do", path, SUPERVISOR),
        Row(
            "workbench:site-openings-do", path, SUPERVISOR, method="POST",
            data=lambda t, who: {"key": f"access-do-{event}", "message": "写明", **data},
            event=f"site_opening.{event}",
        ),
    ]  # fmt: skip


APPROVED = {"approval": "州政办函〔2020〕15号", "filing": "当日提交", "security_test": "2020-8"}

rows(
    Row("workbench:site-openings", lambda t: "/workbench/site-openings/", SUPERVISOR, elsewhere=True),
    Row("workbench:site-openings-new", lambda t: "/workbench/site-openings/new/", SUPERVISOR, elsewhere=True),
    Row("workbench:site-openings-record", page(), SUPERVISOR),
    Row("workbench:site-openings-edit", page("edit/"), SUPERVISOR),
    *act("ask", "draft"),
    *act("drop", "draft"),
    *act("return", "asked"),
    *act("open", "asked", **APPROVED),
    Row(
        "workbench:site-openings-new", new, SUPERVISOR, method="POST", data=given,
        event="site_opening.create", elsewhere=True,
    ),
    Row(
        "workbench:site-openings-edit", page("edit/"), SUPERVISOR, method="POST", data=given,
        event="site_opening.edit",
    ),
)  # fmt: skip
