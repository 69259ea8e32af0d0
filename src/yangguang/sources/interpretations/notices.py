"""政策解读的通知：到哪一步告诉谁。期限快到了的，由公文提醒（``documents.notices``）。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import APPROVER, DRAFTER, REVIEWER
from .models import Interpretation

register(
    LivingNotices(
        Interpretation,
        "政策解读",
        "workbench:interpretations-record",
        waits={
            "in_review": Roles(REVIEWER),
            "in_approval": Roles(APPROVER),
            "approved": Keeper(DRAFTER),
            "revising": Roles(APPROVER),
        },
        returns={"return": Keeper(DRAFTER)},
    )
)
