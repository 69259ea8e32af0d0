"""依申请公开的通知：来了申请告诉收件的人，期限剩 5、3、1 个工作日和到期告诉经办的人，到期和过期告诉负责人和主管部门。"""

from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.notify.audiences import Roles
from yangguang.foundation.notify.registry import Due, LivingNotices, register

from .models import DisclosureRequest
from .states import HEAD, OFFICER, OPEN, RECEPTION, State

LADDER = (5, 3, 1)
"""剩几个工作日时提醒经办的人；到期、过期另各一次。"""
HANDLERS = Roles(OFFICER, reaches_up=False)


def due_between(since: date, until: date) -> "QuerySet[DisclosureRequest]":
    """答复期限在两日之间、还没有答复的。"""
    return DisclosureRequest.objects.filter(
        state__in=OPEN, reply_due__range=(since, until)
    ).select_related("organisation")


def unconfirmed_between(since: date, until: date) -> "QuerySet[DisclosureRequest]":
    """两日之间到达、还没有与申请人确认的：确认当日就要办。"""
    return DisclosureRequest.objects.filter(
        state=State.SUBMITTED, came_on__range=(since, until)
    ).select_related("organisation")


register(
    LivingNotices(
        DisclosureRequest,
        "政府信息公开申请",
        "workbench:requests-record",
        waits={
            "submitted": Roles(RECEPTION, reaches_up=False),
            "received": HANDLERS,
            "under_review": HANDLERS,
        },
        due=Due(due_between, lambda record: record.reply_due, HANDLERS, LADDER),
        also_due=(
            Due(
                due_between,
                lambda record: record.reply_due,
                Roles(HEAD | {"supervisor"}),
                (0,),
                "答复",
            ),
            Due(
                unconfirmed_between,
                lambda record: record.came_on,
                Roles(RECEPTION, reaches_up=False),
                (0,),
                "确认收到的",
            ),
        ),
    )
)
