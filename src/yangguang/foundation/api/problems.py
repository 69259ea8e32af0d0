"""错误怎样答复：RFC 9457 的 problem+json，标题和说明都是中文，逐处指明。"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """一种错误：状态码、标题、一般的说明（个别情形另有说明）。"""

    code: str
    status: int
    title: str
    detail: str


KINDS = {
    kind.code: kind
    for kind in (
        Kind("bad-request", 400, "请求有误", "系统读不懂这次请求，请对照接口说明检查地址和内容。"),
        Kind("unauthenticated", 401, "密钥无效", "请在 Authorization 里写“Bearer 密钥”，密钥由系统管理员发给。"),
        Kind("forbidden", 403, "没有权限", "这把密钥没有这项权限。"),
        Kind("missing", 404, "没有找到", "没有这个地址，或者从来没有公开过这一条。"),
        Kind("method", 405, "不支持这种方法", "这个地址不支持这种请求方法，支持的写在 Allow 里。"),
        Kind("in-progress", 409, "正在办理", "同一个幂等键的请求正在办理，请过一会儿用同样的内容再试。"),
        Kind("withdrawn", 410, "此信息已撤回", "这个地址上公开过的信息，已由发布机构撤回，不再提供。"),
        Kind("precondition", 412, "条件不成立", "请求所附的条件与现在的内容不符，没有办理。"),
        Kind("too-large", 413, "提交的内容过大", "一次提交最多 10 MB，请把附件分几次交。"),
        Kind("media-type", 415, "内容的类型不对", "请用 Content-Type: application/json 提交 JSON。"),
        Kind("invalid", 422, "参数或内容有误", "有几处不合要求，逐处列在 errors 里。"),
        Kind("refused", 422, "不能办理", "有几条理由，逐条列在 errors 里。"),
        Kind("key-reused", 422, "幂等键已经用过", "这个幂等键已用于另一份内容。新的内容请换一个新的幂等键。"),
        Kind("too-many", 429, "请求太频繁", "请按 Retry-After 给出的秒数稍后再来。"),
        Kind("broken", 500, "这里出了故障", "不是您的请求有误。故障已经记录，请稍后再试。"),
        Kind("busy", 503, "系统正忙", "请过一会儿再试，用同样的内容和幂等键不会办两次。"),
    )
}  # fmt: skip
"""全部错误，按状态码。"""

BY_STATUS = {kind.status: kind for kind in reversed(KINDS.values())}
"""各状态码一般是哪一种。"""


class Place(Schema):
    """一处不对的地方。"""

    detail: str = Field(description="哪里不对、怎样改，一句话")
    pointer: str | None = Field(
        default=None, description="正文里的位置（JSON 指针，如 #/fields/stage）"
    )
    parameter: str | None = Field(default=None, description="哪个参数：地址里的、查询里的或请求头")


class ProblemBody(Schema):
    """错误的答复（RFC 9457）。"""

    type: str = Field(description="错误的种类，说明见 /api/")
    title: str = Field(description="标题")
    status: int = Field(description="状态码")
    detail: str = Field(description="说明")
    errors: list[Place] | None = Field(default=None, description="逐处指明的不对之处")
    index_number: str | None = Field(default=None, description="撤回的信息的索引号")
    organisation: str | None = Field(default=None, description="撤回的信息的发布机构")
    withdrawn_at: str | None = Field(default=None, description="撤回的时间")
    reason: str | None = Field(default=None, description="撤回的原因")


class Problem(Exception):  # noqa: N818  是答复，不是程序出错
    """答复一个错误。``more`` 是这一种特有的字段。"""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[Place] = (),
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> None:
        super().__init__(code, detail)
        self.kind = KINDS[code]
        self.detail = detail or self.kind.detail
        self.errors = errors
        self.headers = headers or {}
        self.more = more

    def response(self) -> HttpResponse:
        """化为答复。"""
        body: dict[str, Any] = {
            "type": f"/api/#{self.kind.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.more,
        }
        if self.errors:
            body["errors"] = [place.model_dump(exclude_none=True) for place in self.errors]
        return HttpResponse(
            json.dumps(body, ensure_ascii=False),
            status=self.kind.status,
            content_type=f"{MEDIA_TYPE}; charset=utf-8",
            headers={"Cache-Control": "no-store", **self.headers},
        )


def refused(reasons: Sequence[str]) -> Problem:
    """业务上不能办：全部理由一次说出。"""
    return Problem("refused", "".join(reasons), errors=[Place(detail=each) for each in reasons])
