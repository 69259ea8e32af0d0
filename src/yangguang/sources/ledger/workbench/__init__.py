"""发文台账的界面：台账、清单导入、各机构合计、上网核对。"""

from yangguang.foundation.workbench.registry import register

from .checks import CheckViewSet
from .entries import EntryViewSet
from .imports import ImportViewSet
from .inventory import InventoryViewSet

register(EntryViewSet())
register(ImportViewSet())
register(InventoryViewSet())
register(CheckViewSet())
