"""专题：站点主办单位的签发人、监督员；专题供给：责任单位的人也看自己的。"""

from typing import Any

from tests.access.table import Row, rows
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.lifecycle.services import perform
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.models import Publication
from yangguang.hub.topics.models import Topic
from yangguang.hub.topics.services import open_topic

EDITORS = frozenset({"approver", "supervisor"})
SUPPLIERS = frozenset({"drafter", "reviewer", "approver", "supervisor"})


def topic(town: Town) -> Topic:
    return open_topic(
        town.site, name="工作方案", summary="几份方案。", actor=town.approver, key="access-topic"
    )  # fmt: skip


def of_the_plan(town: Town) -> str:
    """本机构负责的一个专题的供给。"""
    here = Organisation.objects.get(pk=town.organisation.pk)
    found = open_topic(
        town.site, name="六稳六保", summary="稳就业。", owner=here, tasks=[9],
        basis="临州办发〔2020〕81号", actor=town.approver, key="access-supply",
    )  # fmt: skip
    return f"/workbench/topic-supply/{found.pk}/"


def page(tail: str = "", *, closed: bool = False) -> Any:
    def path(town: Town) -> str:
        found = topic(town)
        if closed:
            perform(found, "close", actor=town.approver, key="access-close")
        return f"/workbench/topics/{found.pk}/{tail}"

    return path


def choosing(town: Town) -> str:
    document = town.document()
    for event, who in (
        ("submit", town.drafter), ("pass", town.reviewer), ("approve", town.approver),
        ("publish", town.drafter),
    ):  # fmt: skip
        perform(document, event, actor=who, key=f"access-{event}")
    return str(page("choose/")(town))


def chosen(town: Town, who: Actor) -> dict[str, Any]:
    # 别的地址上还没有发布过信息：没有登录的人照样交得出一个编号
    found = Publication.objects.first()
    return {"publication": found.pk if found else 1, "choice": "add"}


def filled(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "site": town.site.pk, "name": "另一个", "summary": "别的事。",
        "opened_on": "2020-10-01",
    }  # fmt: skip


def edited(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-edit", "seen": Topic.objects.get().updated_at.isoformat(), "name": "改过",
        "summary": "几份方案。", "opened_on": "2020-10-01",
    }  # fmt: skip


def act(event: str, *, closed: bool = False) -> list[Row]:
    path = page(f"do/{event}/", closed=closed)
    return [
        Row("workbench:topics-do", path, EDITORS),
        Row(
            "workbench:topics-do", path, EDITORS, method="POST",
            data=lambda t, who: {"key": f"access-do-{event}"}, event=f"topics.{event}",
        ),
    ]  # fmt: skip


rows(
    Row("workbench:topics", lambda t: "/workbench/topics/", EDITORS),
    Row("workbench:topics-new", lambda t: "/workbench/topics/new/", EDITORS),
    Row(
        "workbench:topics-new", lambda t: "/workbench/topics/new/", EDITORS, method="POST",
        data=filled, event="topics.create",
    ),
    Row("workbench:topics-record", page(), EDITORS),
    Row("workbench:topics-edit", page("edit/"), EDITORS),
    Row(
        "workbench:topics-edit", page("edit/"), EDITORS, method="POST", data=edited,
        event="topics.edit",
    ),
    Row(
        "workbench:topics-choose", choosing, EDITORS, method="POST", data=chosen,
        event="topics.add",
    ),
    Row(
        "workbench:topic-supply", lambda t: "/workbench/topic-supply/", SUPPLIERS, elsewhere=True
    ),
    Row("workbench:topic-supply-record", of_the_plan, SUPPLIERS),
    *act("close"),
    *act("reopen", closed=True),
)  # fmt: skip
