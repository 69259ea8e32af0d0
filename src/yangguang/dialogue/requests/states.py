"""依申请公开：一件申请的状态、角色、提出方式。纯数据。"""

from collections.abc import Mapping
from enum import StrEnum

from yangguang.foundation.calendar.deadlines import CHANNEL_RULES, Channel

OFFICER = frozenset({"request_officer"})
RECEPTION = frozenset({"request_officer", "counter_officer"})
"""收申请的：经办人，服务大厅的窗口人员。"""
APPLICANT = frozenset({"applicant"})
HEAD = frozenset({"approver"})
"""政府信息公开工作机构的负责人（条例第三十三条）：本机构的签发人。"""

CHANNELS: Mapping[str, str] = {
    Channel.COUNTER.value: "当面提交",
    Channel.POST.value: "邮寄（需签收）",
    Channel.PLAIN_POST.value: "平常信函（无需签收）",
    Channel.INTERNET.value: "互联网",
    Channel.FAX.value: "传真",
}
"""提出申请的方式（条例第三十一条）。"""
UNCONFIRMED_CHANNELS = frozenset(
    channel for channel, (needs_confirmation, _) in CHANNEL_RULES.items() if needs_confirmation
)
"""收到之日要与申请人确认的。"""


class State(StrEnum):
    """一件申请到了哪一步。"""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    AWAITING_CORRECTION = "awaiting_correction"
    CONSULTING = "consulting"
    AWAITING_REASON = "awaiting_reason"
    AWAITING_FEE = "awaiting_fee"
    REPLIED = "replied"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"
    UNPAID = "unpaid"
    UNCONFIRMED = "unconfirmed"
    SPLIT = "split"


STATES: Mapping[str, str] = {
    State.SUBMITTED: "待确认",
    State.RECEIVED: "待登记",
    State.UNDER_REVIEW: "办理中",
    State.AWAITING_CORRECTION: "待补正",
    State.CONSULTING: "征求意见中",
    State.AWAITING_REASON: "待说明理由",
    State.AWAITING_FEE: "待缴费",
    State.REPLIED: "已答复",
    State.DELIVERED: "已送达",
    State.ARCHIVED: "已存档",
    State.WITHDRAWN: "已撤回",
    State.ABANDONED: "逾期不补正，不再处理",
    State.UNPAID: "逾期不缴费，不再处理",
    State.UNCONFIRMED: "无法确认",
    State.SPLIT: "已拆分",
}
OPEN = frozenset(
    {
        State.RECEIVED, State.UNDER_REVIEW, State.AWAITING_CORRECTION, State.CONSULTING,
        State.AWAITING_REASON, State.AWAITING_FEE,
    }
)  # fmt: skip
"""收到了还没有办结的。"""
HANDLED = frozenset({State.UNDER_REVIEW, State.CONSULTING, State.AWAITING_REASON})
"""正在办理、期限走着或者只因征求意见停着的。"""
FINISHED = frozenset(
    {State.REPLIED, State.DELIVERED, State.WITHDRAWN, State.ABANDONED, State.UNPAID}
)
"""办结了还没有存档的。"""
