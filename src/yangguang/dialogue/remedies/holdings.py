"""一个人手上的复议、诉讼：没有审结的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Remedy

register(
    LivingHolding(Remedy, "复议诉讼", frozenset({"open", "answered"}), "workbench:remedies-record")
)
