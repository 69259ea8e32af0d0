"""一件申请现在怎样、申请人要做什么：用平常的话说。纯函数。"""

from collections.abc import Mapping

from ..outcomes import BY_OUTCOME
from ..states import State

PLAIN: Mapping[str, tuple[str, str]] = {
    State.SUBMITTED: (
        "我们收到了您在网上提交的申请，还没有与您确认。",
        "请留意电话。工作人员会用您留的电话联系您，双方确认之日就是收到申请之日，期限从第二天起算。",
    ),
    State.RECEIVED: ("已经与您确认，正在登记、分给经办的人。", "现在不用做什么。"),
    State.UNDER_REVIEW: ("正在办理。", "现在不用做什么。"),
    State.AWAITING_CORRECTION: (
        "您的申请有的地方不明确，等您补正。",
        "请照下面列的补充。到期没有补正、又没有正当理由的，视为放弃申请。",
    ),
    State.CONSULTING: (
        "您要的信息涉及别人，正在征求他们的意见。",
        "现在不用做什么。征求意见的时间不计入期限。",
    ),
    State.AWAITING_REASON: (
        "您申请的数量、频次明显超过合理范围，请您说明理由。",
        "请在下面写明理由。理由合理的继续办理。",
    ),
    State.AWAITING_FEE: (
        "请您缴纳信息处理费。",
        "请在期限以前缴纳。缴了从第二天起重新计算期限；到期没有缴的，视为放弃申请。",
    ),
    State.REPLIED: ("已经答复，正在送给您。", "收到以后，请在下面点“我收到了”。"),
    State.DELIVERED: (
        "已经答复，您也收到了。",
        "对答复不服的，答复书末尾写着向谁、在什么时候以前提出。",
    ),
    State.ARCHIVED: ("办完了，已经存档。", "现在不用做什么。"),
    State.WITHDRAWN: ("您撤回了这件申请。", "还想要的，可以重新申请。"),
    State.ABANDONED: (
        "到期没有收到补正，这件申请不再处理。",
        "还想要的，可以把内容写明确，重新申请。",
    ),
    State.UNPAID: ("到期没有缴费，这件申请不再处理。", "还想要的，可以重新申请。"),
    State.UNCONFIRMED: (
        "我们用您留的方式几次联系不上您，没有能确认这件申请。",
        "请核对联系电话，重新申请，或者直接与受理机构联系。",
    ),
    State.SPLIT: (
        "这件申请里有几项不相干的内容，已经按一事一申请分开，各办各的。",
        "收到申请之日不变。分开的各件列在下面。",
    ),
}
"""各个状态：现在怎样，申请人要做什么。"""


def ending(outcome: str) -> str:
    """答复的结论，一句话；没有答复书的为空串。"""
    found = BY_OUTCOME.get(outcome)
    return f"{found.conclusion}。" if found else ""
