"""解读的指标：方案第 11 项，应解读尽解读、三同步。"""

from datetime import date

from django.db.models import Count, F, Q

from yangguang.hub.indicators.rules import Counted, Indicator, Period
from yangguang.sources.documents.due import AWAITING
from yangguang.sources.documents.interpreting import PLANNED
from yangguang.sources.documents.models import OfficialDocument


def _counted(period: Period, whole: Q, part: Q) -> dict[int, Counted]:
    """印发了的、要解读的政策文件：写明理由不作解读的，要求解读方案以前送审的，不在其中。一次查询。"""
    documents = OfficialDocument.objects.filter(
        Q(is_norm=True) | Q(is_major_decision=True) | Q(is_policy=True),
        state__in=(*AWAITING, "published", "revising"),
        disclosure="proactive",
        interpretation=PLANNED,
        issued_on__lte=period.until,
    )
    if period.since is not None:
        documents = documents.filter(issued_on__gte=period.since)
    rows = documents.order_by().values("organisation").annotate(
        part=Count("pk", filter=part), whole=Count("pk", filter=whole)
    )  # fmt: skip
    return {row["organisation"]: Counted(row["part"], row["whole"]) for row in rows}


def _done(as_of: date) -> Q:
    return Q(interpreted_on__lte=as_of)


def _interpreted(period: Period, as_of: date) -> dict[int, Counted]:
    return _counted(period, Q(pk__isnull=False), _done(as_of))


def _on_time(period: Period, as_of: date) -> dict[int, Counted]:
    judged = Q(interpretation_due__isnull=False) & (
        _done(as_of) | Q(interpretation_due__lt=as_of)
    )  # fmt: skip
    return _counted(
        period, judged, _done(as_of) & Q(interpreted_on__lte=F("interpretation_due"))
    )  # fmt: skip


_WHICH = "印发了的政策文件（规范性文件、重大行政决策、声明的政策文件），写明理由不作解读的不算。"
_ARTICLE = "方案第11项：应解读、尽解读，同步组织、同步审签、同步部署"

INDICATORS = (
    Indicator(
        code="interpretations.share",
        name="政策文件解读率",
        unit="%",
        tasks=(11,),
        direction="higher",
        of=("已解读", "要解读的政策文件"),
        explanation=_WHICH + "已经发布解读的占几成。期间按印发日期。",
        article=_ARTICLE,
        count=_interpreted,
        screen="interpretations",
    ),
    Indicator(
        code="interpretations.on_time",
        name="解读按期率",
        unit="%",
        tasks=(11,),
        direction="higher",
        of=("按期解读", "看得出按期没有的"),
        explanation=_WHICH
        + "解读发布的日期不晚于解读期限的是按期；分母是已经解读的，加上没有解读、期限已过的。期间按印发日期。",
        article=_ARTICLE,
        count=_on_time,
        screen="interpretations",
    ),
)
