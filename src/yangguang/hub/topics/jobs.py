"""专题的作业：每夜看各专题供给得上不上。"""

from datetime import time

from yangguang.foundation.jobs.registry import job, schedule

from .supplying import tell_of_empty_topics


@job("topics.supply")
def watch_supply() -> None:
    """空过了头的告诉责任单位和主管部门。重做无害：告诉过的不再告诉。"""
    tell_of_empty_topics()


schedule("topics.supply", "topics.supply", daily=time(2, 40))
