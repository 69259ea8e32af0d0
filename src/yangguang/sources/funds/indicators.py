"""资金公开的指标：方案第 9 项，政策资金流向、使用公开透明。"""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from yangguang.hub.indicators.rules import Counted, Indicator, Period

from .models import Allocation, Fund
from .money import yuan

PUBLIC = ("published", "revising")
"""公众看得到的两种状态。"""


def _funds(period: Period) -> QuerySet[Fund]:
    """收到日期在这一段的；没有写收到日期的，只在不限起日时算。"""
    funds = Fund.objects.order_by()
    if period.since is None:
        return funds.filter(Q(received_on=None) | Q(received_on__lte=period.until))
    return funds.filter(received_on__range=(period.since, period.until))


def _published(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构公开着几笔。一次查询。"""
    rows = _funds(period).exclude(state="withdrawn").values("organisation").annotate(
        part=Count("pk", filter=Q(state__in=PUBLIC)), whole=Count("pk")
    )  # fmt: skip
    return {row["organisation"]: Counted(row["part"], row["whole"]) for row in rows}


def _paid(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构公开着的资金，拨付到项目、企业、个人的占收到的（分）。两次查询。"""
    funds = _funds(period).filter(state__in=PUBLIC)
    found: dict[int, Counted] = defaultdict(Counted)
    own = funds.values("organisation").annotate(paid_here=Sum("paid", default=0), all=Sum("amount"))
    for row in own:
        found[row["organisation"]] += Counted(row["paid_here"], row["all"])
    below = Allocation.objects.filter(fund__in=funds.values("pk")).order_by()
    for each in below.values("fund__organisation").annotate(paid_below=Sum("paid", default=0)):
        found[each["fund__organisation"]] += Counted(each["paid_below"])
    return found


_ARTICLE = "方案第9项：确保政策资金流向、使用公开透明，让政策资金直达基层"

INDICATORS = (
    Indicator(
        code="funds.published",
        name="公开的政策资金、直达资金",
        unit="笔",
        tasks=(9,),
        direction="higher",
        of=("公开着", "登记了的"),
        explanation="登记了的资金（撤回的除外）里公开着的笔数。期间按收到日期。",
        article=_ARTICLE,
        count=_published,
        screen="funds",
        query="state=published",
    ),
    Indicator(
        code="funds.paid",
        name="公开的资金拨付到位率",
        unit="%",
        tasks=(9,),
        direction="higher",
        of=("拨付到项目、企业、个人（元）", "收到（元）"),
        explanation="公开着的资金，本级直接拨付的和各笔分配拨付的相加，占收到的金额。期间按收到日期。",
        article=_ARTICLE,
        count=_paid,
        screen="funds",
        query="state=published",
        written=yuan,
    ),
)
