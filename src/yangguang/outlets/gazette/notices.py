"""政府公报的通知：到哪一步告诉谁。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import APPROVER, EDITORS
from .models import GazetteIssue, GazetteReader

register(
    LivingNotices(
        GazetteIssue,
        "政府公报",
        "workbench:gazette-record",
        waits={"in_approval": Roles(APPROVER), "approved": Keeper(EDITORS)},
        returns={"return": Keeper(EDITORS)},
    )
)
register(LivingNotices(GazetteReader, "赠阅对象", "workbench:gazette-readers-record"))
