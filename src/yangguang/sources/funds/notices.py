"""资金公开的通知：到哪一步告诉谁。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import APPROVER, DRAFTER, REVIEWER
from .models import Fund

register(
    LivingNotices(
        Fund,
        "资金公开",
        "workbench:funds-record",
        waits={
            "in_review": Roles(REVIEWER),
            "in_approval": Roles(APPROVER),
            "approved": Keeper(DRAFTER),
            "revising": Roles(APPROVER),
        },
        returns={"return": Keeper(DRAFTER)},
    )
)
