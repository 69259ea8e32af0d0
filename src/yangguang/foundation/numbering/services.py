"""编号的动作：取下一个号。"""

from django.db import IntegrityError, transaction
from django.db.models import F

from yangguang.foundation.organisations.models import Organisation

from .models import Counter


def take(series: str, year: int, organisation: Organisation) -> int:
    """取 ``organisation`` 在 ``series``、``year`` 的下一个号，从 1 起，不缺不重。

    必须在调用者的事务里（否则 ``RuntimeError``）：事务回滚，号也退回。取号的行锁到事务结束，
    所以尽量晚取。先 UPDATE 再读：UPDATE 在 SQLite 和 PostgreSQL 上都先拿到写锁，
    而 ``select_for_update`` 在 SQLite 上不是锁。
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("取号必须与用号的记录在同一个事务里。")
    counter = Counter.objects.filter(series=series, year=year, organisation=organisation)
    if not counter.update(value=F("value") + 1):
        try:
            with transaction.atomic():
                return Counter.objects.create(
                    series=series, year=year, organisation=organisation, value=1
                ).value
        except IntegrityError:
            # 另一个事务刚建了这一行；它提交后这里才醒来，现在必能更新到
            counter.update(value=F("value") + 1)
    return counter.values_list("value", flat=True).get()
