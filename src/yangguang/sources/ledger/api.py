"""接口：别的公文系统交来发文清单，催办、核对就都有它们。"""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Header, Router, Schema
from pydantic import ConfigDict

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.api.once import Made, once
from yangguang.foundation.api.problems import Problem, ProblemBody, refused
from yangguang.foundation.api.registry import KeyAuth, register
from yangguang.foundation.api.schemas import Text
from yangguang.foundation.api.scopes import declare
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.screening.rules import CLASSIFIED

from .lists import Marked, read_entries
from .models import LedgerEntry
from .services import take_list

WRITE = declare("ledger:write", "交发文清单", "drafter")
MOST = 1_000
"""一次最多交几件。"""
DATE_FORMS = (
    "2020-09-25、2020年9月25日、二〇二〇年九月二十五日、2020.9.25、44099（电子表格的序号）都认"
)
router = Router(tags=["交发文清单"])


class Issued(Schema):
    """印发了的一件文件。"""

    model_config = ConfigDict(extra="forbid")

    document_number: Text | None = Field(
        default=None, max_length=60, description="发文字号；没有字号的为 null"
    )
    title: Text = Field(max_length=1_000, description="标题")
    organisation: Text | None = Field(
        default=None, max_length=200,
        description="制发机构，名录上的全称或简称；没有给的是这把密钥的机构",
    )  # fmt: skip
    written_on: Text | int | None = Field(default=None, description=f"成文日期：{DATE_FORMS}")
    issued_on: Text | int = Field(description=f"印发日期：{DATE_FORMS}")
    disclosure: Text = Field(max_length=40, description="公开属性：主动公开、依申请公开、不予公开")
    online_on: Text | int | None = Field(default=None, description=f"上网日期：{DATE_FORMS}")
    address: Text | None = Field(default=None, max_length=1_000, description="公众打开它的网址")
    text: Text | None = Field(
        default=None, max_length=500_000,
        description="印发的全文，核对时拿网上的与它比；没有给的只核对标题和文号",
    )  # fmt: skip


class HandedList(Schema):
    """一份清单。"""

    model_config = ConfigDict(extra="forbid")

    system: Text = Field(min_length=1, max_length=60, description="哪个系统交来的")
    entries: list[Issued] = Field(min_length=1, max_length=MOST, description="各件")


class Wrong(Schema):
    """没有收的一件，或者与本系统的公文不同之处。"""

    entry: int = Field(description="第几件，从 1 数")
    field: str | None = Field(description="哪一项；说不准的为 null")
    reason: str = Field(description="怎样不对，一句话")
    is_note: bool = Field(description="true 只是提示：本系统里有这份公文，照公文记")


class TakenList(Schema):
    """收下的结果。"""

    id: int = Field(description="编号")
    total: int = Field(description="交来几件")
    created: int = Field(description="新增")
    updated: int = Field(description="更新：同一文号已在台账里，改成这次交来的")
    unchanged: int = Field(description="没有变")
    faulty: int = Field(description="没有收的，逐件说明在 wrong 里；改好用新的幂等键再交")
    wrong: list[Wrong] = Field(description="不对的地方")
    workbench: str = Field(description="在工作台上的地址")


@router.post(
    "/ledger", auth=KeyAuth(WRITE), response={201: TakenList, 403: ProblemBody},
    summary="交一份发文清单",
)  # fmt: skip
def hand_in_ledger(
    request: HttpRequest,
    body: HandedList,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key", min_length=1, max_length=80, pattern=r"^[!-~]+$",
            description="幂等键，由您的系统生成，一份清单一个：同样的键和内容再交，答复相同，不会记两遍",
        ),
    ],
) -> HttpResponse:  # fmt: skip
    """好的各件照收进发文台账，不对的逐件说明。同一文号的只有一行，再交就是更新；空着的项不动原来的。

    要有“ledger:write”的权限。带密级标志的一律不收，不留下任何内容。
    """
    actor: Actor = request.acting  # type: ignore[attr-defined]
    if not LedgerEntry.policy.may_create(actor):
        raise Problem("forbidden", "这把密钥代表的任职不能交发文清单。")
    try:
        reading = read_entries([each.model_dump() for each in body.entries], reading_day())
    except Marked:
        raise refused([CLASSIFIED]) from None

    def work(key: str) -> Made:
        made = take_list(reading, name=body.system, source="api", actor=actor, key=key)
        address = reverse("workbench:ledger-imports-record", args=[made.pk])
        wrong = [
            Wrong(
                entry=each["row"], field=each["field"] or None, reason=each["reason"],
                is_note=each["is_note"],
            )
            for each in made.faults
        ]  # fmt: skip
        taken = TakenList(
            id=made.pk, total=made.total, created=made.created, updated=made.updated,
            unchanged=made.unchanged, faulty=made.faulty, wrong=wrong, workbench=address,
        )  # fmt: skip
        return Made(taken, address)

    return once(request, key, work)


register(router)
