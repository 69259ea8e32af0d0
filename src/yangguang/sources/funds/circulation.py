"""一笔资金的公开怎样运转：起草、审核、签发、发布。纯规则，不碰数据库、时钟和配置。"""

from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter, passes_screening
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition


def is_complete(context: GuardContext) -> list[str]:
    """必备的各项都有：文号、下达单位、收到日期、分配。"""
    facts = context.facts
    reasons = [] if facts["document_number"] else ["缺少上级文件的文号。"]
    if not facts["given_by"]:
        reasons.append("缺少下达单位。")
    if not facts["received_on"]:
        reasons.append("缺少收到资金的日期。")
    if not facts["flows"] and not facts["paid"]:
        reasons.append("还没有填分配或者拨付，请先填清资金往哪里去。")
    return reasons


def adds_up(context: GuardContext) -> list[str]:
    """各级的数、日期对得上。"""
    return list(context.facts["faults"])


def has_tables(context: GuardContext) -> list[str]:
    """供下载的表格做好了。"""
    return [] if context.facts["tables"] else ["供下载的表格正在做，稍等一会儿再办。"]


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
READY = (is_complete, adds_up, passes_screening)
BASIS = "临州办发〔2020〕81号第9项"

CIRCULATION = Lifecycle(
    name="funds",
    label="资金公开",
    initial="draft",
    states={
        "draft": "起草",
        "in_review": "审核",
        "in_approval": "签发",
        "approved": "已签发",
        "published": "已发布",
        "revising": "更新中",
        "withdrawn": "已撤回",
    },
    progress=("draft", "in_review", "in_approval", "approved", "published"),
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_review", DRAFTER, guards=READY,
            in_bulk=True,
        ),
        Transition(
            "pass", "审核通过", frozenset({"in_review"}), "in_approval", REVIEWER,
            guards=(not_the_drafter, adds_up), legal_basis="条例第十七条",
        ),
        Transition(
            "return", "退回", frozenset({"in_review", "in_approval", "approved"}), "draft",
            REVIEWER | APPROVER, needs_message=True,
        ),
        Transition(
            "approve", "签发", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(not_the_drafter, *READY), legal_basis=BASIS,
        ),
        Transition(
            "publish", "发布", frozenset({"approved"}), "published", DRAFTER | APPROVER,
            guards=(has_columns, adds_up, has_tables, passes_screening),
            legal_basis="条例第二十三条", in_bulk=True,
        ),
        Transition(
            "revise", "更新", frozenset({"published"}), "revising", DRAFTER, needs_message=True,
            sentence="资金又有分配、拨付、支出的，在这里更新；公开页面先照旧，更正发布以后才变。",
        ),
        Transition(
            "correct", "更正发布", frozenset({"revising"}), "published", APPROVER,
            guards=(has_tables, *READY), needs_message=True,
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published", "revising"}), "withdrawn", APPROVER,
            needs_message=True,
        ),
        Transition(
            "republish", "重新发布", frozenset({"withdrawn"}), "published", APPROVER,
            guards=(has_columns, has_tables, *READY), needs_message=True,
        ),
    ),
)  # fmt: skip
"""资金公开的转换表。"""
