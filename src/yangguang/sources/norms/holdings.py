"""一个人手上的规范性文件、清理、清单：没有办完的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import CleanUp, Inventory, Norm

register(
    LivingHolding(
        Norm,
        "规范性文件",
        frozenset({"draft", "in_review", "in_registration", "registered", "revising"}),
        "workbench:norms-record",
    )
)
register(
    LivingHolding(
        CleanUp, "清理", frozenset({"draft", "open", "in_approval"}), "workbench:clean-ups-record"
    )
)
register(LivingHolding(Inventory, "清单", frozenset({"draft"}), "workbench:inventories-record"))
