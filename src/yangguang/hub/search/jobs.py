"""跟随者：有变更就进索引；隔一会儿看看栏目的树变了没有。每天忘掉过期的查询。"""

from datetime import time

from yangguang.foundation.jobs.registry import follow, job, schedule

from .indexer import catch_up, has_work
from .services import forget_fruitless


@follow("search.catch_up", every=1.0)
def catch_up_with_changes() -> None:
    """新的变更进索引；没有就什么也不做。"""
    if has_work():
        catch_up()


@follow("search.renew", every=15.0)
def renew() -> None:
    """索引没有了、栏目的树变了，重建。"""
    catch_up()


@job("search.forget")
def forget() -> None:
    """忘掉过期的没有结果的查询。重做无害。"""
    forget_fruitless()


schedule("search.forget", "search.forget", daily=time(3, 40))
