"""规章和规范性文件到时自动办的：排版，到日子更新效力，提醒评估。"""

from datetime import time

from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule

from .models import Norm
from .notices import remind_of_reviews
from .services import BRING_UP, bring_up, turn


@job(BRING_UP)
def bring_one_up(norm: int) -> None:
    """排好一份，公布着的更新公开页面。"""
    bring_up(Norm.objects.get(pk=norm))


@job("norms.turn")
def turn_due() -> None:
    """今天起施行、失效、被修改、被废止的，更新公开页面。"""
    turn(timezone.localdate())


@job("norms.remind")
def remind_due() -> None:
    """快失效的，提醒评估。"""
    remind_of_reviews(timezone.localdate())


schedule("norms.turn", "norms.turn", daily=time(0, 5))
schedule("norms.remind", "norms.remind", daily=time(8, 0))
