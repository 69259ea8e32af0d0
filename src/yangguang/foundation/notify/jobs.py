"""通知的作业：投递、查回执、期限提醒、每日提醒、死信报警、清理。"""

from datetime import time, timedelta

from yangguang.foundation.jobs.registry import follow, job, schedule

from . import delivering, producers, services
from .rules import ATTEMPTS, MORNING
from .telling import DELIVER


# 试几次由投递自己数（ATTEMPTS）；进程中途消失的另有余地
@job(
    DELIVER, retries=ATTEMPTS * 2, backoff=timedelta(minutes=1), timeout=timedelta(minutes=3)
)  # fmt: skip
def deliver(delivery: int) -> None:
    """发一件提醒。幂等键是投递的 ``key``：发过的不再发，对方也凭它认重复。"""
    delivering.deliver(delivery)


@job(delivering.RECEIPTS, retries=0, timeout=timedelta(hours=3))
def receipts() -> None:
    """查已经发出的提醒送到没有。重做无害。"""
    delivering.collect_receipts()


@job("notify.deadlines")
def deadlines() -> None:
    """提醒期限将到、已过的事。同一档只提醒一次，重做无害。"""
    producers.remind_of_deadlines()


@job("notify.digests")
def digests() -> None:
    """排上今天的每日提醒。一人一渠道一天一次，重做无害。"""
    delivering.queue_digests()


@job("notify.discard")
def discard() -> None:
    """删去半年以前的消息和投递。重做无害。"""
    services.discard_old()


@follow("notify.receipts", every=30.0)
def await_receipts() -> None:
    """有等着回音的，排上查回执。没有的只读一次数据库。"""
    delivering.ask_when_due()


@follow("notify.dead_letters", every=15.0)
def dead_letters() -> None:
    """作业进了死信，告诉系统管理员。没有新的只读一次数据库。"""
    producers.alarm_dead_letters()


schedule("notify.deadlines", "notify.deadlines", daily=time(7, 0))
schedule("notify.digests", "notify.digests", daily=MORNING)
schedule("notify.discard", "notify.discard", daily=time(3, 50))
