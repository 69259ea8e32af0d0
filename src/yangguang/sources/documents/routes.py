"""公文的步骤：各机构走哪几步，一份公文接下来走到哪里。纯规则，不碰数据库、时钟和配置。

合法性审核（规范性文件、重大行政决策）和公平竞争审查（涉及经营者的）是法定的，哪个机构都不能去掉；
有会签机关的要会签；人人都要签发。其余几步各机构自己定。
"""

from collections.abc import Iterable

STEPS = {
    "review": "部门审核",
    "disclosure": "公开属性审查",
    "secrecy": "保密审查",
    "number": "编号",
    "issue": "印发",
}
"""机构可以选的步骤，按先后。"""

FULL_ROUTE = tuple(STEPS)
"""没有定过的机构走全部步骤。"""

STATES = {
    "review": "in_review",
    "disclosure": "in_disclosure_review",
    "secrecy": "in_secrecy_review",
    "number": "numbered",
    "issue": "issued",
}


def route_faults(steps: Iterable[str]) -> list[str]:
    """这样定步骤不成立之处，每条一句。"""
    chosen = set(steps)
    if unknown := chosen - set(STEPS):
        return [f"没有这样的步骤：{'、'.join(sorted(unknown))}。"]
    if not chosen & {"review", "secrecy"}:
        return ["公开前要审查（条例第十七条）：部门审核、保密审查至少要有一步。"]
    return []


def path_of(
    steps: Iterable[str],
    *,
    needs_legality: bool,
    needs_fairness: bool,
    is_countersigned: bool,
    is_numbered_elsewhere: bool,
    is_proactive: bool,
) -> tuple[str, ...]:
    """一份公文从起草到走完的各个状态，按先后。

    字号是别处编的（收文收进来的），不再编号；不主动公开的走到印发（或签发）为止。
    """
    chosen = set(steps) - ({"number"} if is_numbered_elsewhere else set())
    path = ["draft"]
    path += [STATES[step] for step in ("review", "disclosure", "secrecy") if step in chosen]
    path += ["in_legality_review"] if needs_legality else []
    path += ["in_fairness_review"] if needs_fairness else []
    path += ["in_countersign"] if is_countersigned else []
    path += ["in_approval", "approved"]
    path += [STATES[step] for step in ("number", "issue") if step in chosen]
    return (*path, "published") if is_proactive else tuple(path)


def after(path: tuple[str, ...], state: str) -> str:
    """``state`` 之后的一步；步骤中途改了、它不在路上的，是路上它后面最近的一步。没有了为空。"""
    position = ORDER.index(state)
    return next((each for each in path if ORDER.index(each) > position), "")


ORDER = (
    "draft", "in_review", "in_disclosure_review", "in_secrecy_review", "in_legality_review",
    "in_fairness_review", "in_countersign", "in_approval", "approved", "numbered", "issued",
    "published",
)  # fmt: skip
"""各状态的先后。"""
