"""分解任务的通知：等核实的告诉监督员，退回的告诉承担的单位，期限快到了提醒单位。"""

from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.notify.audiences import Roles
from yangguang.foundation.notify.registry import Due, LivingNotices, register

from .models import DeliverableAssignment

UNIT = Roles(frozenset({"approver", "drafter"}), reaches_up=False)
"""承担的单位：签发人报送，信息员备材料。"""
SUPERVISORS = Roles(frozenset({"supervisor"}), "deliverable.task.plan.organisation")


def owed(since: date, until: date) -> QuerySet[DeliverableAssignment]:
    """执行中的方案里，还没有报送完成、期限在两日之间的。一次查询。"""
    found: QuerySet[DeliverableAssignment] = (
        DeliverableAssignment.objects.current()
        .filter(
            state="in_progress",
            deliverable__due_on__range=(since, until),
            deliverable__task__plan__state="active",
        )
        .select_related("organisation", "deliverable__task")
    )
    return found


register(
    LivingNotices(
        DeliverableAssignment,
        "分解任务",
        "workbench:shares-record",
        waits={"reported": SUPERVISORS},
        returns={"return": UNIT},
        due=Due(owed, lambda record: record.deliverable.due_on, UNIT),
    )
)
