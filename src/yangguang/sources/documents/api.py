"""接口：别的系统交来公文。只成为起草中的一份，往后与在工作台上收的完全一样。"""

import base64
import binascii
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Header, Router, Schema
from pydantic import ConfigDict, model_validator

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.api.once import Made, once
from yangguang.foundation.api.problems import Place, Problem, ProblemBody
from yangguang.foundation.api.registry import KeyAuth, register
from yangguang.foundation.api.schemas import OneOf, Text
from yangguang.foundation.api.scopes import declare
from yangguang.foundation.codes.rules import CodeTable, in_force
from yangguang.foundation.codes.selectors import entries_of
from yangguang.foundation.files.extraction import Unreadable, read_text
from yangguang.foundation.organisations.models import Organisation
from yangguang.hub.publications.rules import STAGES, VALIDITIES

from .codes import CODED
from .disclosure import DISCLOSURES
from .models import OfficialDocument
from .services import take_in

WRITE = declare("documents:write", "交公文", "drafter")
router = Router(tags=["交公文"])
Lines = Annotated[list[Annotated[Text, Field(min_length=1, max_length=100)]], Field(max_length=50)]


class Upload(Schema):
    """一份文件。"""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(min_length=1, max_length=200, description="文件名，带扩展名")
    content: str = Field(description="内容的 Base64", json_schema_extra={"format": "byte"})


class Elements(Schema):
    """已经定了的要素：以它为准，没有给的从原文里读。"""

    model_config = ConfigDict(extra="forbid")

    title: Text | None = Field(default=None, min_length=1, max_length=500, description="标题")
    document_number: Text | None = Field(default=None, max_length=60, description="发文字号")
    issuers: Lines | None = Field(default=None, description="发文机关")
    addressees: Lines | None = Field(default=None, description="主送机关")
    copied_to: Lines | None = Field(default=None, description="抄送机关")
    document_type: Text | None = Field(
        default=None, max_length=120, description="文种：代码表“公文的文种”里现行的说法，或者代码"
    )
    written_on: date | None = Field(default=None, description="成文日期")
    issued_on: date | None = Field(default=None, description="印发日期")
    subject: Text | None = Field(
        default=None, max_length=120, description="主题分类：代码表“主题分类”里现行的说法，或者代码"
    )
    stage: Annotated[str, OneOf(STAGES)] | None = Field(default=None, description="五公开类别")
    validity: Annotated[str, OneOf(VALIDITIES)] | None = Field(default=None, description="有效性")
    disclosure: Annotated[str, OneOf(DISCLOSURES)] | None = Field(
        default=None, description="公开属性。可以先不定，但不定不能送审"
    )
    disclosure_ground: Text | None = Field(
        default=None,
        max_length=20,
        description="不主动公开的理由类别：14、15、16 开头的是不予公开的依据，request 开头的是依申请公开的",
    )
    disclosure_reason: Text | None = Field(
        default=None, max_length=500, description="不主动公开的理由"
    )
    is_norm: bool | None = Field(
        default=None, description="是不是行政规范性文件。是的，公开属性只能是主动公开"
    )
    is_major_decision: bool | None = Field(default=None, description="是不是重大行政决策")
    touches_operators: bool | None = Field(default=None, description="涉不涉及经营者经济活动")
    is_policy: bool | None = Field(
        default=None,
        description="是不是政策文件。是的，送审前须在工作台上写好解读方案，或者写明不作解读的理由",
    )


class Handed(Schema):
    """交来的一份公文。原文写在 text 里，或者作为一个文件。"""

    model_config = ConfigDict(extra="forbid")

    text: Text | None = Field(
        default=None, min_length=1, description="全文，从标题到署名、日期、附注"
    )
    file: Upload | None = Field(default=None, description="公文文件：txt、docx 或 pdf")
    elements: Elements | None = Field(default=None, description="已经定了的要素")
    attachments: list[Upload] = Field(default_factory=list, max_length=20, description="附件")

    @model_validator(mode="after")
    def one_source(self) -> "Handed":
        """原文只要一样。"""
        if (self.text is None) == (self.file is None):
            raise ValueError("text 和 file 须给一样，也只能给一样。")
        return self


