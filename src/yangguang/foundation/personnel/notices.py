"""工作交接：等移交人签字、等接收人签收的，告诉他。"""

from yangguang.foundation.notify.audiences import Person
from yangguang.foundation.notify.registry import LivingNotices, register

from .models import Handover

register(
    LivingNotices(
        Handover,
        "工作交接",
        "workbench:handovers-record",
        waits={"drawn": Person("leaver"), "handed": Person("receiver")},
    )
)
