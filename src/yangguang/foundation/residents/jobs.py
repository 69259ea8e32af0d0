"""公众实名的作业：清掉过时的会话和太久没有登录的身份。"""

from datetime import time

from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule

from .services import discard


@job("residents.discard")
def discard_old() -> None:
    """删去过时的。重做无害。"""
    discard(timezone.now())


schedule("residents.discard", "residents.discard", daily=time(3, 50))
