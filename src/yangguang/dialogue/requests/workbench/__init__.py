"""依申请公开的工作台：申请的登记簿和办理，年度报告的表三。"""

from yangguang.foundation.workbench.registry import register

from .counting import CountingViewSet
from .requests import RequestViewSet

register(RequestViewSet())
register(CountingViewSet())
