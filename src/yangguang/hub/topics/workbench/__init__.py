"""专题的界面：专题，专题供给。"""

from yangguang.foundation.workbench.registry import register

from .supply import SupplyViewSet
from .topics import TopicViewSet

register(TopicViewSet())
register(SupplyViewSet())
