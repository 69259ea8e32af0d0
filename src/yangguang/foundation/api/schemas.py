"""各处共用的参数和字段的类型。"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from ninja import Schema
from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import core_schema


def _readable(text: str) -> str:
    if "\0" in text:
        raise ValueError("含有看不见的空字符，请删去。")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("含有不成字的编码，请用 UTF-8。")
    return text


Text = Annotated[
    str, AfterValidator(_readable), Field(json_schema_extra={"pattern": "^[^\\u0000]*$"})
]
"""文字：不许有空字符和不成对的代理码，数据库存不下它们。"""

Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
"""代码：字母、数字、连字符和下划线。"""

Identifier = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""编号。"""


class OneOf:
    """文字，取值只在这几个里：``Annotated[str, OneOf(STAGES)]``。"""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = list(values)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.literal_schema(self.values)


class Named(Schema):
    """代码和名称。"""

    code: str = Field(description="代码")
    name: str = Field(description="名称")


class Page(Schema):
    """一页。``next`` 为空是没有下一页了。"""

    next: str | None = Field(description="下一页的 cursor；没有了为 null")


SETTLED = timedelta(seconds=2)
"""HTTP 的时间只到秒：改过之后过这么久，才说得准“自那时起没有变过”。"""


def tell_modified(response: HttpResponse, at: datetime) -> None:
    """在答复里写明最后变动的时间，供 ``If-Modified-Since``；刚变过的先不写。"""
    if timezone.now() - at >= SETTLED:
        response["Last-Modified"] = http_date(at.timestamp())
