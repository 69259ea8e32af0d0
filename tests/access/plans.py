"""工作方案和分解任务。"""

from collections.abc import Callable
from typing import Any

from tests.access.table import WRITERS, Row, rows
from tests.actors import actor, organisation
from tests.town import Town
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.models import Column
from yangguang.oversight.plans.forms import fingerprint
from yangguang.oversight.plans.models import ActionPlan, DeliverableAssignment
from yangguang.oversight.plans.rules import parse_plan
from yangguang.oversight.plans.services import (
    LEDGER_COLUMN,
    add_units,
    close_plan,
    close_share,
    report,
    take_in_plan,
)

READERS = WRITERS | {"supervisor"}
SUPERVISOR = frozenset({"supervisor"})
APPROVER = frozenset({"approver"})
TEXT = """测试州2022年政务公开工作实施方案
2022年3月1日
一、工作任务
1.推进平台建设。2022年6月底前完成平台建设，9月底前完成迁移。（牵头单位：某某局）
"""


def plan_of(town: Town, state: str = "active") -> ActionPlan:
    """一份方案：一处没有指明的单位，本机构有一份分工。"""
    supervisor = actor("supervisor", town.organisation)
    Column.objects.add_root(
        instance=Column(
            site=town.site, code=LEDGER_COLUMN, name="任务落实", column_type="信息公开目录",
            description="任务落实", keywords="任务",
        )
    )  # fmt: skip
    plan = take_in_plan(
        parse_plan(TEXT), organisation=town.organisation, actor=supervisor, key="plan"
    )
    for number, deliverable in enumerate(deliverables(plan)):
        add_units(
            deliverable, [town.organisation], role="implementing", actor=supervisor,
            key=f"units-{number}", reason="补上",
        )  # fmt: skip
    if state == "closed":
        shares = DeliverableAssignment.objects.filter(deliverable__task__plan=plan)
        groups = [g.pk for d in deliverables(plan) for g in d.groups.all()]
        close_plan(
            plan, actor=supervisor, key="close", message="",
            reasons={share.pk: "不办了" for share in shares},
            group_reasons=dict.fromkeys(groups, "不指明了"),
        )  # fmt: skip
    return plan


def deliverables(plan: ActionPlan) -> list[Any]:
    return [d for task in plan.tasks.all() for d in task.deliverables.all()]


def plan_page(tail: str = "", state: str = "active") -> Callable[[Town], str]:
    return lambda town: f"/workbench/plans/{plan_of(town, state).pk}/{tail}"


def one(tail: str) -> Callable[[Town], str]:
    """方案里一处的地址：``{d}`` 是分解项，``{g}`` 是没有指明的单位，``{t}`` 是任务。"""

    def path(town: Town) -> str:
        plan = plan_of(town)
        first = deliverables(plan)[0]
        found = tail.format(d=first.pk, g=first.groups.get().pk, t=first.task_id)
        return f"/workbench/plans/{plan.pk}/{found}"

    return path


def share_page(tail: str = "", state: str = "in_progress") -> Callable[[Town], str]:
    """本机构的一份，走到 ``state``。"""

    def path(town: Town) -> str:
        share = DeliverableAssignment.objects.filter(
            deliverable__task__plan=plan_of(town), organisation=town.organisation
        ).first()
        if state == "reported":
            report(
                share, actor=town.approver, key="report", text="做完了", is_completion=True,
                no_evidence="没有可公开的",
            )  # fmt: skip
        elif state == "closed":
            supervisor = actor("supervisor", town.organisation)
            close_share(share, actor=supervisor, key="close", reason="不办了")
        organisation("below", town.organisation)
        return f"/workbench/shares/{share.pk}/{tail}"

    return path


def do(
    page: Callable[..., Callable[[Town], str]], route: str, event: str, audit: str,
    roles: frozenset[str], state: str, **data: Any,
) -> list[Row]:  # fmt: skip
    """一个动作：看表单和提交，同一个角色。"""
    path = page(f"do/{event}/", state)
    return [
        Row(route, path, roles),
        Row(
            route, path, roles, method="POST", event=audit,
            data=lambda t, who: {"key": f"access-{event}", "message": "理由", **data},
        ),
    ]  # fmt: skip


