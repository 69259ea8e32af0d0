"""转发：站点主办单位的签发人、监督员。"""

from typing import Any

from tests.access.table import Row, rows
from tests.actors import actor, organisation
from tests.town import TEXT, Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.hub.columns.models import Column, Site
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.services import publish
from yangguang.hub.publications.sharing import share
from yangguang.sources.documents.services import take_in

EDITORS = frozenset({"approver", "supervisor"})


def elsewhere(town: Town) -> Publication:
    """别的站点公开的一条信息。"""
    office = organisation("neighbour")
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
    Row("workbench:sharing-stop", sharing_page, EDITORS),
    Row(
        "workbench:sharing-stop", sharing_page, EDITORS, method="POST", data=told,
        event="publications.unshare",
    ),
)  # fmt: skip
