"""一个人手上的资金公开：没有发布、没有撤回的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Fund

register(
    LivingHolding(
        Fund,
        "资金公开",
        frozenset({"draft", "in_review", "in_approval", "approved", "revising"}),
        "workbench:funds-record",
    )
)
