"""指标的作业：每小时数一遍。"""

from datetime import timedelta

from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule

from .services import take_readings


@job("indicators.take", timeout=timedelta(minutes=20))
def take() -> None:
    """数一遍，换下上一次的。读数是账，照真实的日子，不照演示看的那一天。重做无害。"""
    take_readings(timezone.localdate())


schedule("indicators.take", "indicators.take", every=timedelta(hours=1))
