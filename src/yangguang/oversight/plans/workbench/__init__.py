"""方案落实的工作台：方案、各单位的分解任务。"""

from yangguang.foundation.workbench.registry import register

from .plans import PlanViewSet
from .shares import ShareViewSet

register(ShareViewSet())
register(PlanViewSet())
