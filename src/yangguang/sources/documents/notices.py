"""公文的通知：到哪一步告诉谁，上网期限快到了告诉谁。"""

from datetime import date

from django.db.models import QuerySet

from yangguang.foundation.notify.audiences import Keeper, Roles, Where
from yangguang.foundation.notify.registry import Due, LivingNotices, register

from .circulation import APPROVER, DRAFTER, PUBLISHERS, REVIEWER
from .models import OfficialDocument

REMINDERS = (10, 5, 1)
"""上网期限之前剩这么多个工作日时各提醒一次。"""


def to_publish(since: date, until: date) -> QuerySet[OfficialDocument]:
    """已签发、主动公开、还没有上网的，上网期限在两日之间。一次查询。"""
    return OfficialDocument.objects.filter(
        state="approved", disclosure="proactive", publish_due__range=(since, until)
    ).select_related("organisation")


register(
    LivingNotices(
        OfficialDocument,
        "公文",
        "workbench:documents-record",
        waits={
            "in_review": Roles(REVIEWER),
            "in_approval": Roles(APPROVER),
            "approved": Where(lambda record: record.disclosure == "proactive", Keeper(DRAFTER)),
            "revising": Roles(APPROVER),
        },
        returns={"return": Keeper(DRAFTER)},
        due=Due(
            to_publish,
            lambda record: record.publish_due,
            Roles(PUBLISHERS),
            working_days=REMINDERS,
        ),
    )
)
