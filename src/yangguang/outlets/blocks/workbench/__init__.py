"""页面编排、图片库、紧急提示的工作台。"""

from yangguang.foundation.workbench.registry import register

from .alerts import AlertViewSet
from .pages import BlockPageViewSet

register(BlockPageViewSet())
register(AlertViewSet())
