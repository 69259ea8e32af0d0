"""遮盖件的通知：做成了等谁核对，退回了告诉经办人。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .models import Redaction
from .rules import CHECKERS, OFFICER

register(
    LivingNotices(
        Redaction,
        "遮盖件",
        "workbench:redactions-record",
        waits={"done": Roles(CHECKERS, reaches_up=False)},
        returns={"return": Keeper(OFFICER)},
    )
)
