"""一个人手上的文件汇编：没有公布、没有撤回的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Compilation

register(
    LivingHolding(
        Compilation,
        "文件汇编",
        frozenset({"draft", "in_review", "in_approval", "approved"}),
        "workbench:compilations-record",
    )
)
