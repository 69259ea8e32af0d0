"""作业自己的作业：清理做完已久的行。"""

from datetime import time

from .registry import job, schedule
from .services import discard_finished


@job("jobs.discard_finished")
def discard() -> None:
    """删去三十天前做完的行。重做无害。"""
    discard_finished()


schedule("jobs.discard_finished", "jobs.discard_finished", daily=time(3, 30))
