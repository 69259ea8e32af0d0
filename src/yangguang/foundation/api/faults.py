"""校验的错误说成中文：哪一处、哪里不对、怎样改。不重述来人写的内容。"""

from collections.abc import Mapping, Sequence
from typing import Any

from .problems import Place, Problem

SENTENCES = {
    "missing": "缺这一项。",
    "extra_forbidden": "没有这一项，请检查名称。",
    "string_type": "应当是文字。",
    "string_too_short": "至少 {min_length} 个字。",
    "string_too_long": "最多 {max_length} 个字。",
    "string_pattern_mismatch": "格式不对，请对照接口说明。",
    "int_type": "应当是整数。",
    "int_parsing": "应当是整数。",
    "int_parsing_size": "数太大了。",
    "int_from_float": "应当是整数。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "bool_type": "应当是 true 或 false。",
    "bool_parsing": "应当是 true 或 false。",
    "literal_error": "取值应当是：{expected}。",
    "enum": "取值应当是：{expected}。",
    "list_type": "应当是一列。",
    "too_long": "最多 {max_length} 个。",
    "too_short": "至少 {min_length} 个。",
    "dict_type": "应当是一个对象。",
    "model_type": "应当是一个对象。",
    "model_attributes_type": "应当是一个对象。",
    "date_type": "日期请写成 2020-10-20 的样子。",
    "date_parsing": "日期请写成 2020-10-20 的样子。",
    "date_from_datetime_parsing": "日期请写成 2020-10-20 的样子。",
    "date_from_datetime_inexact": "日期请写成 2020-10-20 的样子，不带时刻。",
    "none_required": "应当不填。",
}
"""Pydantic 的错误种类对中文。没有列到的说“取值不对”。"""


def in_chinese(kind: str, message: str, context: Mapping[str, Any]) -> str:
    """一个错误的一句话。我们自己抛的 ``ValueError`` 本来就是中文。"""
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if context.get("field_type") == "Value":
        # 先过了自己的校验再量的文字
        kind = f"string_{kind}"
    sentence = SENTENCES.get(kind, "取值不对。")
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return sentence.format_map({**context, "expected": "、".join(expected.split(", "))})


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """校验没有过。"""
    return Problem("invalid", errors=[_place(error) for error in errors])


def _place(error: Mapping[str, Any]) -> Place:
    source, *path = error["loc"]
    detail = in_chinese(error["type"], error["msg"], error.get("ctx") or {})
    if source == "body":
        # 第一段是函数里参数的名称，不在来人写的正文里
        steps = "".join(f"/{step}" for step in path[1:])
        return Place(detail=detail, pointer=f"#{steps}")
    return Place(detail=detail, parameter=str(path[-1]) if path else source)


def parameter_fault(name: str, detail: str) -> Problem:
    """一个参数不对。"""
    return Problem("invalid", errors=[Place(detail=detail, parameter=name)])
