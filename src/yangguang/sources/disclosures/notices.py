"""公开属性补定的通知：到哪一步告诉谁。"""

from yangguang.foundation.notify.audiences import Keeper, Roles
from yangguang.foundation.notify.registry import LivingNotices, register

from .circulation import DRAFTER, REVIEWER
from .models import DisclosureBatch

register(
    LivingNotices(
        DisclosureBatch,
        "公开属性补定",
        "workbench:disclosures-record",
        waits={"in_review": Roles(REVIEWER)},
        returns={"return": Keeper(DRAFTER)},
    )
)
