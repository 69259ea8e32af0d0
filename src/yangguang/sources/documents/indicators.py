"""公文的指标：方案第 25 项，先确定公开属性、再运转呈签。"""

from datetime import date

from django.db.models import Count, Q

from yangguang.hub.indicators.rules import Counted, Indicator, Period

from .circulation import CIRCULATION
from .models import OfficialDocument


def _decided(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构送出去过的公文，定了公开属性的。一次查询。"""
    return _counted(period, ~Q(state=CIRCULATION.initial), ~Q(disclosure=""))


def _undecided(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构起草中的公文，还没有定公开属性的。一次查询。"""
    return _counted(period, Q(state=CIRCULATION.initial), Q(disclosure=""))


def _counted(period: Period, whole: Q, part: Q) -> dict[int, Counted]:
    documents = OfficialDocument.objects.filter(whole, created_at__date__lte=period.until)
    if period.since is not None:
        documents = documents.filter(created_at__date__gte=period.since)
    rows = documents.order_by().values("organisation").annotate(
        part=Count("pk", filter=part), whole=Count("pk")
    )  # fmt: skip
    return {row["organisation"]: Counted(row["part"], row["whole"]) for row in rows}


_ARTICLE = "方案第25项：先确定公开属性、再运转呈签；条例第十四条至第十六条"

INDICATORS = (
    Indicator(
        code="documents.decided",
        name="先定公开属性再运转的比例",
        unit="%",
        tasks=(25,),
        direction="higher",
        of=("定了公开属性", "送审以后的公文"),
        explanation="送审以后（含补录）的公文里定了公开属性的。没有定的送不了审，应当总是 100%；"
        "不到 100% 说明有公文绕过了送审。期间按收下公文的日期。",
        article=_ARTICLE,
        count=_decided,
        screen="documents",
    ),
    Indicator(
        code="documents.undecided",
        name="起草中还没有定公开属性的",
        unit="件",
        tasks=(25,),
        direction="lower",
        of=("没有定公开属性", "起草中的公文"),
        explanation="起草中的公文里还没有选定主动公开、依申请公开、不予公开的。期间按收下公文的日期。",
        article=_ARTICLE,
        count=_undecided,
        screen="documents",
        query="state=draft",
    ),
)
