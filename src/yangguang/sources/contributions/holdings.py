"""一个人手上的投稿和约稿：没有办结的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Call, Contribution

register(
    LivingHolding(
        Contribution,
        "投稿",
        frozenset({"draft", "in_approval"}),
        "workbench:contributions-record",
    )
)
register(LivingHolding(Call, "约稿", frozenset({"draft", "issued"}), "workbench:calls-record"))
