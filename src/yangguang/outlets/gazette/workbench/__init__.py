"""政府公报的工作台：编公报，赠阅。"""

from yangguang.foundation.workbench.registry import register

from .issues import GazetteViewSet
from .readers import ReaderViewSet

register(GazetteViewSet())
register(ReaderViewSet())
