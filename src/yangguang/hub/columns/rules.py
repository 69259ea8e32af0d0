"""站点与栏目：纯规则，不碰数据库、时钟和配置。"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

COLUMN_TYPES = (
    "首页", "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件", "信息公开指南",
    "信息公开目录", "信息公开年报", "依申请公开", "数据发布", "数据开放", "政策解读", "回应关切",
    "办事服务", "咨询投诉", "征集调查", "在线访谈",
)  # fmt: skip
"""栏目类别的规范用语（国办发〔2017〕47号附件2，页面标签 ColumnType）。"""

STATUTORY_CONTENT = {
    "20-1": "行政法规、规章和规范性文件",
    "20-2": "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
    "20-3": "国民经济和社会发展规划、专项规划、区域规划及相关政策",
    "20-4": "国民经济和社会发展统计信息",
    "20-5": "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果",
    "20-6": "实施行政处罚、行政强制的依据、条件、程序以及有一定社会影响的行政处罚决定",
    "20-7": "财政预算、决算信息",
    "20-8": "行政事业性收费项目及其依据、标准",
    "20-9": "政府集中采购项目的目录、标准及实施情况",
    "20-10": "重大建设项目的批准和实施情况",
    "20-11": "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况",
    "20-12": "突发公共事件的应急预案、预警信息及应对情况",
    "20-13": "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况",
    "20-14": "公务员招考的职位、名额、报考条件等事项以及录用结果",
    "20-15": "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息",
}
"""法定主动公开内容（条例第二十条第一款各项）。"""

ORDERERS = frozenset({"supervisor"})
"""可以要求下级站点转发的角色。"""
EDITORS = frozenset({"approver", "supervisor"})
"""谁能编站点的页面、专题和转发：站点主办单位的签发人，和主管部门监督员。"""

_IDENTIFICATION_CODE = re.compile(r"bm\d{8}|\d{10}")


def is_identification_code(code: str) -> bool:
    """网站标识码：部委为 bm 加 8 位数字，地方为 6 位行政区划代码加 4 位序号。"""
    return _IDENTIFICATION_CODE.fullmatch(code) is not None


# 栏目的开设、更名、关闭 ------------------------------------------------------------

DISCLOSURE = "政府信息公开"
"""政府信息公开专栏的名称：必须一字不差（国办公开办函〔2019〕61号）。"""
FIXED = frozenset(
    {DISCLOSURE, "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报"}
)
"""名称和位置由规定定下的：专栏和它的四个部分（国办公开办函〔2019〕61号）。"""
NEWS = "工作动态"
SOLE_TYPES = frozenset({"信息公开指南", "信息公开目录", "信息公开年报", "依申请公开"})
"""一个站点至少要有一个的栏目类别（条例第十二条、第二十四条、第二十九条、第五十条）。"""


@dataclass(frozen=True)
class ColumnFacts:
    """一个栏目里与规矩有关的：名称、类别、承担哪一项法定主动公开内容、关闭了没有、有没有开着的下级。"""

    name: str
    column_type: str
    statutory_content: str = ""
    closed_on: date | None = None
    has_open_children: bool = False


def naming_faults(
    name: str, column_type: str, *, above: Iterable[str], beside: Iterable[str]
) -> list[str]:
    """新开、更名的栏目不合规矩之处。``above`` 是各级上级的名称，``beside`` 是同级别的栏目的名称。"""
    faults = []
    if name in set(beside):
        faults.append(f"同一级已经有“{name}”，请换一个名称。")
    if column_type == NEWS and DISCLOSURE in set(above):
        faults.append(
            f"“{DISCLOSURE}”专栏只放法定公开的内容，不能开“{NEWS}”类的栏目（国办公开办函〔2019〕61号）。"
        )
    return faults


def change_faults(before: ColumnFacts, name: str, column_type: str) -> list[str]:
    """栏目为什么不能改成这个名称、这个类别；可以则为空。"""
    if before.name in FIXED and (name, column_type) != (before.name, before.column_type):
        return [f"“{before.name}”的名称和类别由规定统一，不能改（国办公开办函〔2019〕61号）。"]
    return []


def closing_faults(column: ColumnFacts, others: Iterable[ColumnFacts]) -> list[str]:
    """栏目为什么不能关闭，每条一句；可以则为空。``others`` 是同一站点别的栏目。"""
    faults = []
    open_ones = [each for each in others if each.closed_on is None]
    if column.closed_on is not None:
        faults.append(f"“{column.name}”已于 {column.closed_on.isoformat()} 关闭。")
    if column.name in FIXED:
        faults.append(
            f"“{column.name}”是政府信息公开专栏规定的部分，不能关闭（国办公开办函〔2019〕61号）。"
        )
    if column.has_open_children:
        faults.append("还有开着的下级栏目，请先关闭它们。")
    content = column.statutory_content
    if content and not any(each.statutory_content == content for each in open_ones):
        faults.append(
            f"站点里只有它公开“{STATUTORY_CONTENT[content]}”，是条例第二十条第{content[3:]}项的法定内容；"
            "请先开设承担这一项的栏目。"
        )
    sole = column.column_type
    if (
        column.name not in FIXED
        and sole in SOLE_TYPES
        and not any(each.column_type == sole for each in open_ones)
    ):
        faults.append(f"站点里只有它是“{sole}”，每个站点都要有，不能关闭。")
    return faults
