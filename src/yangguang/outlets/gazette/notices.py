"""政府公报的通知：到哪一步告诉谁。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import APPROVER, EDITORS
from .models import GazetteIssue

register(
    LivingNotices(
        GazetteIssue,
        "政府公报",
        "workbench:gazette-record",
        waits={"in_approval": Roles(APPROVER), "approved": Keeper(EDITORS)},
        returns={"return": Keeper(EDITORS)},
    )
)
