"""公文的运转：起草、审核、签发、发布。纯规则，不碰数据库、时钟和配置。

先定公开属性，再运转呈签：没有公开属性的不能送审。
"""

from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .disclosure import disclosure_faults

DOCUMENT_TYPES = (
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示",
    "批复", "议案", "函", "纪要",
)  # fmt: skip
"""公文的 15 个文种（党政机关公文处理工作条例第八条）。"""


def has_disclosure(context: GuardContext) -> list[str]:
    """公开属性已定，理由齐备。"""
    facts = context.facts
    return disclosure_faults(
        facts["disclosure"],
        facts["disclosure_ground"],
        facts["disclosure_reason"],
        is_norm=facts["is_norm"],
    )


def is_complete(context: GuardContext) -> list[str]:
    """必备的要素都有，存疑的都已核对。"""
    facts = context.facts
    reasons = [
        f"缺少{label}。"
        for label, field in (
            ("标题", "title"),
            ("正文", "body"),
            ("发文机关", "issuers"),
            ("五公开类别", "stage"),
        )
        if not facts[field]
    ]
    if facts["uncertain"]:
        names = "、".join(facts["uncertain"])
        reasons.append(f"还有识别时存疑的内容没有核对：{names}。核对后在“已核对”处确认。")
    return reasons


def passes_screening(context: GuardContext) -> list[str]:
    """主动公开的，正文和附件里没有必须拦下的内容。"""
    return list(context.facts["screening"]) if context.facts["disclosure"] == "proactive" else []


def is_dated(context: GuardContext) -> list[str]:
    """签发须有成文日期。"""
    return [] if context.facts["written_on"] else ["签发前须填成文日期。"]


def is_proactive(context: GuardContext) -> list[str]:
    """只有主动公开的才上网。"""
    if context.facts["disclosure"] == "proactive":
        return []
    return ["公开属性不是“主动公开”，不能发布上网。"]


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
PUBLISHERS = DRAFTER | APPROVER

CIRCULATION = Lifecycle(
    name="documents",
    label="公文",
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
            "submit", "送审", frozenset({"draft"}), "in_review", DRAFTER,
            guards=(has_disclosure, is_complete, passes_screening),
            legal_basis="先确定公开属性、再运转呈签", in_bulk=True,
        ),
        Transition(
            "pass", "审核通过", frozenset({"in_review"}), "in_approval", REVIEWER,
            guards=(not_the_drafter,), legal_basis="条例第十七条",
        ),
        Transition(
            "return", "退回", frozenset({"in_review", "in_approval"}), "draft",
            REVIEWER | APPROVER, needs_message=True,
        ),
        Transition(
            "approve", "签发", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(not_the_drafter, has_disclosure, is_dated),
            deadline_effect="自印发之日起 20 个工作日内上网（条例第二十六条）",
        ),
        Transition(
            "publish", "发布", frozenset({"approved"}), "published", PUBLISHERS,
            guards=(is_proactive, has_columns, passes_screening),
            legal_basis="条例第二十三条、第二十六条", in_bulk=True,
        ),
        Transition(
            "revise", "修订", frozenset({"published"}), "revising", DRAFTER, needs_message=True,
        ),
        Transition(
            "correct", "更正发布", frozenset({"revising"}), "published", APPROVER,
            guards=(is_proactive, is_complete, passes_screening), needs_message=True,
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published", "revising"}), "withdrawn", APPROVER,
            needs_message=True,
        ),
        Transition(
            "republish", "重新发布", frozenset({"withdrawn"}), "published", APPROVER,
            guards=(is_proactive, has_columns, passes_screening), needs_message=True,
        ),
    ),
)  # fmt: skip
"""公文的转换表。"""
