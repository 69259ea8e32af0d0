"""规章和规范性文件的工作台：登记库，上位依据，清理，清单导入。"""

from yangguang.foundation.workbench.registry import register

from .cleaning import CleanUpViewSet
from .inventories import InventoryViewSet
from .norms import NormViewSet
from .uppers import UpperViewSet

register(NormViewSet())
register(UpperViewSet())
register(CleanUpViewSet())
register(InventoryViewSet())
