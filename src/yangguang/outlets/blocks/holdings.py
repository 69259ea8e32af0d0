"""一个人手上的紧急提示：他发的、还显示着的。页面是站点的，不算谁手上的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import Alert

register(LivingHolding(Alert, "紧急提示", frozenset({"shown"}), "workbench:alerts-record"))
