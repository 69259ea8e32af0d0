"""一个人手上的政策解读：没有发布、没有撤回的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Interpretation

register(
    LivingHolding(
        Interpretation,
        "政策解读",
        frozenset({"draft", "in_review", "in_approval", "approved", "revising"}),
        "workbench:interpretations-record",
    )
)
