"""一期公报的运转：编、签、付印、公布。纯规则，不碰数据库、时钟和配置。"""

from yangguang.foundation.lifecycle.guards import has_columns, not_the_drafter, passes_screening
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import STANDINGS, WAITING


def has_entries(context: GuardContext) -> list[str]:
    """选入了文件（往期的有 PDF），出版日期定了。"""
    has_some = context.facts["entries"] or context.facts["is_past"]
    faults = [] if has_some else ["还没有选入文件，请先从候选里选。"]
    if not context.facts["dated_on"]:
        faults.append("请先填出版日期。")
    return faults


def is_standard_text(context: GuardContext) -> list[str]:
    """刊登的都是标准文本：与资源库的现行版本一字不差。"""
    return [
        f"《{title}》：{STANDINGS[found]}，请退回编辑，换成现行版本或者移出。"
        for title, found in context.facts["standings"]
        if found != "same"
    ]


def is_typeset(context: GuardContext) -> list[str]:
    """已经排好；往期的本来就是印好的。"""
    step, message = context.facts["print"]
    if step == "made" or context.facts["is_past"]:
        return []
    if step == "failed":
        return [f"没有排成：{message}请退回编辑，改好再排。"]
    if step in WAITING:
        return ["正在排版，稍等一会儿再办。"]
    return ["还没有排版，请退回编辑，再送签一次。"]


EDITORS = frozenset({"gazette_editor", "drafter"})
APPROVER = frozenset({"approver"})
STANDARD = "所刊文件为标准文本（国办发〔2018〕22号）"

CIRCULATION = Lifecycle(
    name="gazette",
    label="政府公报",
    initial="draft",
    states={
        "draft": "编辑",
        "in_approval": "签发",
        "approved": "已签发",
        "published": "已公布",
        "withdrawn": "已撤回",
        "dropped": "不出了",
    },
    progress=("draft", "in_approval", "approved", "published"),
    transitions=(
        Transition(
            "typeset", "排版", frozenset({"draft"}), "draft", EDITORS, guards=(has_entries,),
            applies=lambda context: not context.facts["is_past"]
            and context.facts["print"][0] not in (*WAITING, "made"),
            sentence="照现在的篇目排成双栏的 PDF；排好之前可以先做别的。",
        ),
        Transition(
            "submit", "送签", frozenset({"draft"}), "in_approval", EDITORS,
            guards=(has_entries, is_standard_text, passes_screening),
            sentence="送签以后篇目不再变动，随即排版。",
        ),
        Transition(
            "return", "退回", frozenset({"in_approval", "approved"}), "draft", APPROVER,
            needs_message=True,
        ),
        Transition(
            "approve", "签发付印", frozenset({"in_approval"}), "approved", APPROVER,
            guards=(not_the_drafter, has_entries, is_standard_text, is_typeset),
            legal_basis=STANDARD,
        ),
        Transition(
            "publish", "公布电子公报", frozenset({"approved"}), "published", EDITORS | APPROVER,
            guards=(has_columns, has_entries, is_standard_text, is_typeset),
            legal_basis="条例第二十三条",
            sentence="与印出的一期同一天上网。",
        ),
        Transition(
            "withdraw", "撤回", frozenset({"published"}), "withdrawn", APPROVER,
            needs_message=True,
        ),
        Transition(
            "drop", "不出了", frozenset({"draft"}), "dropped", EDITORS, needs_message=True,
            sentence="期号、总期号随即空出来，别的一期可以用。",
        ),
    ),
)  # fmt: skip
"""一期公报的转换表。"""

READERS_LIFE = Lifecycle(
    name="gazette_readers",
    label="赠阅对象",
    initial="standing",
    states={"standing": "在册", "stopped": "停止赠阅"},
    transitions=(
        Transition(
            "stop", "停止赠阅", frozenset({"standing"}), "stopped", EDITORS | APPROVER,
            needs_message=True, sentence="以后各期不再发给它；已经发的照记。",
        ),
        Transition(
            "resume", "恢复赠阅", frozenset({"stopped"}), "standing", EDITORS,
            sentence="从下一次列清单起照原来的份数发。",
        ),
    ),
)  # fmt: skip
"""赠阅对象的转换表。"""
DISTRIBUTED = frozenset({"approved", "published", "withdrawn"})
"""哪些状态的一期可以登记赠阅：已经付印的。"""
