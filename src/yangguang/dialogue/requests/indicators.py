"""依申请公开的指标：方案第 22 项公共卫生类申请，第 23 项规范办理流程，第 24 项最小化不予公开。"""

from datetime import date

from django.db.models import Count, Q, QuerySet

from yangguang.hub.indicators.rules import Counted, Indicator, Period

from .models import DisclosureRequest
from .table3 import BY_CODE, DENIED

GIVEN = ("granted", "partial")
REFUSED = tuple(code for code, each in BY_CODE.items() if each.part == DENIED)


def _replied(period: Period) -> QuerySet[DisclosureRequest]:
    """答复日期在这一段的，拆开的、重作的不计。"""
    found = DisclosureRequest.objects.filter(
        is_counted=True, replied_on__isnull=False, replied_on__lte=period.until
    ).order_by()
    return found if period.since is None else found.filter(replied_on__gte=period.since)


def _share(records: QuerySet[DisclosureRequest], part: Q) -> dict[int, Counted]:
    """各机构里 ``part`` 占全部的。一次查询。"""
    rows = records.values("organisation").annotate(part=Count("pk", filter=part), whole=Count("pk"))
    return {row["organisation"]: Counted(row["part"], row["whole"]) for row in rows}


def _health(period: Period, as_of: date) -> dict[int, Counted]:
    """公共卫生类的申请，予以公开、部分公开的。一次查询。"""
    return _share(_replied(period).filter(is_public_health=True), Q(result__in=GIVEN))


def _on_time(period: Period, as_of: date) -> dict[int, Counted]:
    """按期答复的。一次查询。"""
    return _share(_replied(period), Q(is_late=False))


def _given(period: Period, as_of: date) -> dict[int, Counted]:
    """予以公开、部分公开的。一次查询。"""
    return _share(_replied(period), Q(result__in=GIVEN))


def _refused(period: Period, as_of: date) -> dict[int, Counted]:
    """不予公开的。一次查询。"""
    return _share(_replied(period), Q(result__in=REFUSED))


INDICATORS = (
    Indicator(
        code="requests.health",
        name="公共卫生类申请提供信息的",
        unit="%",
        tasks=(22,),
        direction="higher",
        of=("予以公开、部分公开", "答复了的公共卫生类申请"),
        explanation="标为公共卫生类、已经答复的申请里，予以公开和部分公开的。期间按答复日期。",
        article="方案第22项：最大限度向申请人提供相关信息",
        count=_health,
        screen="requests",
        query="is_public_health=true",
    ),
    Indicator(
        code="requests.on_time",
        name="申请按期答复率",
        unit="%",
        tasks=(23,),
        direction="higher",
        of=("按期答复", "答复了的"),
        explanation="已经答复的申请里，答复之日不晚于当时的答复期限的。期间按答复日期。",
        article="方案第23项：规范申请办理流程",
        count=_on_time,
        screen="requests",
        query="state=replied",
    ),
    Indicator(
        code="requests.given",
        name="申请提供信息的",
        unit="%",
        tasks=(24,),
        direction="higher",
        of=("予以公开、部分公开", "答复了的"),
        explanation="已经答复的申请里，予以公开和部分公开的。期间按答复日期。",
        article="方案第24项：以公开为常态、不公开为例外",
        count=_given,
        screen="requests",
        query="result=granted",
    ),
    Indicator(
        code="requests.refused",
        name="申请不予公开的",
        unit="%",
        tasks=(24,),
        direction="lower",
        of=("不予公开", "答复了的"),
        explanation="已经答复的申请里，依条例第十四条至第十六条、第三十六条第七项不予公开的（表三三（三））。期间按答复日期。",
        article="方案第24项：对法定不予公开条款坚持最小化适用原则",
        count=_refused,
        screen="requests",
        query="state=replied",
    ),
)
