"""依申请公开的守卫：每一步的前提和所填内容要合的规矩，不合的逐条说明怎样补正。纯规则。

``facts`` 由 ``DisclosureRequest.guard_facts`` 给出，``inputs`` 是这次填的。
"""

from datetime import date

from yangguang.foundation.calendar.deadlines import LONGEST_EXTENSION
from yangguang.foundation.calendar.rules import spoken
from yangguang.foundation.lifecycle.rules import GuardContext

from .states import HEAD, UNCONFIRMED_CHANNELS, State


def _day(context: GuardContext, name: str) -> date | None:
    found = context.inputs.get(name)
    return found if isinstance(found, date) else None


def dated(context: GuardContext, name: str, label: str, since: str, since_label: str) -> list[str]:
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
    reasons = dated(context, "confirmed_on", "与申请人确认的日期", "came_on", "申请到达的日期")
    if not str(context.inputs.get("evidence", "")).strip():
        reasons.append("请写明怎样确认的：打给哪个号码、谁接的、说了什么。")
    return reasons


def was_tried(context: GuardContext) -> list[str]:
    """联系过申请人而没有联系上。"""
    if context.facts["attempts"] < 2:
        return ["至少在不同的日子联系申请人两次、都记下来，才能按无法确认处理。"]
    return []


def not_corrected_before(context: GuardContext) -> list[str]:
    """补正只能要求一次（条例第三十条）。"""
    facts = context.facts
    if facts["correction_asked"]:
        return ["已经要求过一次补正；补正应当一次性告知，不能再要求（条例第三十条）。"]
    return []


def correction_is_reasonable(context: GuardContext) -> list[str]:
    """写明要补正的事项和合理的期限，在收到申请之日起 7 个工作日内告知（条例第三十条）。"""
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
    return reasons + dated(context, "sent_on", "告知补正的日期", "received_on", "收到申请之日")


def correction_came(context: GuardContext) -> list[str]:
    """收到补正之日不早于告知之日。"""
    return dated(context, "corrected_on", "收到补正的日期", "correction_asked", "告知补正的日期")


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
    return reasons + dated(context, "told_on", "告知申请人的日期", "received_on", "收到申请之日")


def _in_time(context: GuardContext, name: str, label: str) -> list[str]:
    """那一天在答复的期限以内：看办事的那天，不看记下的那天。"""
    on, due = _day(context, name), context.facts["due"]
    return [f"{label}{spoken(on)}已过答复的期限{spoken(due)}。"] if on and due and on > due else []


def sought_is_dated(context: GuardContext) -> list[str]:
    """征求意见书发出的日期不早于收到申请之日，在答复的期限以内：过了期限的，停不了已经走完的时间。"""
    label = "征求意见书发出的日期"
    return _in_time(context, "sent_on", label) + dated(
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
    return reasons + dated(
        context, "notified_on", "收费通知发出的日期", "received_on", "收到申请之日"
    )


def payment_came(context: GuardContext) -> list[str]:
    """缴费之日不早于通知之日。"""
    return dated(context, "paid_on", "缴费的日期", "charged", "收费通知发出的日期")


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
    return dated(context, "replied_on", "答复的日期", "received_on", "收到申请之日")


def delivery_is_dated(context: GuardContext) -> list[str]:
    """送达之日不早于答复之日。"""
    return dated(context, "delivered_on", "送达的日期", "replied_on", "答复的日期")


def undelivered_is_explained(context: GuardContext) -> list[str]:
    """没有送达就存档的，写明退件、拒收的凭据。"""
    if context.facts["state"] == State.REPLIED and not context.message.strip():
        return ["还没有送达：邮件退回、拒收的，请写明凭据；送达了的，先记送达。"]
    return []


def splits_in_two(context: GuardContext) -> list[str]:
    """拆成两件以上。"""
    parts = [each for each in context.inputs.get("parts", ()) if str(each).strip()]
    return [] if len(parts) >= 2 else ["拆分须写出至少两件，一行一件。"]
