"""公报的指标：方案第 32 项，出版、电子公报上网、标准文本。"""

from datetime import date

from django.db.models import Count, F, Q

from yangguang.hub.indicators.rules import Counted, Indicator, Period
from yangguang.hub.publications.models import Publication

from .models import GazetteEntry, GazetteIssue


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
)
