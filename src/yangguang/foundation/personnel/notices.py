"""工作交接：等移交人签字、等接收人签收的，告诉他；登录方式由别人改动的，告诉本人。"""

from yangguang.foundation.notify.audiences import Person
from yangguang.foundation.notify.registry import LivingNotices, register
from yangguang.foundation.notify.wording import declare_subject

from .models import Handover

ACCOUNTS = "accounts.user"
declare_subject(ACCOUNTS, "账号")

register(
    LivingNotices(
        Handover,
        "工作交接",
        "workbench:handovers-record",
        waits={"drawn": Person("leaver"), "handed": Person("receiver")},
    )
)
