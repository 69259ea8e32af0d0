"""发文台账的作业：核对一段；每夜从公文对一遍。"""

from datetime import time, timedelta

from yangguang.foundation.jobs.registry import job, schedule

from .checking import CHECK, check_some, go_on
from .following import gather


@job(CHECK, timeout=timedelta(hours=1))
def check(check: int) -> None:
    """接着做上网核对的一段；还有就排上下一段。重做无害：记过的不再记。"""
    if check_some(check):
        go_on(check)


@job("ledger.gather")
def gather_documents() -> None:
    """把印发了的公文对进台账。重做无害：相同的不改。"""
    gather()


schedule("ledger.gather", "ledger.gather", daily=time(2, 10))
