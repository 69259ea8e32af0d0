"""一批补定的运转：拟定、审查、写进台账。纯规则，不碰数据库、时钟和配置。"""

from yangguang.foundation.lifecycle.guards import not_the_drafter
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition


def has_lines(context: GuardContext) -> list[str]:
    """有没有退回的。"""
    return [] if context.facts["standing"] else ["这一批里没有可以补定的文件。"]


def is_mended(context: GuardContext) -> list[str]:
    """退回的都改过、去掉了。"""
    struck = context.facts["struck"]
    return [f"还有 {struck} 件退回了没有改：改好再传，或者去掉。"] if struck else []


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
OPEN = frozenset({"draft", "in_review"})
"""没有办完的一批。"""

CIRCULATION = Lifecycle(
    name="disclosures",
    label="公开属性补定",
    initial="draft",
    states={"draft": "拟定", "in_review": "审查", "settled": "已补定", "dropped": "不办了"},
    progress=("draft", "in_review", "settled"),
    transitions=(
        Transition(
            "submit", "送公开属性审查", frozenset({"draft"}), "in_review", DRAFTER,
            guards=(has_lines, is_mended), sentence="审查以前不写进台账。",
        ),
        Transition(
            "return", "退回", frozenset({"in_review"}), "draft", REVIEWER, needs_message=True,
        ),
        Transition(
            "settle", "审查通过", frozenset({"in_review"}), "settled", REVIEWER,
            guards=(not_the_drafter, has_lines), legal_basis="条例第十三条至第十七条",
            sentence="没有退回的各件写进台账：主动公开的自印发日期起算上网期限，不公开的记下理由。",
        ),
        Transition(
            "drop", "不办了", frozenset({"draft"}), "dropped", DRAFTER, needs_message=True,
        ),
    ),
)  # fmt: skip
"""一批补定的转换表。"""
