"""一个人手上的词典：他起草的、还没有启用的一版。"""

from yangguang.foundation.personnel.holdings import LivingHolding, register

from .models import DictionaryVersion
from .versions import OPEN_STATES

register(
    LivingHolding(
        DictionaryVersion, "词典版本", frozenset(OPEN_STATES), "workbench:dictionaries-record"
    )
)
