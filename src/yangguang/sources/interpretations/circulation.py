"""解读材料的运转：起草、审核、签发、发布。纯规则，不碰数据库、时钟和配置。

与文件同步审签、同步发布：所解读的文件公开了，解读材料才公开。
"""

from yangguang.foundation.files.captions import untold_faults
from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter, passes_screening
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import copy_faults, material_faults, part_faults, picture_faults, required_parts


def is_complete(context: GuardContext) -> list[str]:
    """标题、五公开类别、该写的各部分、作品都有；图片有替代文字，视频有字幕或文字稿。"""
    facts = context.facts
    reasons = [] if facts["title"] else ["缺少标题。"]
    if not facts["stage"]:
        reasons.append("缺少五公开类别。")
    required = required_parts(
        facts["form"], is_norm=facts["is_norm"], is_for_people=facts["is_for_people"]
    )
    reasons += part_faults(facts["parts"], required)
    reasons += material_faults(
        facts["form"],
        has_material=facts["has_material"],
        written=sum(1 for text in facts["parts"].values() if text.strip()),
    )
    reasons += picture_faults(facts["nameless"])
    return reasons + untold_faults(facts["untold"], is_transcribed=facts["is_transcribed"])


def is_no_copy(context: GuardContext) -> list[str]:
    """不是照抄文件。"""
    return copy_faults(context.facts["copied"], context.facts["most_copied"])


def document_is_out(context: GuardContext) -> list[str]:
    """所解读的文件公开着。"""
    if context.facts["is_out"]:
        return []
    return ["所解读的文件还没有公开。解读材料与文件同步发布：先发布文件，接着发布解读。"]


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
PUBLISHERS = DRAFTER | APPROVER
READY = (is_complete, is_no_copy, passes_screening)

CIRCULATION = Lifecycle(
    name="interpretations",
    label="政策解读",
    initial="draft",
    states={
        "draft": "起草",
        "in_review": "审核",
        "in_approval": "签发",
        "approved": "已签发",
        "published": "已发布",
        "revising": "修订中",
        "withdrawn": "已撤回",
    },
    progress=("draft", "in_review", "in_approval", "approved", "published"),
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_review", DRAFTER, guards=READY,
            legal_basis="政策解读与文件同步组织、同步审签、同步部署",
        ),
        Transition(
            "pass", "审核通过", frozenset({"in_review"}), "in_approval", REVIEWER,
            guards=(not_the_drafter,), legal_basis="条例第十七条",
        ),
        Transition(
            "return", "退回", frozenset({"in_review", "in_approval", "approved"}), "draft",
            REVIEWER | APPROVER, needs_message=True,
        ),
        Transition(
            "approve", "签发", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(not_the_drafter, *READY),
        ),
        Transition(
            "publish", "发布", frozenset({"approved"}), "published", PUBLISHERS,
            guards=(has_columns, document_is_out, passes_screening),
            legal_basis="与文件同步发布，最迟在印发以后的解读期限以内",
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
            guards=(has_columns, document_is_out, *READY), needs_message=True,
        ),
    ),
)  # fmt: skip
"""解读材料的转换表。"""
