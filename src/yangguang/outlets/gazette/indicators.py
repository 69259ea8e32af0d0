"""公报的指标：方案第 32 项，出版、电子公报上网、标准文本、赠阅结构。"""

from datetime import date

from django.db.models import Count, F, Q, Sum

from yangguang.hub.indicators.rules import Counted, Indicator, Period
from yangguang.hub.publications.models import Publication

from .models import GazetteCopies, GazetteEntry, GazetteIssue

GRASSROOTS = ("village", "community", "library", "hall")
"""群众到得了的地方：村、社区、图书馆、政务服务中心。"""


def _dated(period: Period, path: str = "") -> Q:
    found = Q(**{f"{path}dated_on__lte": period.until})
    if period.since is not None:
        found &= Q(**{f"{path}dated_on__gte": period.since})
    return found


def _issues(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构公布着几期。一次查询。"""
    rows = (
        GazetteIssue.objects.filter(_dated(period))
        .exclude(state="dropped")
        .order_by()
        .values("organisation")
        .annotate(part=Count("pk", filter=Q(state="published")), whole=Count("pk"))
    )
    return {row["organisation"]: Counted(row["part"], row["whole"]) for row in rows}


def _standard(period: Period, as_of: date) -> dict[int, Counted]:
    """公布着的各期，刊登的就是资源库现行版本的有几篇。一次查询。"""
    same = Q(
        publication__state=Publication.State.PUBLISHED,
        publication__current_version__digest=F("version__digest"),
    )
    rows = (
        GazetteEntry.objects.filter(_dated(period, "issue__"), issue__state="published")
        .order_by()
        .values("issue__organisation")
        .annotate(part=Count("pk", filter=same), whole=Count("pk"))
    )
    return {row["issue__organisation"]: Counted(row["part"], row["whole"]) for row in rows}


def _to_the_people(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构发出的份数里，发给群众到得了的地方的。一次查询。"""
    near = Q(reader__kind__in=GRASSROOTS)
    return _copies(period, Sum("sent", filter=near), Sum("sent"))


def _returned(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构发出的份数里退回的。一次查询。"""
    return _copies(period, Sum("returned"), Sum("sent"))


def _copies(period: Period, part: Sum, whole: Sum) -> dict[int, Counted]:
    rows = (
        GazetteCopies.objects.filter(_dated(period, "issue__"))
        .order_by()
        .values("issue__organisation")
        .annotate(part=part, whole=whole)
    )
    return {
        row["issue__organisation"]: Counted(row["part"] or 0, row["whole"] or 0) for row in rows
    }


_STRUCTURE = "方案第32项：调整优化赠阅结构"
_ARTICLE = "方案第32项：公报编辑出版和电子公报上网，更好发挥所刊登政策文件的标准文本作用"

INDICATORS = (
    Indicator(
        code="gazette.issues",
        name="上网的公报",
        unit="期",
        tasks=(32,),
        direction="higher",
        of=("公布着的期数", "定了出版日期的期数"),
        explanation="定了出版日期的各期公报（作废的除外）里，电子公报公布着的期数。期间按出版日期。",
        article=_ARTICLE,
        count=_issues,
        screen="gazette",
        query="state=published",
    ),
    Indicator(
        code="gazette.standard",
        name="刊登文本与资源库一致的比例",
        unit="%",
        tasks=(32,),
        direction="higher",
        of=("与现行版本一致", "刊登的篇数"),
        explanation="公布着的各期刊登的文件，与资源库里现在公开着的版本校验码相同的；刊登后更正、撤回的不算一致。"
        "期间按出版日期。",
        article=_ARTICLE,
        count=_standard,
        screen="gazette",
        query="state=published",
    ),
    Indicator(
        code="gazette.to_the_people",
        name="赠阅给村、社区、图书馆、政务服务中心的比例",
        unit="%",
        tasks=(32,),
        direction="higher",
        of=("发给这些地方的份数", "发出的份数"),
        explanation="各期登记的实发份数里，发给村、社区、图书馆、政务服务中心的。期间按出版日期。",
        article=_STRUCTURE,
        count=_to_the_people,
        screen="gazette-readers",
    ),
    Indicator(
        code="gazette.returned",
        name="赠阅退回的比例",
        unit="%",
        tasks=(32,),
        direction="lower",
        of=("退回的份数", "发出的份数"),
        explanation="各期登记的实发份数里退回的。期间按出版日期。",
        article=_STRUCTURE,
        count=_returned,
        screen="gazette-readers",
    ),
)
