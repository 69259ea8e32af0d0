"""接口：站点、栏目。"""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from yangguang.foundation.api.faults import parameter_fault
from yangguang.foundation.api.registry import register
from yangguang.foundation.api.schemas import Code

from .models import Column, Site
from .selectors import columns_of, sites
from .site_life import LIFE

router = Router(tags=["站点与栏目"])


class SiteEntry(Schema):
    """站点。"""

    code: str = Field(description="代码")
    name: str = Field(description="规范名称")
    short_name: str = Field(description="地名")
    address: str = Field(description="首页的地址")
    organisation: str = Field(description="主办单位的代码")
    identification_code: str = Field(description="网站标识码")
    state: str = Field(description="状态：" + "、".join(f"{k} {v}" for k, v in LIFE.states.items()))
    is_demonstration: bool = Field(description="是不是演示站点")


class ColumnNode(Schema):
    """栏目，连同下级。"""

    code: str = Field(description="代码，在一个站点里不重复")
    name: str = Field(description="名称")
    column_type: str = Field(description="类别（规范用语）")
    description: str = Field(description="设置目的和主要内容")
    statutory_content: str | None = Field(description="法定主动公开内容：条例第二十条第几项")
    href: str = Field(description="栏目页的地址")
    closed_on: date | None = Field(description="关闭日期；还开着的为空")
    children: list["ColumnNode"] = Field(description="下级栏目，按次序")


@router.get("/sites", response=list[SiteEntry], summary="全部站点")
def list_sites(request: HttpRequest) -> list[SiteEntry]:
    """资源库供给的全部站点，先建的在前。"""
    return [
        SiteEntry(
            code=site.code,
            name=site.name,
            short_name=site.short_name,
            address=f"{site.address}/",
            organisation=site.organisation.code,
            identification_code=site.identification_code,
            state=site.state,
            is_demonstration=site.is_demonstration,
        )
        for site in sites().select_related("organisation")
    ]


@router.get("/columns", response=list[ColumnNode], summary="一个站点的栏目树")
def list_columns(
    request: HttpRequest, site: Annotated[Code, Query(description="站点的代码")]
) -> list[ColumnNode]:
    """一级栏目，各带下级，按导航的次序。"""
    found = named_site(site)
    above: list[tuple[Column, ColumnNode]] = []
    roots: list[ColumnNode] = []
    for column in columns_of(found):
        node = _node(found, column)
        while above and not column.path.startswith(above[-1][0].path):
            above.pop()
        (above[-1][1].children if above else roots).append(node)
        above.append((column, node))
    return roots


def named_site(code: str) -> Site:
    """参数 ``site`` 指的站点；没有就说明。一次查询。"""
    found = Site.objects.filter(code=code).first()
    if found is None:
        raise parameter_fault("site", "没有这个站点，全部站点见 /api/v1/sites。")
    return found


def _node(site: Site, column: Column) -> ColumnNode:
    return ColumnNode(
        code=column.code,
        name=column.name,
        column_type=column.column_type,
        description=column.description,
        statutory_content=column.statutory_content or None,
        href=f"{site.address}/columns/{column.code}/",
        closed_on=column.closed_on,
        children=[],
    )


register(router)
