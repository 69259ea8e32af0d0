"""规范性文件的指标：方案第 6 项，摸清底数、建立清单、集中统一发布。"""

from datetime import date

from django.db.models import Count, Q

from yangguang.hub.indicators.rules import Counted, Indicator, Period

from .models import Norm
from .selectors import PUBLIC, in_force_on


def _counted(period: Period, norms: Q, whole: Q, part: Q) -> dict[int, Counted]:
    """各机构的。没有写公布日期的，只在不限起日时算。一次查询。"""
    found = Norm.objects.filter(norms)
    if period.since is None:
        found = found.filter(Q(promulgated_on=None) | Q(promulgated_on__lte=period.until))
    else:
        found = found.filter(promulgated_on__range=(period.since, period.until))
    rows = found.order_by().values("organisation").annotate(
        part=Count("pk", filter=part), whole=Count("pk", filter=whole)
    )  # fmt: skip
    return {row["organisation"]: Counted(row["part"], row["whole"]) for row in rows}


def _in_force(as_of: date) -> Q:
    return Q(pk__in=in_force_on(Norm.objects.all(), as_of).values("pk"))


def _valid(period: Period, as_of: date) -> dict[int, Counted]:
    return _counted(period, Q(state__in=PUBLIC), Q(pk__isnull=False), _in_force(as_of))


def _registered(period: Period, as_of: date) -> dict[int, Counted]:
    return _counted(period, _in_force(as_of), Q(pk__isnull=False), ~Q(register_number=""))


_ARTICLE = "方案第6项：摸清底数，建立清单，推进重点信息集中统一发布"

INDICATORS = (
    Indicator(
        code="norms.in_force",
        name="公布着的有效规章和规范性文件",
        unit="件",
        tasks=(6,),
        direction="higher",
        of=("有效", "公布着的"),
        explanation="文件库里公布着的，截至当天有效（含已修改）的；尚未生效、失效、废止的不算。期间按公布日期。",
        article=_ARTICLE,
        count=_valid,
        screen="norms",
        query="in_force={day}",
    ),
    Indicator(
        code="norms.registered",
        name="有效文件编了统一登记号的比例",
        unit="%",
        tasks=(6,),
        direction="higher",
        of=("编了统一登记号", "有效的"),
        explanation="公布着、截至当天有效的规章和规范性文件里，编了统一登记号的占几成。期间按公布日期。",
        article=_ARTICLE,
        count=_registered,
        screen="norms",
        query="in_force={day}",
    ),
)
