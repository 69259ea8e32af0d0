"""一个人手上的开设站点的申请：还没有开通的。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import SiteOpening

register(
    LivingHolding(
        SiteOpening, "开设站点", frozenset({"draft", "asked"}), "workbench:site-openings-record"
    )
)
