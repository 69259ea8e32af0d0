"""数指标：把登记的指标全部数一遍，存下来。在作业里做，不在请求里。"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from yangguang.hub.publications.refreshing import refresh

from .models import IndicatorReading
from .registry import registered
from .rules import Period
from .selectors import DATA

Row = tuple[str, int, int, int]


def take_readings(as_of: date) -> int:
    """数出各机构截至 ``as_of`` 的各个指标，换下上一次的，返回有几行。数变了的，用到它的公开页面重烘。

    数在事务外进行；重做无害。
    """
    indicators = registered()
    counted: set[Row] = {
        (each.code, unit, one.numerator, one.denominator)
        for each in indicators
        for unit, one in each.count(Period(None, as_of), as_of).items()
    }
    with transaction.atomic():
        before = list(IndicatorReading.objects.all())
        held: set[Row] = {
            (each.indicator, each.organisation_id, each.numerator, each.denominator)
            for each in before
        }
        days = {each.as_of for each in before}
        IndicatorReading.objects.all().delete()
        at = timezone.now()
        IndicatorReading.objects.bulk_create(
            IndicatorReading(
                indicator=code, organisation_id=unit, numerator=above, denominator=below,
                as_of=as_of, taken_at=at,
            )
            for code, unit, above, below in sorted(counted)
        )  # fmt: skip
        if counted != held or days != {as_of}:
            for basis in sorted({each.basis for each in indicators}):
                refresh(f"{DATA}:{basis}")
    return len(counted)
