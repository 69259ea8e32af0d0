"""看的是哪一天：给选择器和页面的日期。

平时就是今天。演示可以截至过去的某一天看（``demo --as-of``）：待办、期限、状况按那一天算。
登录、任职、审计、变更日志一律用真实的时钟，不用它。
"""

from datetime import date

from django.conf import settings
from django.utils import timezone


def reading_day() -> date:
    """设置里的 ``READING_DAY``；没有指定就是今天。"""
    day: date | None = settings.READING_DAY
    return day or timezone.localdate()
