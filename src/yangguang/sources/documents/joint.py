"""联合发文、会签和转发。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Sequence

from .disclosure import DISCLOSURES


def joint_issuers(lead: str, others: Sequence[str]) -> list[str]:
    """联合发文的发文机关：主办的排在前面（GB/T 9704—2012 第 7.2.4 条），其余照给的次序，不重复。"""
    return list(dict.fromkeys([lead, *others]))


def forwarding_fault(disclosure: str, original: str, number: str) -> str:
    """转发件的公开属性与原文不一致的，一句话；一致、不是转发的为空。"""
    if not original or not disclosure or disclosure == original:
        return ""
    named = f"“{number}”" if number else "原文"
    return (
        f"转发件的公开属性须与原文一致：{named}是“{DISCLOSURES[original]}”，"
        f"这一份定成了“{DISCLOSURES[disclosure]}”。"
    )
