"""政府公报的编排规则：栏目、次序、标准文本的核对。纯函数，不碰数据库、时钟和配置。"""

from collections.abc import Mapping, Sequence

SECTIONS = {
    "own": "本级政府文件",
    "office": "办公室文件",
    "department": "部门文件",
    "personnel": "人事任免",
    "above": "上级文件选登",
}
"""公报的栏目，按刊登的次序。"""
KINDS = ("document", "norm")
"""资源库里哪几种信息可以刊登：公文、规章和规范性文件。"""
APPOINTING = ("任免", "任职", "免职", "任命")
STANDINGS = {
    "same": "与资源库现行版本一致",
    "corrected": "资源库已更正，与刊登的不是同一版",
    "withdrawn": "资源库已撤回",
    "broken": "校验码与内容不符",
}
"""刊登的文本与资源库对照的结果。"""
STEPS = {"queued": "等待排版", "setting": "正在排版", "made": "已排好", "failed": "没有排成"}
"""排版走到哪一步。"""
WAITING = ("queued", "setting")
"""还没有结果的。"""


def section_for(title: str, publisher: str, own: str) -> str:
    """一份文件先放进哪个栏目：``publisher``、``own`` 是发布机构、公报所属的一级政府在树上的路径。"""
    if any(word in title for word in APPOINTING):
        return "personnel"
    if publisher != own and own.startswith(publisher):
        return "above"
    if publisher == own:
        return "office" if "办公室关于" in title else "own"
    return "office" if "办公室关于" in title else "department"


def standing(stored: str, computed: str, current: str | None) -> str:
    """刊登的文本现在怎样：``stored`` 是刊登版本的摘要，``computed`` 是照内容重算的，``current`` 是现行版本的（撤回的为空）。"""
    if stored != computed:
        return "broken"
    if current is None:
        return "withdrawn"
    return "same" if current == stored else "corrected"


def moved(order: Sequence[int], which: int, step: int) -> list[int]:
    """``which`` 往上（-1）、往下（1）挪一位以后的次序；到头的不动。"""
    found = list(order)
    here = found.index(which)
    there = here + step
    if 0 <= there < len(found):
        found[here], found[there] = found[there], found[here]
    return found


def placed(order: Sequence[int], which: int, before: int | None) -> list[int]:
    """把 ``which`` 放到 ``before`` 之前；``before`` 为空放到末尾。"""
    found = [each for each in order if each != which]
    found.insert(found.index(before) if before in found else len(found), which)
    return found


def number_faults(
    year: int, number: int, running: int, taken: Mapping[str, set[tuple[int, ...]]]
) -> list[str]:
    """期号、总期号已经用过的，每条一句；``taken`` 是本机构别的各期的。"""
    faults = []
    if (year, number) in taken["numbers"]:
        faults.append(f"{year} 年第 {number} 期已经有了，请换一个期号。")
    if (running,) in taken["running"]:
        faults.append(f"总第 {running} 期已经有了，请换一个总期号。")
    return faults
