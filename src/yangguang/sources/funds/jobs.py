"""资金公开自动办的：做供下载的表格。"""

from yangguang.foundation.jobs.registry import job

from .models import Fund
from .services import MAKE_TABLES, make_tables


@job(MAKE_TABLES)
def make_tables_of(fund: int) -> None:
    """照现在的内容做一份；做过的不再做。"""
    make_tables(Fund.objects.select_related("organisation").get(pk=fund))
