"""站点管理的工作台。"""

from . import columns, openings, sites  # noqa: F401  载入即登记
