"""依申请公开：一件申请的转换表。纯规则，不碰数据库、时钟和配置。

条例第四十五条的登记、审核、办理、答复、归档。期限的停与走由 ``clocks`` 由经过算出，这里只说什么时候能走哪一步。
申请人没有账号，他自己走的几步（补正、说明理由、撤回、确认收到）用角色 ``applicant``（``accounts.rules.outsider``）。
"""

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .guards import (
    confirmation_is_proved,
    correction_came,
    correction_is_overdue,
    correction_is_reasonable,
    delay_is_later,
    delay_is_reasoned,
    delivery_is_dated,
    extension_is_lawful,
    is_decided,
    is_for_the_head,
    is_heard,
    needs_confirming,
    not_charged_before,
    not_corrected_before,
    not_extended_before,
    payment_came,
    payment_is_overdue,
    reason_is_overdue,
    reason_not_asked,
    reply_is_dated,
    something_to_pay,
    sought_is_dated,
    splits_in_two,
    undelivered_is_explained,
    was_tried,
)
from .states import (
    APPLICANT,
    FINISHED,
    HEAD,
    OFFICER,
    OPEN,
    RECEPTION,
    STATES,
    State,
)


def _after_hearing(context: GuardContext) -> str:
    return State.CONSULTING if context.inputs.get("open_left") else State.UNDER_REVIEW


def _moved(context: GuardContext) -> str:
    return State.ARCHIVED if context.inputs.get("finished_on") else State.UNDER_REVIEW


def _states(*states: State) -> frozenset[str]:
    return frozenset(states)


REVIEWED = _states(State.UNDER_REVIEW)

OFFLINE = "在系统里拟文书的，送出时自动记；这里记线下已经发出的。"

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
            "move_in", "转入旧案", _states(State.SUBMITTED), State.UNDER_REVIEW, OFFICER,
            applies=lambda context: "received_on" in context.inputs, onward=_moved,
            targets=_states(State.ARCHIVED),
            sentence="上线时从旧台账转入：办结了的直接存档，没有办结的接着办。",
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
            sentence=OFFLINE,
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
            sentence=OFFLINE,
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
            sentence=OFFLINE,
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
            sentence=OFFLINE,
        ),
        Transition(
            "extend", "延长期限", _states(State.UNDER_REVIEW, State.CONSULTING), State.UNDER_REVIEW,
            OFFICER | HEAD, guards=(not_extended_before,), input_guards=(extension_is_lawful,),
            applies=is_for_the_head,
            onward=lambda context: State(context.facts["state"]),
            targets=_states(State.CONSULTING),
            legal_basis="条例第三十三条", deadline_effect="答复期限延长，最长 20 个工作日。",
            sentence=OFFLINE,
        ),
        Transition(
            "charge", "通知收费", REVIEWED, State.AWAITING_FEE, OFFICER,
            guards=(not_charged_before,), input_guards=(something_to_pay,),
            legal_basis="条例第四十二条、国办函〔2020〕109号",
            deadline_effect="处理期限自缴费次日重新计算。",
            sentence=OFFLINE,
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
            sentence=OFFLINE,
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
