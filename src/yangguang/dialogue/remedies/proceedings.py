"""行政复议、行政诉讼的转换表：收到通知，答复（答辩），审结；责令重作的另开一件申请接着办。纯规则。"""

from datetime import date

from yangguang.dialogue.requests.guards import dated
from yangguang.dialogue.requests.states import OFFICER
from yangguang.dialogue.requests.table3 import GROUPS, OUTCOMES
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

RESULTS = {code: label for code, label in OUTCOMES.items() if code not in ("pending", "total")}
"""审结的结果：年度报告表四的三列。"""
KINDS = GROUPS
"""行政复议，未经复议直接起诉，复议后起诉：表四的三组。"""
FIRST_SINCE = date(2024, 1, 1)
"""自这一天起，不予公开的须先复议（行政复议法第二十三条第一款第四项）。"""


def answer_clock(kind: str, is_simplified: bool) -> str:
    """书面答复、答辩的期限是哪一种（``data/calendar/clocks.json``）。"""
    if kind != "reconsideration":
        return "litigation_answer"
    return "reconsideration_answer_simplified" if is_simplified else "reconsideration_answer"


def oddity(kind: str, replied_on: date, is_refusal: bool) -> str:
    """与复议前置不合的提醒，一句话；没有的为空：法院怎样受理由法院定，只提醒核对。"""
    if kind == "litigation_direct" and is_refusal and replied_on >= FIRST_SINCE:
        return "2024 年起不予公开的须先申请行政复议，这一件却是直接起诉：请核对是不是“复议后起诉”。"
    return ""


def _dated(context: GuardContext, name: str, label: str) -> list[str]:
    return dated(context, name, label, "received_on", "收到通知之日")


def answer_is_dated(context: GuardContext) -> list[str]:
    """答复（答辩）的日期。"""
    return _dated(context, "answered_on", "提交的日期")


def decision_is_whole(context: GuardContext) -> list[str]:
    """审结的日期和结果；责令重作的只能是结果纠正。"""
    reasons = _dated(context, "decided_on", "审结的日期")
    result = context.inputs.get("result")
    if result not in RESULTS:
        reasons.append("请选定结果：维持、纠正，还是其他。")
    if context.inputs.get("orders_redo") and result != "corrected":
        reasons.append("责令重作的，结果应当是“结果纠正”。")
    return reasons


PROCEEDINGS = Lifecycle(
    name="remedies",
    label="复议诉讼",
    initial="open",
    states={"open": "等待答复、答辩", "answered": "审理中", "decided": "已审结"},
    progress=("open", "answered", "decided"),
    transitions=(
        Transition(
            "answer", "提交答复、答辩", frozenset({"open"}), "answered", OFFICER,
            input_guards=(answer_is_dated,), legal_basis="行政复议法第四十八条、行政诉讼法第六十七条",
        ),
        Transition(
            "decide", "审结", frozenset({"open", "answered"}), "decided", OFFICER,
            input_guards=(decision_is_whole,),
            sentence="判决驳回诉讼请求、决定驳回复议请求的，是“结果维持”；撤回申请、撤诉，裁定驳回起诉、驳回复议申请，"
            "终止的，是“其他结果”；确认违法的是“结果纠正”。",
        ),
    ),
)  # fmt: skip
"""一件复议、诉讼的转换表。"""
