"""接口的筛选：列表与检索用同样的几样，意思也相同。"""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from ninja import Field, Schema

from yangguang.foundation.api.faults import parameter_fault
from yangguang.foundation.api.schemas import Code, OneOf
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.columns.api import named_site
from yangguang.hub.columns.models import Column

from .models import Placement, Publication, Share
from .rules import STAGES, VALIDITIES


class Narrowing(Schema):
    """筛选：不给的不限，各样之间都要符合。"""

    site: Code | None = Field(None, description="站点的代码：原件在这里的，和转发到这里的")
    column: Code | None = Field(None, description="栏目的代码，含下级栏目")
    organisation: Code | None = Field(None, description="发布机构的代码，不含下级")
    year: int | None = Field(None, ge=1949, le=9998, description="发布的年份")
    stage: Annotated[str, OneOf(STAGES)] | None = Field(
        None, description=f"五公开：{'、'.join(f'{c} {n}' for c, n in STAGES.items())}"
    )
    validity: Annotated[str, OneOf(VALIDITIES)] | None = Field(
        None, description=f"有效性：{'、'.join(f'{c} {n}' for c, n in VALIDITIES.items())}"
    )

    def check(self) -> list[Column]:
        """代码都有所指，否则说明；返回所指的栏目。给了几个代码就查几次。"""
        if self.site:
            named_site(self.site)
        if self.organisation and not Organisation.objects.filter(code=self.organisation).exists():
            raise parameter_fault(
                "organisation", "没有这个机构，全部机构见 /api/v1/organisations。"
            )
        if not self.column:
            return []
        columns = Column.objects.filter(code=self.column)
        if self.site:
            columns = columns.filter(site__code=self.site)
        found: list[Column] = list(columns)
        if not found:
            raise parameter_fault("column", "没有这个栏目，站点的全部栏目见 /api/v1/columns。")
        return found

    def apply(self, publications: QuerySet[Publication]) -> QuerySet[Publication]:
        """筛选。"""
        columns = self.check()
        wanted: dict[str, Any] = {
            "organisation__code": self.organisation,
            "stage": self.stage,
            "validity": self.validity,
        }
        publications = publications.filter(**{k: v for k, v in wanted.items() if v})
        if self.site:
            shared = Share.objects.filter(site__code=self.site, ended_at=None)
            publications = publications.filter(
                Q(site__code=self.site) | Q(pk__in=shared.values("publication"))
            )
        if self.year:
            # 以本地的零点为界
            start = timezone.make_aware(datetime(self.year, 1, 1))
            end = timezone.make_aware(datetime(self.year + 1, 1, 1))
            publications = publications.filter(published_at__gte=start, published_at__lt=end)
        if columns:
            under = Q()
            for column in columns:
                under |= Q(column__path__startswith=column.path)
            placed = Placement.objects.filter(under)
            publications = publications.filter(pk__in=placed.values("publication"))
        return publications
