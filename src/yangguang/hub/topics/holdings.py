"""一个人手上的专题：他开设的、还没有结束的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Topic

register(LivingHolding(Topic, "专题", frozenset({"open"}), "workbench:topics-record"))
