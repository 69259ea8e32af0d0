"""公平竞争审查表：涉及经营者经济活动的公文，签发前由审核人员填。纯规则，不碰数据库、时钟和配置。

依据《公平竞争审查条例》（2024年8月1日起施行）：第八条至第十一条是标准，第十二条是例外。
"""

from collections.abc import Mapping
from typing import Any

NATURES = {
    "rule": "规章",
    "norm": "规范性文件",
    "measure": "其他政策措施",
}
"""政策措施的性质。"""

STANDARDS = {
    "8": "限制或者变相限制市场准入和退出（第八条）",
    "9": "限制商品、要素自由流动（第九条）",
    "10": "影响生产经营成本（第十条）",
    "11": "影响生产经营行为（第十一条）",
}
"""含有哪一条禁止的内容。"""

CONCLUSIONS = {
    "fits": "符合公平竞争审查标准",
    "exception": "适用例外规定",
    "unfit": "不符合公平竞争审查标准",
}
"""审查结论。"""

EXCEPTIONS = {
    "12-1": "为维护国家安全和发展利益（第十二条第一项）",
    "12-2": "为促进科学技术进步、增强国家自主创新能力（第十二条第二项）",
    "12-3": "为实现节约能源、保护环境、救灾救助等社会公共利益（第十二条第三项）",
    "12-4": "法律、行政法规规定的其他情形（第十二条第四项）",
}
"""例外。"""


SHEET_LABELS = {
    "sector": "涉及行业领域",
    "nature": "性质",
    "reviewed_by": "审查机构",
    "opinions": "听取意见的情况",
    "experts": "专家咨询意见",
    "standards": "含有的内容",
    "conclusion": "审查结论",
    "exception": "适用的例外",
    "alternatives": "没有影响更小的替代方案",
    "term": "实施期限或者终止条件",
}
"""审查表各项的名称。"""

SHEET_NAMES = {
    "nature": NATURES,
    "standards": STANDARDS,
    "conclusion": CONCLUSIONS,
    "exception": EXCEPTIONS,
}
"""审查表里选的各项叫什么。"""


def sheet_faults(sheet: Mapping[str, Any]) -> list[str]:
    """审查表不能据以通过之处，每条一句；齐备而且通过的为空。"""
    faults = [
        f"公平竞争审查表缺少{label}。"
        for name, label in (
            ("sector", "涉及行业领域"),
            ("nature", "性质"),
            ("reviewed_by", "审查机构"),
            ("opinions", "听取利害关系人意见的情况"),
            ("conclusion", "审查结论"),
        )
        if not sheet.get(name)
    ]
    conclusion = sheet.get("conclusion")
    found = list(sheet.get("standards") or ())
    if conclusion == "fits" and found:
        faults.append("勾了含有禁止的内容，结论就不能是“符合”：改稿退回，或者看能不能适用例外。")
    if conclusion == "exception":
        faults += _exception_faults(sheet, found)
    if conclusion == "unfit":
        faults.append("不符合公平竞争审查标准的不得出台：请退回起草，修改后重新审查。")
    return faults


def _exception_faults(sheet: Mapping[str, Any], found: list[str]) -> list[str]:
    faults = [] if found else ["适用例外规定的，先勾明含有哪一条的内容。"]
    if not sheet.get("exception"):
        faults.append("适用例外规定的，选定第十二条的哪一项。")
    if not sheet.get("alternatives"):
        faults.append("适用例外规定的，说明没有对公平竞争影响更小的替代方案。")
    if not sheet.get("term"):
        faults.append("适用例外规定的，写明合理的实施期限或者终止条件。")
    return faults
