"""依申请公开：一件申请的转换表。纯规则，不碰数据库、时钟和配置。

条例第四十五条的登记、审核、办理、答复、归档。期限的停与走由 ``clocks`` 由经过算出，这里只说什么时候能走哪一步。
申请人没有账号，他自己走的几步（补正、说明理由、撤回、确认收到）用角色 ``applicant``（``accounts.rules.outsider``）。
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from yangguang.foundation.calendar.deadlines import CHANNEL_RULES, LONGEST_EXTENSION, Channel
from yangguang.foundation.calendar.rules import spoken
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

OFFICER = frozenset({"request_officer"})
RECEPTION = frozenset({"request_officer", "counter_officer"})
"""收申请的：经办人，服务大厅的窗口人员。"""
APPLICANT = frozenset({"applicant"})
HEAD = frozenset({"approver"})
"""政府信息公开工作机构的负责人（条例第三十三条）：本机构的签发人。"""

CHANNELS: Mapping[str, str] = {
    Channel.COUNTER: "当面提交",
    Channel.POST: "邮寄（需签收）",
    Channel.PLAIN_POST: "平常信函（无需签收）",
    Channel.INTERNET: "互联网",
    Channel.FAX: "传真",
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


# ---- 守卫：facts 由 DisclosureRequest.guard_facts 给出 ----


def _day(context: GuardContext, name: str) -> date | None:
    found = context.inputs.get(name)
    return found if isinstance(found, date) else None


def _dated(context: GuardContext, name: str, label: str, since: str, since_label: str) -> list[str]:
    """所填的日期有，不早于 ``since``，也不晚于今天。"""
    on, floor = _day(context, name), context.facts.get(since)
    if on is None:
        return [f"请填写{label}。"]
    if floor and on < floor:
        return [f"{label}{spoken(on)}早于{since_label}{spoken(floor)}。"]
    if on > context.facts["today"]:
        return [f"{label}{spoken(on)}还没有到。"]
    return []


def needs_confirming(context: GuardContext) -> bool:
    """收到之日要与申请人确认（条例第三十一条第三、四项）。"""
    return context.facts["channel"] in UNCONFIRMED_CHANNELS


def confirmation_is_proved(context: GuardContext) -> list[str]:
    """双方确认的日期不早于到达之日，并写明怎样确认的（条例第三十一条）。"""
    reasons = _dated(context, "confirmed_on", "与申请人确认的日期", "came_on", "申请到达的日期")
    if not str(context.inputs.get("evidence", "")).strip():
        reasons.append("请写明怎样确认的：打给哪个号码、谁接的、说了什么。")
    return reasons


def was_tried(context: GuardContext) -> list[str]:
    """联系过申请人而没有联系上。"""
    if context.facts["attempts"] < 2:
        return ["至少在不同的日子联系申请人两次、都记下来，才能按无法确认处理。"]
    return []


def not_corrected_before(context: GuardContext) -> list[str]:
    """补正只能要求一次，须在收到申请之日起 7 个工作日内（条例第三十条）。"""
    facts = context.facts
    if facts["correction_asked"]:
        return ["已经要求过一次补正；补正应当一次性告知，不能再要求（条例第三十条）。"]
    return []


def correction_is_reasonable(context: GuardContext) -> list[str]:
    """写明要补正的事项和合理的期限。"""
    reasons = []
    if not context.inputs.get("items"):
        reasons.append("请逐条写明需要补正的事项。")
    until, sent = _day(context, "until"), _day(context, "sent_on")
    if until is None:
        reasons.append("请写明补正的期限。")
    elif sent and until <= sent:
        reasons.append("补正的期限须在告知之后。")
    elif until <= context.facts["today"]:
        reasons.append("补正的期限须在今天以后，给申请人合理的时间。")
    due = context.facts["correction_due"]
    if due and sent and sent > due:
        reasons.append(
            f"收到申请之日起 7 个工作日已于{spoken(due)}届满，不能再要求补正，请就现有的内容办理（条例第三十条）。"
        )
    return reasons + _dated(context, "sent_on", "告知补正的日期", "received_on", "收到申请之日")


def correction_came(context: GuardContext) -> list[str]:
    """收到补正之日不早于告知之日。"""
    return _dated(context, "corrected_on", "收到补正的日期", "correction_asked", "告知补正的日期")


def correction_is_overdue(context: GuardContext) -> list[str]:
    """补正的期限过了（当日不算过）。"""
    until = context.facts["correction_until"]
    if until and context.facts["today"] <= until:
        return [f"补正的期限到{spoken(until)}为止，还没有过。"]
    return []


def not_after_due(context: GuardContext) -> list[str]:
    """答复的期限还没有过。"""
    due = context.facts["due"]
    if due and context.facts["today"] > due:
        return [f"答复的期限已于{spoken(due)}届满。"]
    return []


def not_extended_before(context: GuardContext) -> list[str]:
    """只能延长一次，须在原期限届满以前告知申请人（条例第三十三条）。"""
    facts = context.facts
    if facts["extended_days"]:
        return ["已经延长过一次，不能再延长（条例第三十三条）。"]
    if facts["delayed_until"]:
        return ["已经依条例第三十五条确定了延迟答复的期限，不能再延长。"]
    return []


def is_for_the_head(context: GuardContext) -> bool:
    """延期由工作机构负责人定；经办人只能办负责人已经同意了的（``approved_by``）。"""
    return context.actor.role in HEAD or bool(context.inputs.get("approved_by"))


def extension_is_lawful(context: GuardContext) -> list[str]:
    """延长 1 到 20 个工作日，经工作机构负责人同意，写明理由。"""
    days, reasons = context.inputs.get("days"), []
    if not isinstance(days, int) or not 1 <= days <= LONGEST_EXTENSION:
        reasons.append(f"延长的期限是 1 到 {LONGEST_EXTENSION} 个工作日（条例第三十三条）。")
    if not context.inputs.get("approved_by"):
        reasons.append("延长答复期限须经政府信息公开工作机构负责人同意（条例第三十三条）。")
    reasons += _in_time(context, "told_on", "告知申请人的日期")
    return reasons + _dated(context, "told_on", "告知申请人的日期", "received_on", "收到申请之日")


def _in_time(context: GuardContext, name: str, label: str) -> list[str]:
    """那一天在答复的期限以内：看办事的那天，不看记下的那天。"""
    on, due = _day(context, name), context.facts["due"]
    return [f"{label}{spoken(on)}已过答复的期限{spoken(due)}。"] if on and due and on > due else []


def sought_is_dated(context: GuardContext) -> list[str]:
    """征求意见书发出的日期不早于收到申请之日，在答复的期限以内：过了期限的，停不了已经走完的时间。"""
    label = "征求意见书发出的日期"
    return _in_time(context, "sent_on", label) + _dated(
        context, "sent_on", label, "received_on", "收到申请之日"
    )


def is_heard(context: GuardContext) -> list[str]:
    """记的是一份还没有了结的征求意见。"""
    if context.inputs.get("open_left") is None:
        return ["请选定是哪一份征求意见。"]
    return []


def not_charged_before(context: GuardContext) -> list[str]:
    """收费通知只发一次，须在申请处理期限内（国办函〔2020〕109号）。"""
    return ["已经发过收费通知。"] if context.facts["charged"] else []


def something_to_pay(context: GuardContext) -> list[str]:
    """有应收的费用。"""
    yuan = context.inputs.get("yuan")
    reasons = (
        [] if isinstance(yuan, int) and yuan > 0 else ["照标准算不出应收的费用，不能发收费通知。"]
    )
    reasons += _in_time(context, "notified_on", "收费通知发出的日期")
    return reasons + _dated(
        context, "notified_on", "收费通知发出的日期", "received_on", "收到申请之日"
    )


def payment_came(context: GuardContext) -> list[str]:
    """缴费之日不早于通知之日。"""
    return _dated(context, "paid_on", "缴费的日期", "charged", "收费通知发出的日期")


def payment_is_overdue(context: GuardContext) -> list[str]:
    """缴费的期限过了（当日不算过）。"""
    due = context.facts["payment_due"]
    if due is None:
        return ["还没有记下申请人收到收费通知的日期，缴费的期限没有起算。"]
    if context.facts["today"] <= due:
        return [f"缴费的期限到{spoken(due)}为止，还没有过。"]
    return []


def reason_is_overdue(context: GuardContext) -> list[str]:
    """说明理由的期限过了（当日不算过）。"""
    until = context.facts["reason_until"]
    if until is None or context.facts["today"] <= until:
        told = f"到{spoken(until)}为止，还没有过" if until else "没有写明"
        return [f"说明理由的期限{told}。"]
    return []


def reason_not_asked(context: GuardContext) -> list[str]:
    """说明理由只要求一次。"""
    return ["已经要求过说明理由。"] if context.facts["reason_asked"] else []


def delay_is_reasoned(context: GuardContext) -> list[str]:
    """理由合理、无法按期答复，才确定延迟答复的期限（条例第三十五条）。"""
    if context.facts["reason_verdict"] != "reasonable":
        return ["须先要求申请人说明理由、认定理由合理，才能延迟答复（条例第三十五条）。"]
    if context.facts["delayed_until"]:
        return ["已经确定过延迟答复的期限。"]
    return not_after_due(context)


def delay_is_later(context: GuardContext) -> list[str]:
    """延迟到的日子在原期限以后。"""
    until, due = _day(context, "until"), context.facts["due"]
    if until is None:
        return ["请写明延迟到哪一天答复。"]
    return [f"延迟答复的期限须在原期限{spoken(due)}以后。"] if due and until <= due else []


def is_decided(context: GuardContext) -> list[str]:
    """七步判断走到头，该写的都写了。"""
    return list(context.facts["decision_faults"])


def reply_is_dated(context: GuardContext) -> list[str]:
    """答复的种类是判断走到的那一种；答复之日（邮寄的是交邮之日）不早于收到申请之日。"""
    if context.inputs.get("outcome") != context.facts["decided_outcome"]:
        return ["答复的种类与判断走到的不同，请核对判断，或者作废这份答复书重新起草。"]
    return _dated(context, "replied_on", "答复的日期", "received_on", "收到申请之日")


def delivery_is_dated(context: GuardContext) -> list[str]:
    """送达之日不早于答复之日。"""
    return _dated(context, "delivered_on", "送达的日期", "replied_on", "答复的日期")


def undelivered_is_explained(context: GuardContext) -> list[str]:
    """没有送达就存档的，写明退件、拒收的凭据。"""
    if context.facts["state"] == State.REPLIED and not context.message.strip():
        return ["还没有送达：邮件退回、拒收的，请写明凭据；送达了的，先记送达。"]
    return []


def splits_in_two(context: GuardContext) -> list[str]:
    """拆成两件以上。"""
    parts = [each for each in context.inputs.get("parts", ()) if str(each).strip()]
    return [] if len(parts) >= 2 else ["拆分须写出至少两件，一行一件。"]


def _after_hearing(context: GuardContext) -> str:
    return State.CONSULTING if context.inputs.get("open_left") else State.UNDER_REVIEW


def _states(*states: State) -> frozenset[str]:
    return frozenset(states)


REVIEWED = _states(State.UNDER_REVIEW)

HANDLING = Lifecycle(
    name="requests",
    label="依申请公开",
    initial=State.SUBMITTED,
    states=STATES,
    progress=(
        State.SUBMITTED, State.RECEIVED, State.UNDER_REVIEW, State.REPLIED, State.DELIVERED,
        State.ARCHIVED,
    ),
    transitions=(
        Transition(
            "confirm", "确认收到", _states(State.SUBMITTED), State.RECEIVED, RECEPTION,
            input_guards=(confirmation_is_proved,), applies=needs_confirming,
            legal_basis="条例第三十一条",
            deadline_effect="双方确认之日是收到申请之日，次日起算 20 个工作日。",
        ),
        Transition(
            "receive", "收到", _states(State.SUBMITTED), State.RECEIVED, RECEPTION,
            applies=lambda context: not needs_confirming(context), legal_basis="条例第三十一条",
        ),
        Transition(
            "give_up", "按无法确认处理", _states(State.SUBMITTED), State.UNCONFIRMED, OFFICER,
            guards=(was_tried,), applies=needs_confirming, needs_message=True,
            legal_basis="条例第三十一条",
        ),
        Transition(
            "assign", "登记分办", _states(State.RECEIVED), State.UNDER_REVIEW, OFFICER,
            legal_basis="条例第四十五条",
        ),
        Transition(
            "split", "拆分", _states(State.RECEIVED, State.UNDER_REVIEW), State.SPLIT, OFFICER,
            input_guards=(splits_in_two,),
            sentence="一件申请里有几项互不相干的内容，按一事一申请拆开，各办各的；收到之日不变。",
        ),
        Transition(
            "ask_correction", "告知补正", REVIEWED, State.AWAITING_CORRECTION, OFFICER,
            guards=(not_corrected_before,), input_guards=(correction_is_reasonable,),
            legal_basis="条例第三十条", deadline_effect="收到补正之日起重新计算答复期限。",
        ),
        Transition(
            "correct", "收到补正", _states(State.AWAITING_CORRECTION), State.UNDER_REVIEW,
            RECEPTION | APPLICANT, input_guards=(correction_came,), legal_basis="条例第三十条",
            deadline_effect="答复期限自收到补正之日重新起算。",
        ),
        Transition(
            "abandon", "逾期不补正，不再处理", _states(State.AWAITING_CORRECTION), State.ABANDONED,
            OFFICER, guards=(correction_is_overdue,), needs_message=True,
            legal_basis="条例第三十条",
            sentence="写明核实过申请人逾期没有正当理由。",
        ),
        Transition(
            "consult", "征求意见", _states(State.UNDER_REVIEW, State.CONSULTING), State.CONSULTING,
            OFFICER, input_guards=(sought_is_dated,), legal_basis="条例第三十二条、第三十四条",
            deadline_effect="征求意见的时间不计入答复期限。",
        ),
        Transition(
            "hear", "收到意见", _states(State.CONSULTING), State.UNDER_REVIEW, OFFICER,
            input_guards=(is_heard,), onward=_after_hearing, targets=_states(State.CONSULTING),
            deadline_effect="意见都有了结果的，期限自次日续算。",
        ),
        Transition(
            "ask_reason", "要求说明理由", REVIEWED, State.AWAITING_REASON, OFFICER,
            guards=(reason_not_asked,), legal_basis="条例第三十五条",
            deadline_effect="答复期限照走。",
        ),
        Transition(
            "give_reason", "收到理由", _states(State.AWAITING_REASON), State.UNDER_REVIEW,
            RECEPTION | APPLICANT, legal_basis="条例第三十五条",
        ),
        Transition(
            "lapse_reason", "逾期没有说明", _states(State.AWAITING_REASON), State.UNDER_REVIEW, OFFICER,
            guards=(reason_is_overdue,), needs_message=True, legal_basis="条例第三十五条",
        ),
        Transition(
            "delay", "延迟答复", REVIEWED, State.UNDER_REVIEW, OFFICER,
            guards=(delay_is_reasoned,), input_guards=(delay_is_later,),
            legal_basis="条例第三十五条", deadline_effect="答复期限改为所定的合理期限。",
        ),
        Transition(
            "extend", "延长期限", _states(State.UNDER_REVIEW, State.CONSULTING), State.UNDER_REVIEW,
            OFFICER | HEAD, guards=(not_extended_before,), input_guards=(extension_is_lawful,),
            applies=is_for_the_head,
            onward=lambda context: State(context.facts["state"]),
            targets=_states(State.CONSULTING),
            legal_basis="条例第三十三条", deadline_effect="答复期限延长，最长 20 个工作日。",
        ),
        Transition(
            "charge", "通知收费", REVIEWED, State.AWAITING_FEE, OFFICER,
            guards=(not_charged_before,), input_guards=(something_to_pay,),
            legal_basis="条例第四十二条、国办函〔2020〕109号",
            deadline_effect="处理期限自缴费次日重新计算。",
        ),
        Transition(
            "pay", "收到缴费", _states(State.AWAITING_FEE), State.UNDER_REVIEW, RECEPTION,
            input_guards=(payment_came,), legal_basis="国办函〔2020〕109号",
            deadline_effect="处理期限自缴费次日重新计算。",
        ),
        Transition(
            "cancel_charge", "撤销收费通知", _states(State.AWAITING_FEE), State.UNDER_REVIEW, OFFICER,
            needs_message=True, sentence="发错了的，或者申请人缩小了范围、不再应收的，写明缘由；当作没有发过，期限照原来的计算。",
        ),
        Transition(
            "lapse_fee", "逾期不缴费，不再处理", _states(State.AWAITING_FEE), State.UNPAID, OFFICER,
            guards=(payment_is_overdue,), needs_message=True, legal_basis="国办函〔2020〕109号",
        ),
        Transition(
            "reply", "答复", REVIEWED, State.REPLIED, OFFICER,
            guards=(is_decided,), input_guards=(reply_is_dated,),
            legal_basis="条例第三十六条",
        ),
        Transition(
            "deliver", "送达", _states(State.REPLIED), State.DELIVERED, RECEPTION | APPLICANT,
            input_guards=(delivery_is_dated,),
        ),
        Transition(
            "archive", "存档", FINISHED | _states(State.UNCONFIRMED, State.SPLIT), State.ARCHIVED,
            OFFICER, input_guards=(undelivered_is_explained,),
            legal_basis="条例第四十五条",
        ),
        Transition(
            "withdraw", "撤回申请", _states(State.SUBMITTED) | OPEN, State.WITHDRAWN,
            RECEPTION | APPLICANT, needs_message=True,
        ),
    ),
)  # fmt: skip
"""一件申请的转换表。"""
