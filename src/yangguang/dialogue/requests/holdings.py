"""一个人手上的申请：没有办结、没有存档的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import DisclosureRequest
from .states import OPEN, State

register(
    LivingHolding(
        DisclosureRequest,
        "政府信息公开申请",
        frozenset(OPEN | {State.REPLIED, State.DELIVERED}),
        "workbench:requests-record",
    )
)
