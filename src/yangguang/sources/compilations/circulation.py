"""文件汇编的运转：编、审、签、公布、撤回。纯规则，不碰数据库、时钟和配置。"""

from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter, passes_screening
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition


def selects_something(context: GuardContext) -> list[str]:
    """选得到文件。"""
    if context.facts["entries"]:
        return []
    return ["照现在的规则一份也选不到，请放宽年份、主题、机构或者有效性，或者人工选入。"]


def picks_stand(context: GuardContext) -> list[str]:
    """人工选入的都还公开着。"""
    return [
        f"人工选入的《{title}》已经撤回，请去掉。" for title in context.facts["withdrawn_picks"]
    ]


def has_no_pictures(context: GuardContext) -> list[str]:
    """所收的都没有图片：汇编只印文字。"""
    return [
        f"《{title}》的正文里有图片，汇编只印文字，请在“人工选定”里不收这一份。"
        for title in context.facts["pictured"]
    ]


def is_typeset(context: GuardContext) -> list[str]:
    """照现在的内容排好了。"""
    step, message = context.facts["made"]
    if step == "made":
        return []
    if step == "failed":
        return [f"没有排成：{message}请退回编辑，改好再送审。"]
    if step in ("queued", "setting"):
        return ["正在排版，稍等一会儿再办。"]
    return ["所收的文件在送审以后变了，请退回编辑，再送审一次。"]


DRAFTER = frozenset({"drafter"})
REVIEWER = frozenset({"reviewer"})
APPROVER = frozenset({"approver"})
READY = (selects_something, picks_stand, has_no_pictures, passes_screening)
BASIS = "临州办发〔2020〕81号第7项"

CIRCULATION = Lifecycle(
    name="compilations",
    label="文件汇编",
    initial="draft",
    states={
        "draft": "编辑",
        "in_review": "审核",
        "in_approval": "签发",
        "approved": "已签发",
        "published": "已公布",
        "withdrawn": "已撤回",
    },
    progress=("draft", "in_review", "in_approval", "approved", "published"),
    transitions=(
        Transition(
            "submit", "送审", frozenset({"draft"}), "in_review", DRAFTER, guards=READY,
            sentence="送审以后规则不再变动，随即排版。",
        ),
        Transition(
            "pass", "审核通过", frozenset({"in_review"}), "in_approval", REVIEWER,
            guards=(not_the_drafter, *READY), legal_basis="条例第十七条",
        ),
        Transition(
            "return", "退回", frozenset({"in_review", "in_approval", "approved"}), "draft",
            REVIEWER | APPROVER, needs_message=True,
        ),
        Transition(
            "approve", "签发", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(not_the_drafter, is_typeset, *READY), legal_basis=BASIS,
        ),
        Transition(
            "publish", "公布", frozenset({"approved"}), "published", DRAFTER | APPROVER,
            guards=(has_columns, is_typeset, *READY), legal_basis="条例第二十三条",
            sentence="公布以后，所收的文件有更正、失效、废止、撤回的，汇编随之重排、更新。",
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published"}), "withdrawn", APPROVER,
            needs_message=True,
        ),
        Transition(
            "reopen", "重新编", frozenset({"withdrawn"}), "draft", DRAFTER,
            sentence="改好以后照原来的步骤再审、再签、再公布，地址不变。",
        ),
    ),
)  # fmt: skip
"""文件汇编的转换表。"""
