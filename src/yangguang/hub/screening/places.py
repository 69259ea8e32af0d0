"""载荷里的每一处文字各在哪里。纯规则，不碰数据库、时钟和配置。"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from yangguang.foundation.files.extracted import Passage
from yangguang.hub.publications.rules import NOT_PROSE

ATTACHED = "附件名称"
LABELS = {
    "title": "标题",
    "body": "正文",
    "attachments": ATTACHED,
    "document_number": "发文字号",
    "issuers": "发文机关",
    "addressees": "主送机关",
    "subject": "主题分类",
    "disclosure_mark": "公开方式标注",
    "summary": "摘要",
    "source": "来源",
    "author": "作者",
    "purpose": "用途",
    "given_by": "下达单位",
    "flows": "各笔分配",
    "tasks": "任务",
    "reports": "报送",
}
"""载荷的字段对人怎么说；没有列的说“其他内容”。"""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def passages_of(payload: Mapping[str, Any]) -> Iterator[Passage]:
    """公众能读到的每一处文字，标题、正文在前；单独一个日期、值是代号的字段不算。"""
    order = [*LABELS, *sorted(set(payload) - set(LABELS))]
    for key in order:
        if key not in payload or key in NOT_PROSE:
            continue
        label = LABELS.get(key, "其他内容")
        if key == "body" and isinstance(payload[key], list):
            yield from _body(payload[key])
        else:
            for text in _texts(payload[key]):
                yield Passage(label, text)


def _body(blocks: list[Any]) -> Iterator[Passage]:
    """正文：段落和表格各自编号。"""
    paragraphs = tables = 0
    for block in blocks:
        rows = block.get("rows") if isinstance(block, Mapping) else None
        if rows is not None:
            tables += 1
            for down, row in enumerate(rows, 1):
                for across, cell in enumerate(row, 1):
                    for text in _texts(cell):
                        yield Passage(f"正文表 {tables} 第 {down} 行第 {across} 格", text)
            rest = {key: value for key, value in block.items() if key != "rows"}
            for text in _texts(rest):
                yield Passage(f"正文表 {tables}", text)
        else:
            paragraphs += 1
            for text in _texts(block):
                yield Passage(f"正文第 {paragraphs} 段", text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip() and not _DATE.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for key in sorted(value):
            if key not in NOT_PROSE:
                yield from _texts(value[key])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
