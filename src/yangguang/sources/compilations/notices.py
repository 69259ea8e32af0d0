"""文件汇编的通知：到哪一步告诉谁。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import APPROVER, DRAFTER, REVIEWER
from .models import Compilation

register(
    LivingNotices(
        Compilation,
        "文件汇编",
        "workbench:compilations-record",
        waits={
            "in_review": Roles(REVIEWER),
            "in_approval": Roles(APPROVER),
            "approved": Keeper(DRAFTER),
        },
        returns={"return": Keeper(DRAFTER)},
    )
)
