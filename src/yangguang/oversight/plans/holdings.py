"""一个人手上的工作方案：他收下的、还在执行的。分解任务是各单位的，不算谁手上的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import ActionPlan

register(LivingHolding(ActionPlan, "工作方案", frozenset({"active"}), "workbench:plans-record"))
