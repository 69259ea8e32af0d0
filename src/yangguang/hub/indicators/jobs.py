"""指标的作业：每小时数一遍。"""

from datetime import timedelta

from yangguang.foundation.jobs.registry import job, schedule
from yangguang.foundation.reading_day import reading_day

from .services import take_readings


@job("indicators.take", timeout=timedelta(minutes=20))
def take() -> None:
    """数一遍，换下上一次的。重做无害。"""
    take_readings(reading_day())


schedule("indicators.take", "indicators.take", every=timedelta(hours=1))
