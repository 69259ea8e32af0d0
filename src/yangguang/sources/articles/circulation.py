"""稿件的运转：起草、审核、签发、发布。纯规则，不碰数据库、时钟和配置。

审几道由机构定（``rules.ROUTES``）：步骤里没有的那一步，在它的稿件上就没有。
"""

from collections.abc import Callable

from yangguang.foundation.files.captions import untold_faults
from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter, passes_screening
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import Source, source_faults, type_faults


def is_complete(context: GuardContext) -> list[str]:
    """必备的内容都有：标题、正文（或图片、视频）、视频的字幕或文字稿、五公开类别，转载的来源。"""
    facts = context.facts
    reasons = [] if facts["title"] else ["缺少标题。"]
    reasons += type_faults(facts)
    if not facts["stage"]:
        reasons.append("缺少五公开类别。")
    reasons += facts["picture_faults"]
    reasons += untold_faults(facts["untold"], is_transcribed=facts["is_transcribed"])
    source: Source = facts["source"]
    return reasons + source_faults(source, context.at)


def is_due(context: GuardContext) -> list[str]:
    """定了时间的，不到时候不发布。"""
    at = context.facts["publish_at"]
    if at is None or at <= context.at:
        return []
    told = context.facts["publish_at_text"]
    return [f"定于 {told} 发布，到时自动发布；要提前，请退回起草改时间。"]


def is_not_scheduled(context: GuardContext) -> list[str]:
    """定了时间的不能签发时就发布。"""
    at = context.facts["publish_at"]
    if at is None or at <= context.at:
        return []
    return [f"定于 {context.facts['publish_at_text']} 发布，请按“签发”，到时自动发布。"]


def not_the_first_reviewer(context: GuardContext) -> list[str]:
    """初审的人不能复审。"""
    if context.facts["first_reviewer"] in context.actor.persons:
        return ["初审是您办的，复审须由他人办理。"]
    return []


def has_new_columns(context: GuardContext) -> list[str]:
    """换到哪些栏目已经选定。"""
    return [] if context.inputs.get("columns") else ["请选定换到哪些栏目。"]


def has_last_day(context: GuardContext) -> list[str]:
    """置顶到哪一天已经定了，还没有过。"""
    until = context.inputs.get("until")
    if until is None:
        return ["请定下置顶到哪一天。"]
    if until < context.facts["today"]:
        return ["置顶到的日期已经过了。"]
    return []


def _on(*routes: str) -> Callable[[GuardContext], bool]:
    def applies(context: GuardContext) -> bool:
        return context.facts["route"] in routes

    return applies


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
PUBLISHERS = DRAFTER | APPROVER
READY = (is_complete, passes_screening)

CIRCULATION = Lifecycle(
    name="articles",
    label="稿件",
    initial="draft",
    states={
        "draft": "起草",
        "in_review": "审核",
        "in_second_review": "复审",
        "in_approval": "签发",
        "approved": "已签发",
        "published": "已发布",
        "revising": "修订中",
        "withdrawn": "已撤回",
    },
    progress=("draft", "in_review", "in_approval", "approved", "published"),
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_review", DRAFTER,
            guards=READY, in_bulk=True, applies=_on("two", "three"),
        ),
        Transition(
            "submit_for_approval", "送签", frozenset({"draft"}), "in_approval", DRAFTER,
            guards=READY, in_bulk=True, applies=_on("one"),
        ),
        Transition(
            "pass", "审核通过", frozenset({"in_review"}), "in_approval", REVIEWER,
            guards=(not_the_drafter,), legal_basis="条例第十七条", applies=_on("one", "two"),
        ),
        Transition(
            "pass_on", "初审通过", frozenset({"in_review"}), "in_second_review", REVIEWER,
            guards=(not_the_drafter,), legal_basis="条例第十七条", applies=_on("three"),
        ),
        Transition(
            "pass_again", "复审通过", frozenset({"in_second_review"}), "in_approval", REVIEWER,
            guards=(not_the_drafter, not_the_first_reviewer), legal_basis="条例第十七条",
        ),
        Transition(
            "return", "退回", frozenset({"in_review", "in_second_review", "in_approval", "approved"}),
            "draft", REVIEWER | APPROVER, needs_message=True,
        ),
        Transition(
            "release", "签发并发布", frozenset({"in_approval"}), "published", APPROVER,
            guards=(not_the_drafter, has_columns, is_not_scheduled, *READY),
            legal_basis="条例第二十三条",
        ),
        Transition(
            "approve", "签发", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(not_the_drafter, *READY),
        ),
        Transition(
            "publish", "发布", frozenset({"approved"}), "published", PUBLISHERS,
            guards=(has_columns, is_due, passes_screening), legal_basis="条例第二十三条",
            in_bulk=True,
        ),
        Transition(
            "move", "换栏目", frozenset({"published"}), "published", PUBLISHERS,
            input_guards=(has_new_columns,), in_bulk=True,
        ),
        Transition(
            "pin", "置顶", frozenset({"published"}), "published", PUBLISHERS,
            input_guards=(has_last_day,), applies=lambda context: not context.facts["is_pinned"],
        ),
        Transition(
            "unpin", "不再置顶", frozenset({"published"}), "published", PUBLISHERS,
            applies=lambda context: bool(context.facts["is_pinned"]),
        ),
        Transition(
            "revise", "修订", frozenset({"published"}), "revising", DRAFTER, needs_message=True,
        ),
        Transition(
            "correct", "更正发布", frozenset({"revising"}), "published", APPROVER,
            guards=READY, needs_message=True,
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published", "revising"}), "withdrawn", APPROVER,
            needs_message=True,
        ),
        Transition(
            "republish", "重新发布", frozenset({"withdrawn"}), "published", APPROVER,
            guards=(has_columns, *READY), needs_message=True,
        ),
    ),
)  # fmt: skip
"""稿件的转换表。"""
