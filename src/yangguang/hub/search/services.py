"""检索的动作：记下没有结果的查询，过期的忘掉。"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from yangguang.hub.columns.models import Site

from .models import FruitlessSearch
from .rules import countable

KEPT = timedelta(days=180)
"""没有结果的查询留多久。"""
DAILY = 1_000
"""一个站点一天最多记这么多个不同的词，免得被人灌满。"""


def count_fruitless(site: Site, text: str, day: date | None = None) -> None:
    """``text`` 没有查到，记一次。像是个人信息的不记，见 ``countable``。一至三次查询。"""
    words = countable(text)
    if not words:
        return
    day = day or timezone.localdate()
    same = FruitlessSearch.objects.filter(site=site, day=day, words=words)
    if same.update(count=F("count") + 1):
        return
    if FruitlessSearch.objects.filter(site=site, day=day).count() >= DAILY:
        return
    try:
        with transaction.atomic():
            FruitlessSearch.objects.create(site=site, day=day, words=words)
    except IntegrityError:
        # 另一个请求刚刚记下了同一个词
        same.update(count=F("count") + 1)


def forget_fruitless(before: date | None = None) -> int:
    """忘掉 ``before`` 之前的，默认是 ``KEPT`` 以前；返回删去几行。"""
    limit = before or timezone.localdate() - KEPT
    deleted, _ = FruitlessSearch.objects.filter(day__lt=limit).delete()
    return deleted
