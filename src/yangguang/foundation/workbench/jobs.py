"""工作台的作业：清掉没有人要的草稿。"""

from datetime import time

from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule

from .drafts import tidy


@job("workbench.tidy")
def tidy_drafts() -> None:
    """写了一个月没有交的、空着没有动静的，清掉。重做无害。"""
    tidy(timezone.now())


schedule("workbench.tidy", "workbench.tidy", daily=time(4, 0))
