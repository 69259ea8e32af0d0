"""一个人手上的公开属性补定：没有办完的各批。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .circulation import OPEN
from .models import DisclosureBatch

register(LivingHolding(DisclosureBatch, "公开属性补定", OPEN, "workbench:disclosures-record"))
