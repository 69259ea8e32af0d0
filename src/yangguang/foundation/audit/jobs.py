"""封印的作业：提交之后一两秒内封上；每天通查一次，补上提交得特别晚的行。"""

from datetime import time

from yangguang.foundation.jobs.registry import follow, job, schedule

from .sealing import seal_all


@follow("audit.seal", every=1.0)
def seal_committed() -> None:
    """封印各条链上新提交的行。"""
    seal_all()


@job("audit.sweep")
def sweep() -> None:
    """通查各条链，封上遗漏的行。重做无害。"""
    seal_all(sweep=True)


schedule("audit.sweep", "audit.sweep", daily=time(3, 0))
