"""转发：站点主办单位的签发人、监督员。"""

from typing import Any

from django.utils import timezone

from tests.access.table import Row, rows
from tests.actors import actor, organisation
from tests.town import TEXT, Town
from yangguang.foundation.accounts.models import RoleAssignment
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.accounts.selectors import actor_of
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.ordering import order_share
from yangguang.hub.publications.services import publish
from yangguang.hub.publications.sharing import share
from yangguang.sources.documents.services import take_in

EDITORS, SUPERVISOR = frozenset({"approver", "supervisor"}), frozenset({"supervisor"})


def elsewhere(town: Town) -> Publication:
    """别的站点公开的一条信息。"""
    office = organisation("neighbour", name="邻州人民政府", short_name="邻州")
    site = Site.objects.create(
        code="neighbour", name="邻州人民政府", short_name="邻州", organisation=office,
        domain="www.neighbour.example", identification_code="6299000009",
    )  # fmt: skip
    column = Column.objects.add_root(
        instance=Column(
            site=site, code="files", name="文件", column_type="政策文件", description="文件",
            keywords="文件",
        )
    )  # fmt: skip
    drafter = actor("drafter", office)
    document = take_in(
        TEXT.format(number=7), organisation=office, actor=drafter, key="neighbour",
        overrides={"stage": "execution"},
    )  # fmt: skip
    version = publish(
        document, "document", organisation=office, columns=[column], actor=drafter,
        key="neighbour:1",
    )  # fmt: skip
    return version.publication


def page(tail: str = "") -> Any:
    return lambda town: f"/workbench/sharing/{elsewhere(town).pk}/{tail}"


def sharing_page(town: Town) -> str:
    publication = elsewhere(town)
    share(publication, [town.column], actor=town.approver)
    return f"/workbench/sharing/{publication.pk}/test/stop/"


def above(town: Town) -> Publication:
    """邻州的一条信息；本机构的监督员管着下级，下级的县有站点。"""
    RoleAssignment.objects.filter(
        organisation=town.organisation, role="supervisor"
    ).update(includes_subtree=True)  # fmt: skip
    county = organisation("below", town.organisation, level="county")
    Site.objects.create(
        code="below", name="下级县人民政府", short_name="下级县", organisation=county,
        domain="www.below.example", identification_code="6299000007",
    )  # fmt: skip
    return elsewhere(town)


def ordering(town: Town) -> str:
    return f"/workbench/sharing/{above(town).pk}/order/"


def cancelling(town: Town) -> str:
    publication = above(town)
    held = RoleAssignment.objects.get(organisation=town.organisation, role="supervisor")
    order_share(
        publication, [Site.objects.get(code="below")], due_on=timezone.localdate(), note="",
        actor=actor_of(held),
    )  # fmt: skip
    return f"/workbench/sharing/{publication.pk}/below/cancel/"


def ordered(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-order", "sites": [Site.objects.get(code="below").pk],
        "due_on": timezone.localdate().isoformat(),
    }  # fmt: skip


def chosen(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-share", "columns": [town.column.pk]}


def told(town: Town, who: Actor) -> dict[str, Any]:
    return {"key": "access-stop", "reason": "与本地无关"}


rows(
    Row("workbench:sharing", lambda t: "/workbench/sharing/", EDITORS),
    Row("workbench:sharing-record", page(), EDITORS),
    Row("workbench:sharing-at", page("test/"), EDITORS),
    Row(
        "workbench:sharing-at", page("test/"), EDITORS, method="POST", data=chosen,
        event="publications.share",
    ),
    Row("workbench:sharing-order", ordering, SUPERVISOR),
    Row(
        "workbench:sharing-order", ordering, SUPERVISOR, method="POST", data=ordered,
        event="publications.order_share",
    ),
    Row(
        "workbench:sharing-cancel", cancelling, SUPERVISOR, method="POST",
        event="publications.cancel_share_order",
    ),
    Row("workbench:sharing-stop", sharing_page, EDITORS),
    Row(
        "workbench:sharing-stop", sharing_page, EDITORS, method="POST", data=told,
        event="publications.unshare",
    ),
)  # fmt: skip
