"""OpenAPI 文档：由各应用登记的地址得出，补上每个地址都有的错误答复、条件请求和限速。

``docs/openapi.json`` 是它的一份，测试核对两者相同；改了地址或字段，用 ``yangguang openapi --write`` 更新。
"""

import json
from functools import cache
from typing import Any

from ninja.schema import NinjaGenerateJsonSchema

from .problems import BY_STATUS, MEDIA_TYPE, ProblemBody
from .registry import PREFIX, api

DESCRIPTION = (
    "公开的信息谁都可以读，不需要密钥；交来的公文只成为草稿，走和工作台一样的流程。"
    "时间一律带时区。各地址的用法、限速和错误见 /api/。"
)
ALWAYS = (400, 401, 405, 422, 429, 500, 503)
"""每个地址都可能答的错误。"""
READING = (412,)
WRITING = (403, 409, 413, 415)
PROBLEM = "ProblemBody"


@cache
def document() -> dict[str, Any]:
    """整份文档，只含 JSON 的值。"""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    made["info"] |= {"description": DESCRIPTION}
    made["servers"] = [{"url": "/"}]
    schemas = made["components"].setdefault("schemas", {})
    schema = ProblemBody.model_json_schema(
        ref_template="#/components/schemas/{model}",
        mode="serialization",
        schema_generator=NinjaGenerateJsonSchema,
    )
    schemas |= schema.pop("$defs", {})
    schemas[PROBLEM] = schema
    for methods in made["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    # 查询的参数已经逐个写在地址里，它们的整体没有人引用
    told = json.dumps(made)
    made["components"]["schemas"] = {
        name: schema
        for name, schema in sorted(schemas.items())
        if f'"#/components/schemas/{name}"' in told
    }
    _drop_titles(made["paths"])
    _drop_titles(made["components"])
    return made


def text() -> str:
    """写成文件的样子：缩进两格，末尾换行。"""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def _drop_titles(value: Any) -> None:
    """去掉由代码里的名称自动得出的英文标题：各字段已有中文说明。"""
    if isinstance(value, dict):
        if isinstance(value.get("title"), str):
            del value["title"]
        for each in value.values():
            _drop_titles(each)
    elif isinstance(value, list):
        for each in value:
            _drop_titles(each)


def _complete(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, response in responses.items():
        response["description"] = SUCCESS.get(status, response["description"])
    extra = READING if method == "get" else WRITING
    wanted = sorted({*ALWAYS, *extra, *(int(s) for s in responses if int(s) >= 400)})
    for status in wanted:
        responses[str(status)] = {
            "description": BY_STATUS[status].title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
        }
    if method == "get":
        responses["304"] = {"description": "没有变过（带了 If-None-Match 或 If-Modified-Since）"}
        responses["200"]["headers"] = {
            "ETag": {"description": "内容的标记，供 If-None-Match", "schema": {"type": "string"}}
        }
    operation["responses"] = dict(sorted(responses.items()))


SUCCESS = {"200": "好", "201": "办成了"}