def correct(route: str, tail: str, audit: str, data: Callable[[Town], dict[str, Any]]) -> list[Row]:
    """监督员校正的一页。"""
    return [
        Row(route, one(tail), SUPERVISOR),
        Row(
            route, one(tail), SUPERVISOR, method="POST", event=audit,
            data=lambda t, who: {"key": "access-correct", "reason": "理由", **data(t)},
        ),
    ]  # fmt: skip


def taken(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-new", "text": TEXT, "organisation": who.organisation_id,
        "read": fingerprint(TEXT),
    }  # fmt: skip


def contact(town: Town, who: Actor) -> dict[str, Any]:
    share = DeliverableAssignment.objects.filter(organisation=town.organisation).first()
    return {
        "key": "access-contact", "seen": share.updated_at.isoformat(), "leader_post": "分管副局长",
    }  # fmt: skip


def merged(town: Town) -> dict[str, Any]:
    return {
        "deliverables": [d.pk for d in deliverables(ActionPlan.objects.get())], "text": "合并",
    }  # fmt: skip


def elsewhere(town: Town, who: Actor) -> dict[str, Any]:
    return {
        "key": "access-reassign", "message": "改派",
        "organisation": Organisation.objects.get(code="below").pk,
    }  # fmt: skip


PLANS, SHARES = "workbench:plans-do", "workbench:shares-do"
rows(
    Row("workbench:plans", lambda t: "/workbench/plans/", READERS, elsewhere=True),
    Row("workbench:plans-new", lambda t: "/workbench/plans/new/", SUPERVISOR, elsewhere=True),
    Row(
        "workbench:plans-new", lambda t: "/workbench/plans/new/", SUPERVISOR, method="POST",
        data=taken, event="plans.take_in", elsewhere=True,
    ),
    Row("workbench:plans-record", plan_page(), READERS),
    Row("workbench:plans-workbook", plan_page("workbook/"), READERS),
    *do(plan_page, PLANS, "publish_ledger", "publications.publish", SUPERVISOR, "active"),
    *do(plan_page, PLANS, "close", "plans.plan.close", SUPERVISOR, "active", rest="不办了"),
    *do(plan_page, PLANS, "reopen", "plans.plan.reopen", SUPERVISOR, "closed"),
    *correct(
        "workbench:plans-group", "groups/{g}/", "plans.group.settle",
        lambda t: {"more": [t.organisation.pk]},
    ),
    *correct(
        "workbench:plans-split", "deliverables/{d}/split/", "plans.deliverable.recut",
        lambda t: {"text1": "一项", "text2": "又一项"},
    ),
    *correct(
        "workbench:plans-redate", "deliverables/{d}/date/", "plans.deliverable.redate",
        lambda t: {"due_on": "2022-12-31"},
    ),
    *correct(
        "workbench:plans-units", "deliverables/{d}/units/", "plans.deliverable.add_units",
        lambda t: {"role": "lead", "units": [organisation("added", t.organisation).pk]},
    ),
    *correct(
        "workbench:plans-merge", "tasks/{t}/merge/", "plans.deliverable.recut", merged,
    ),
    Row("workbench:shares", lambda t: "/workbench/shares/", READERS, elsewhere=True),
    Row("workbench:shares-record", share_page(), READERS),
    Row("workbench:shares-edit", share_page("edit/"), WRITERS),
    Row(
        "workbench:shares-edit", share_page("edit/"), WRITERS, method="POST",
        data=contact, event="plans.share.contact",
    ),
    *do(share_page, SHARES, "progress", "plans.share.progress", APPROVER, "in_progress", text="在办"),
    *do(
        share_page, SHARES, "report", "plans.share.report", APPROVER, "in_progress",
        text="办完", no_evidence="没有可公开的",
    ),
    *do(share_page, SHARES, "confirm", "plans.share.confirm", SUPERVISOR, "reported"),
    *do(share_page, SHARES, "return", "plans.share.return", SUPERVISOR, "reported"),
    *do(share_page, SHARES, "close", "plans.share.close", SUPERVISOR, "in_progress"),
    *do(share_page, SHARES, "reopen", "plans.share.reopen", SUPERVISOR, "closed"),
    Row(SHARES, share_page("do/reassign/"), SUPERVISOR),
    Row(
        SHARES, share_page("do/reassign/"), SUPERVISOR, method="POST", data=elsewhere,
        event="plans.share.reassign",
    ),
)  # fmt: skip
