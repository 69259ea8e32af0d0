"""专题的界面：专题，专题供给。"""

from yangguang.foundation.workbench.menu import list_when
from yangguang.foundation.workbench.registry import register

from .supply import SupplyViewSet, has_supply
from .topics import TopicViewSet

register(TopicViewSet())
register(SupplyViewSet())
list_when(SupplyViewSet.slug, has_supply)
