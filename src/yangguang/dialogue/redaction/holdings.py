"""一个人手上的遮盖件：还没有核对的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Redaction

register(
    LivingHolding(Redaction, "遮盖件", frozenset({"draft", "done"}), "workbench:redactions-record")
)
