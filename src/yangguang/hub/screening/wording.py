"""一处发现怎样说给人听。纯规则，不碰数据库、时钟和配置。被拦的个人信息和密级标志不重述。"""

from yangguang.foundation.screening.rules import Finding, masked

from .kinds import KINDS, MASKED

UNTOLD = "（不重述）"
_LONGEST = 60


def excerpt(finding: Finding) -> str:
    """给人看的字样：个人信息遮盖，密级标志不重述，太长的截短。"""
    if finding.kind == "secret_mark":
        return UNTOLD
    text = " ".join(finding.text.split())
    if finding.kind in MASKED:
        text = masked(finding.kind, finding.text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def sentence(kind: str, said: str, suggestion: str) -> str:
    """一处发现，一句话，接在位置后面。``said`` 是 ``excerpt`` 给出的。"""
    match kind:
        case "secret_mark":
            return "带有密级标志，涉密信息不得进入本系统。"
        case "identity_number" | "mobile" | "bank_card":
            return f"疑有{KINDS[kind]}，请核实并遮盖。"
        case "unread":
            return f"{said}" if said.endswith("。") else f"{said}。"
        case "leader_title":
            return f"“{said}”职务不符：{suggestion}。"
        case "place_name":
            return f"“{said}”地名有误：{suggestion}。"
        case _:
            return f"“{said}”是{KINDS[kind]}，建议：{suggestion}。"