class Taken(Schema):
    """收下的公文：起草中的一份。"""

    id: int = Field(description="编号")
    state: str = Field(description="状态，刚收下的总是 draft（起草）")
    title: str = Field(description="标题")
    document_number: str | None = Field(description="发文字号")
    disclosure: str | None = Field(description="公开属性；null 是还没有定")
    uncertain: list[str] = Field(description="没有读准、要人核对的要素")
    workbench: str = Field(description="在工作台上的地址")


@router.post(
    "/documents", auth=KeyAuth(WRITE), response={201: Taken, 403: ProblemBody}, summary="交一份公文"
)
def hand_in_document(
    request: HttpRequest,
    body: Handed,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key", min_length=1, max_length=80, pattern=r"^[!-~]+$",
            description="幂等键，由您的系统生成，一份公文一个：同样的键和内容再交，答复相同，不会收两次",
        ),
    ],
) -> HttpResponse:  # fmt: skip
    """收下，读出要素，存为本机构起草中的一份；核对、定公开属性、送审、签发仍在工作台上办。

    要有“documents:write”的权限。带密级标志的一律不收，不留下任何内容。
    """
    actor: Actor = request.acting  # type: ignore[attr-defined]
    if not OfficialDocument.policy.may_create(actor):
        raise Problem("forbidden", "这把密钥代表的任职不能收公文。")
    text, unread = _original(body)
    uploads = [
        (file.name, _content(file, f"#/attachments/{place}/content"))
        for place, file in enumerate(body.attachments)
    ]

    def work(key: str) -> Made:
        document = take_in(
            text,
            organisation=Organisation.objects.get(pk=actor.organisation_id),
            actor=actor,
            key=key,
            uploads=uploads,
            unread=unread,
            overrides=_given(body.elements),
        )
        address = reverse("workbench:documents-record", args=[document.pk])
        taken = Taken(
            id=document.pk,
            state=document.state,
            title=document.title,
            document_number=document.document_number or None,
            disclosure=document.disclosure or None,
            uncertain=document.uncertain,
            workbench=address,
        )
        return Made(taken, address)

    return once(request, key, work)


def _original(body: Handed) -> tuple[str, str]:
    """原文，和不进正文、只查密级的文字（文件名、页眉页脚）。"""
    if body.file is None:
        return body.text or "", ""
    try:
        found = read_text(_content(body.file, "#/file/content"))
    except Unreadable as unreadable:
        raise _at("#/file/content", unreadable.reason) from unreadable
    if "\0" in found.text:
        raise _at("#/file/content", "读出的文字里有空字符，请另存后再交。")
    return found.text, "\n".join((body.file.name, *found.margins))


def _content(file: Upload, pointer: str) -> bytes:
    try:
        return base64.b64decode(file.content, validate=True)
    except (ValueError, binascii.Error) as error:
        raise _at(pointer, "不是合格的 Base64。") from error


def _at(pointer: str, detail: str) -> Problem:
    return Problem("invalid", errors=[Place(detail=detail, pointer=pointer)])


def _given(elements: Elements | None) -> dict[str, Any]:
    given = elements.model_dump(exclude_none=True) if elements else {}
    for name, table in CODED.items():
        if given.get(name):
            given[name] = _code(name, table, given[name])
    return given


def _code(name: str, table: CodeTable, value: str) -> str:
    """说法或者代码成为代码；今天不能选的答复哪里不对。一次查询。"""
    entries = in_force(entries_of(table), timezone.localdate())
    found = next((each.code for each in entries if value in (each.code, each.label)), None)
    if found is None:
        raise _at(
            f"#/elements/{name}",
            f"没有“{value}”这一项，或者已经停用；现行的见代码表“{table.name}”。",
        )
    return found


register(router)
