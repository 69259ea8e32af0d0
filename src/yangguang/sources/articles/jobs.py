"""稿件到时自动办的：定时发布，期满标明失效。"""

from datetime import time, timedelta

from django.utils import timezone

from yangguang.foundation.jobs.registry import job, schedule

from .services import mark_expired, publish_scheduled


@job("articles.publish_scheduled")
def publish_due() -> None:
    """到了定时的发布。"""
    publish_scheduled(timezone.now())


@job("articles.mark_expired")
def expire_due() -> None:
    """昨天有效期满的标明失效。"""
    mark_expired(timezone.localdate())


schedule("articles.publish_scheduled", "articles.publish_scheduled", every=timedelta(minutes=1))
schedule("articles.mark_expired", "articles.mark_expired", daily=time(0, 5))
