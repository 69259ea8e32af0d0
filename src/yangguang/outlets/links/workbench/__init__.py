"""站外链接的工作台。"""

from yangguang.foundation.workbench.registry import register

from .dead import DeadLinkViewSet

register(DeadLinkViewSet())
