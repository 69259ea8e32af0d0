"""接口：机构。"""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from yangguang.foundation.api.problems import Problem, ProblemBody
from yangguang.foundation.api.registry import register
from yangguang.foundation.api.schemas import Code
from yangguang.foundation.reading_day import reading_day

from .models import Kind, Level, NameKind, Organisation
from .selectors import STEP, existing

router = Router(tags=["机构"])


class OrganisationEntry(Schema):
    """机构。"""

    code: str = Field(description="代码")
    name: str = Field(description="全称")
    short_name: str = Field(description="简称")
    level: str = Field(description=f"层级：{'、'.join(f'{v} {n}' for v, n in Level.choices)}")
    kind: str = Field(description=f"性质：{'、'.join(f'{v} {n}' for v, n in Kind.choices)}")
    uscc: str | None = Field(description="统一社会信用代码")
    uscc_is_demonstration: bool = Field(description="信用代码是不是演示代码")
    division_code: str | None = Field(description="行政区划代码")


class OrganisationNode(OrganisationEntry):
    """机构，连同下级。"""

    children: list["OrganisationNode"] = Field(description="下级机构，按次序")


class DatedNameEntry(Schema):
    """某一期间的名称。"""

    name: str = Field(description="名称")
    kind: str = Field(description=f"种类：{'、'.join(f'{v} {n}' for v, n in NameKind.choices)}")
    valid_from: date | None = Field(description="启用日期")
    valid_until: date | None = Field(description="停用日期")


class OrganisationDetail(OrganisationEntry):
    """一个机构的全部公开资料。"""

    parent: str | None = Field(description="树上的上级的代码")
    disclosure_authority: str | None = Field(description="政府信息公开工作主管部门的代码")
    valid_from: date | None = Field(description="设立日期")
    valid_until: date | None = Field(description="撤销日期；现存的为 null")
    names: list[DatedNameEntry] = Field(description="历任名称和别称")
    succeeded_by: list[str] = Field(description="职责由哪些机构承接（代码）")


@router.get("/organisations", response=list[OrganisationNode], summary="机构树")
def list_organisations(request: HttpRequest) -> list[OrganisationNode]:
    """现存的机构，各带下级。撤销了的按代码还查得到。"""
    above: list[tuple[str, OrganisationNode]] = []
    roots: list[OrganisationNode] = []
    for organisation in existing(reading_day()):
        node = OrganisationNode(**_entry(organisation), children=[])
        while above and not organisation.path.startswith(above[-1][0]):
            above.pop()
        (above[-1][1].children if above else roots).append(node)
        above.append((organisation.path, node))
    return roots


@router.get(
    "/organisations/{code}",
    response={200: OrganisationDetail, 404: ProblemBody},
    summary="一个机构",
)
def get_organisation(
    request: HttpRequest, code: Annotated[Code, Path(description="机构的代码")]
) -> OrganisationDetail:
    """一个机构，连同历任名称和沿革；撤销了的也在。"""
    found = Organisation.objects.filter(code=code).select_related("disclosure_authority").first()
    if found is None:
        raise Problem("missing", "没有这个代码的机构，全部机构见 /api/v1/organisations。")
    parent = Organisation.objects.filter(path=found.path[:-STEP]).first()
    authority = found.disclosure_authority
    return OrganisationDetail(
        **_entry(found),
        parent=parent.code if parent else None,
        disclosure_authority=authority.code if authority else None,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        names=[
            DatedNameEntry(
                name=each.name,
                kind=each.kind,
                valid_from=each.valid_from,
                valid_until=each.valid_until,
            )
            for each in found.names.order_by("kind", "valid_from", "pk")
        ],
        succeeded_by=[
            each.successor.code
            for each in found.successions.select_related("successor").order_by("on", "pk")
        ],
    )


def _entry(organisation: Organisation) -> dict[str, Any]:
    return {
        "code": organisation.code,
        "name": organisation.name,
        "short_name": organisation.short_name,
        "level": organisation.level,
        "kind": organisation.kind,
        "uscc": organisation.uscc or None,
        "uscc_is_demonstration": organisation.uscc_is_demonstration,
        "division_code": organisation.division_code or None,
    }


register(router)
