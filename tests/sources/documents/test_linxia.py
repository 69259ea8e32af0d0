"""读公文：临夏州的方案。换了单位、日期、文号，读出的也跟着换；规则里没有它的原文。"""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from yangguang.sources.documents.rules import body_blocks, parse_document

SOURCE = (Path(settings.DATA_ROOT) / "linxia" / "linxia-2020-81.txt").read_text(encoding="utf-8")
HOUSE = tomllib.loads((Path(settings.PROJECT_ROOT) / "pyproject.toml").read_text(encoding="utf-8"))
PREFIX = "yangguang.sources.documents."
PURE = [
    module.removeprefix(PREFIX)
    for contract in HOUSE["tool"]["importlinter"]["contracts"]
    for module in contract.get("source_modules", [])
    if module.startswith(PREFIX)
]
RULES = Path(settings.PROJECT_ROOT) / "src/yangguang/sources/documents"


def test_every_element_of_the_plan() -> None:
    assert parse_document(SOURCE).as_json() == {
        "title": "临夏回族自治州人民政府办公室关于印发临夏州政务公开工作实施方案的通知",
        "document_number": "临州办发〔2020〕81号",
        "issuers": ["临夏回族自治州人民政府办公室"],
        "addressees": ["各县市人民政府", "州政府各部门", "省属在临有关单位"],
        "written_on": "2020-09-25",
        "document_type": "通知",
        "disclosure": "proactive",
        "disclosure_mark": "（此件公开发布）",
        "attachments": [],
        "uncertain": [],
    }


def test_renamed_units_and_shifted_dates_move_the_output() -> None:
    moved = (
        SOURCE.replace("临夏回族自治州人民政府办公室", "青禾市教育局")
        .replace("临州办发〔2020〕81号", "青教函〔2023〕7号")
        .replace("2020年9月25日", "2023年11月2日")
        .replace("各县市人民政府、州政府各部门、省属在临有关单位", "各县区教育局、市直各学校")
        .replace("此件公开发布", "此件依申请公开")
    )
    read = parse_document(moved)
    assert read.title == "青禾市教育局关于印发临夏州政务公开工作实施方案的通知"
    assert read.document_number == "青教函〔2023〕7号"
    assert read.issuers == ("青禾市教育局",)
    assert read.addressees == ("各县区教育局", "市直各学校")
    assert read.written_on == date(2023, 11, 2)
    assert read.disclosure == "on_request"
    assert read.uncertain == ()


def test_the_plan_on_the_page_looks_like_an_official_document() -> None:
    blocks = body_blocks(SOURCE)
    assert [(b.get("style"), b["text"]) for b in blocks[:7]] == [
        ("center", "临州办发〔2020〕81号"),
        ("flush", "各县市人民政府、州政府各部门、省属在临有关单位："),
        ("plain", "现将《临夏州政务公开工作实施方案》印发给你们，请结合实际，认真贯彻执行。"),
        ("right", "临夏回族自治州人民政府办公室"),
        ("right", "2020年9月25日"),
        ("flush", "（此件公开发布）"),
        ("center", "临夏州政务公开工作实施方案"),
    ]
    headings = [(b["level"], b["text"]) for b in blocks if b["type"] == "heading"]
    assert [text for level, text in headings if level == 2] == [
        "一、指导思想",
        "二、工作目标",
        "三、工作任务",
        "四、保障措施",
    ]
    assert len([text for level, text in headings if level == 3]) == 7


@pytest.mark.parametrize("name", ["临夏", "临州办", "甘肃", "甘政", "省属在临", "州政府办"])
def test_no_word_of_the_plan_stands_in_the_rules(name: str) -> None:
    for module in PURE:
        assert not re.search(name, (RULES / f"{module}.py").read_text(encoding="utf-8")), module
