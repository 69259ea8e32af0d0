"""信息报送：投稿和约稿的运转，采用记几分。纯规则，不碰数据库、时钟和配置。"""

from datetime import date

from yangguang.foundation.lifecycle.guards import not_the_drafter
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

GRADES = {"full": "单独采用", "merged": "综合采用", "forwarded": "采用并报上级"}
"""怎样采用。"""
POINTS = {"full": 3, "merged": 1, "forwarded": 5}
"""各记几分；接收的机构没有另定的用这些。"""
ON_TIME = 1
"""约稿按期报送、又采用了的，另加几分。"""
MOST_POINTS = 100


def points_of(grade: str, table: dict[str, int], is_on_time: bool, on_time: int) -> int:
    """采用记几分：``table`` 是各种采用的分，``on_time`` 是约稿按期的加分。"""
    return table[grade] + (on_time if is_on_time else 0)


def is_on_time(due_on: date | None, sent_on: date) -> bool:
    """应约的在期限之内；期限当天算按期，不是应约的不算。"""
    return due_on is not None and sent_on <= due_on


def is_complete(context: GuardContext) -> list[str]:
    """标题、正文、报给谁都有，图片有替代文字。"""
    facts = context.facts
    reasons = [
        f"缺少{label}。"
        for label, field in (("标题", "title"), ("正文", "body"))
        if not facts[field]
    ]
    if not facts["receiver"]:
        reasons.append("请选定报给哪个机构。")
    return reasons + list(facts["picture_faults"])


def has_grade(context: GuardContext) -> list[str]:
    """怎样采用已经选定；综合采用的，用在哪一篇里也要选定。"""
    grade = context.inputs.get("grade")
    if grade not in GRADES:
        return ["请选定怎样采用。"]
    if grade == "merged" and not context.inputs.get("article"):
        return ["综合采用的，请选定用在哪一篇稿件里。"]
    return []


def is_theirs(context: GuardContext) -> bool:
    """此人是接收一方的。"""
    return bool(context.facts["receiver"] == context.actor.organisation_id)


def is_ours(context: GuardContext) -> bool:
    """此人是报送一方的。"""
    return bool(context.facts["organisation"] == context.actor.organisation_id)


DRAFTER, APPROVER = frozenset({"drafter"}), frozenset({"approver"})
EDITORS = frozenset({"drafter", "supervisor"})
"""接收一方发约稿、回话的人；采用的由信息员接着写。"""

SENDING = Lifecycle(
    name="contributions",
    label="报送",
    initial="draft",
    states={
        "draft": "起草",
        "in_approval": "签发",
        "sent": "已报送",
        "adopted": "已采用",
        "declined": "未采用",
    },
    progress=("draft", "in_approval", "sent", "adopted"),
    transitions=(
        Transition(
            "submit", "送签", frozenset({"draft"}), "in_approval", DRAFTER,
            guards=(is_complete,), applies=is_ours,
        ),
        Transition(
            "return", "退回", frozenset({"in_approval"}), "draft", APPROVER,
            needs_message=True, applies=is_ours,
        ),
        Transition(
            "send", "报送", frozenset({"in_approval"}), "sent", APPROVER,
            guards=(not_the_drafter, is_complete), applies=is_ours,
        ),
        Transition(
            "recall", "撤回", frozenset({"sent"}), "draft", APPROVER,
            needs_message=True, applies=is_ours,
        ),
        Transition(
            "adopt", "采用", frozenset({"sent"}), "adopted", DRAFTER,
            input_guards=(has_grade,), applies=is_theirs,
        ),
        Transition(
            "decline", "不采用", frozenset({"sent"}), "declined", EDITORS,
            needs_message=True, applies=is_theirs,
        ),
    ),
)  # fmt: skip
"""投稿的转换表。"""


def has_units(context: GuardContext) -> list[str]:
    """约了谁已经选定。"""
    return [] if context.facts["units"] else ["请选定约哪些单位。"]


def is_not_past(context: GuardContext) -> list[str]:
    """期限还没有过。"""
    if context.facts["due_on"] < context.facts["today"]:
        return ["报送的期限已经过了，请改期再发。"]
    return []


CALLING = Lifecycle(
    name="calls",
    label="约稿",
    initial="draft",
    states={"draft": "起草", "issued": "已发出", "closed": "已结束"},
    progress=("draft", "issued", "closed"),
    transitions=(
        Transition(
            "issue", "发出", frozenset({"draft"}), "issued", EDITORS,
            guards=(has_units, is_not_past), applies=is_ours,
        ),
        Transition(
            "close", "结束", frozenset({"issued"}), "closed", EDITORS, applies=is_ours,
        ),
    ),
)  # fmt: skip
"""约稿的转换表。"""
