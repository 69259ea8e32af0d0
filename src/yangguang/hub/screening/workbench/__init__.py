"""把关的工作台：一条记录的三关、查错统计、词典。"""

from yangguang.foundation.workbench.registry import register

from .caught import CaughtViewSet
from .dictionaries import DictionaryViewSet
from .gates import GateViewSet

register(GateViewSet())
register(CaughtViewSet())
register(DictionaryViewSet())
