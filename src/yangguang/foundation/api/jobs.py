"""接口自己的作业：幂等键办成的事，过期的忘掉。"""

from datetime import time

from yangguang.foundation.jobs.registry import job, schedule

from .services import forget_done


@job("api.forget_done")
def forget() -> None:
    """忘掉三十天前办成的事。重做无害。"""
    forget_done()


schedule("api.forget_done", "api.forget_done", daily=time(3, 50))
