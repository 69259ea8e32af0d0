"""把 OpenAPI 文档读成给人看的：各地址、参数、字段，都用中文说。

纯函数，不碰数据库、时钟和配置。
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REF = "#/components/schemas/"
TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true 或 false",
    "object": "对象",
}
FORMATS = {"date": "日期", "date-time": "时间", "byte": "Base64 文字"}
PLACES = {"path": "地址里", "query": "查询里", "header": "请求头"}


@dataclass(frozen=True)
class Kind:
    """一个值是什么：用话说，和它的字段写在哪里（锚点，没有为空）。"""

    words: str
    anchor: str = ""
    link: str = ""


@dataclass(frozen=True)
class Item:
    """一个参数或字段。"""

    name: str
    kind: Kind
    text: str
    is_required: bool = False
    place: str = ""


@dataclass(frozen=True)
class Route:
    """一个地址的一种方法。"""

    anchor: str
    method: str
    path: str
    title: str
    lines: tuple[str, ...]
    needs_key: bool
    parameters: tuple[Item, ...]
    body: Kind | None
    answer: Kind
    refusals: tuple[tuple[str, str], ...]
    """这个地址特有的错误：状态码和标题。"""


@dataclass(frozen=True)
class Chapter:
    """一组地址。"""

    label: str
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Shape:
    """一种对象的各个字段。"""

    anchor: str
    label: str
    fields: tuple[Item, ...]


COMMON = frozenset({"400", "401", "405", "412", "422", "429", "500", "503"})
"""每个地址都有的错误，另列一处。"""


def chapters(document: Mapping[str, Any]) -> list[Chapter]:
    """全部地址，按文档里的次序归成几组。"""
    found: dict[str, list[Route]] = {}
    shapes = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            route = _route(method, path, operation, shapes)
            found.setdefault(operation["tags"][0], []).append(route)
    return [Chapter(label, tuple(routes)) for label, routes in found.items()]


def shapes(document: Mapping[str, Any]) -> list[Shape]:
    """全部对象。"""
    every = document["components"]["schemas"]
    return [
        Shape(
            _anchor(name),
            _label(name, schema),
            tuple(
                Item(
                    field,
                    _kind(told, every),
                    told.get("description", ""),
                    field in schema.get("required", ()),
                )
                for field, told in schema["properties"].items()
            ),
        )
        for name, schema in every.items()
    ]


def _route(method: str, path: str, operation: Mapping[str, Any], every: Mapping[str, Any]) -> Route:
    answer = next(r for status, r in operation["responses"].items() if status in ("200", "201"))
    body = operation.get("requestBody")
    return Route(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        lines=tuple(line for line in operation.get("description", "").split("\n") if line.strip()),
        needs_key="security" in operation,
        parameters=tuple(
            Item(
                each["name"],
                _wanted(each, every),
                each.get("description", ""),
                each["required"],
                PLACES[each["in"]],
            )
            for each in operation["parameters"]
        ),
        body=_kind(_schema(body), every) if body else None,
        answer=_kind(_schema(answer), every),
        refusals=tuple(
            (status, response["description"])
            for status, response in operation["responses"].items()
            if status.startswith("4") and status not in COMMON
        ),
    )


def _schema(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = next(iter(holder["content"].values()))["schema"]
    return schema


def _wanted(parameter: Mapping[str, Any], every: Mapping[str, Any]) -> Kind:
    """参数的值：不给就是不给，不说 null；取值在说明里已经逐个列了的，不再列一遍。"""
    schema = parameter["schema"]
    schema = next((s for s in schema.get("anyOf", ()) if s.get("type") != "null"), schema)
    told = parameter.get("description", "")
    if "enum" in schema and all(value in told for value in schema["enum"]):
        return Kind("几个取值之一")
    return _kind(schema, every)


def _kind(schema: Mapping[str, Any], every: Mapping[str, Any]) -> Kind:
    if ref := schema.get("$ref"):
        name = ref.removeprefix(REF)
        return Kind("", _anchor(name), _label(name, every[name]))
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if choices:
        kind = _kind(choices[0], every)
        return Kind(
            f"{kind.words}，或 null" if kind.words else "可以是 null", kind.anchor, kind.link
        )
    if schema.get("type") == "array":
        inner = _kind(schema["items"], every)
        return Kind(f"一列{inner.words}", inner.anchor, inner.link)
    if "enum" in schema:
        return Kind("、".join(schema["enum"]) + " 之一")
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        inner = _kind(schema["additionalProperties"], every)
        return Kind(f"按名称的对象，值是{inner.words}", inner.anchor, inner.link)
    words = FORMATS.get(schema.get("format", "")) or TYPES[schema["type"]]
    return Kind(words + "".join(_limits(schema)))


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None and most < 10**12:
        yield f"（{least} 至 {most}）"
    if longest := schema.get("maxLength"):
        yield f"（最多 {longest} 字）"
    if default := schema.get("default"):
        yield f"，不给是 {default}"


def _anchor(name: str) -> str:
    return f"shape-{name}"


def _label(name: str, schema: Mapping[str, Any]) -> str:
    told: str = schema.get("description", name)
    return told.split("。")[0]
