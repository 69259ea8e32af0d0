"""文件汇编的指标：方案第 7 项，逐步整理形成本级政府和本系统制度文件汇编，并集中统一对外公开。"""

from datetime import date

from yangguang.hub.indicators.rules import Counted, Indicator, Period
from yangguang.hub.publications.selectors import published

from .models import Compilation
from .rules import KINDS


def _compiled(period: Period, as_of: date) -> dict[int, Counted]:
    """各机构在这一段公开过制度文件没有，现在有没有公开着的汇编。两次查询。"""
    issued = published().filter(kind__in=KINDS, published_at__date__lte=period.until)
    if period.since is not None:
        issued = issued.filter(published_at__date__gte=period.since)
    organs = set(issued.order_by().values_list("organisation", flat=True).distinct())
    held = Compilation.objects.filter(state="published").order_by()
    compiled = set(held.values_list("organisation", flat=True))
    return {organ: Counted(int(organ in compiled), 1) for organ in organs | compiled}


INDICATORS = (
    Indicator(
        code="compilations.compiled",
        name="公开文件汇编的单位",
        unit="%",
        tasks=(7,),
        direction="higher",
        of=("公开着文件汇编", "公开过公文、规范性文件"),
        explanation="公开过公文、规章、规范性文件的单位里，现在公开着本级或者本系统文件汇编的。期间按文件的公开日期。",
        article="方案第7项：整理形成文件汇编，集中统一对外公开",
        count=_compiled,
        screen="compilations",
        query="state=published",
    ),
)
