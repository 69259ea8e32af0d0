"""政府信息公开的期限：纯函数，每个结果都带逐步的说明（依据、文字、日期）。

条文出自《政府信息公开条例》（国务院令第711号，下称条例）和国办函〔2020〕109号。
收到或送达当日不计入，次日起算；届满日是第 N 个工作日当天。
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from .rules import CalendarError, Counted, MarkedDay, WorkingCalendar, following, spoken

REPLY = 20
LONGEST_EXTENSION = 20
CLARIFICATION = 7
THIRD_PARTY = 15
PUBLICATION = 20
FEE_PAYMENT = 20

ARTICLE_26 = "条例第二十六条"
ARTICLE_30 = "条例第三十条"
ARTICLE_31 = "条例第三十一条"
ARTICLE_32 = "条例第三十二条"
ARTICLE_33 = "条例第三十三条"
ARTICLE_34 = "条例第三十四条"
FEE_MEASURES = "国办函〔2020〕109号"
SYNCHRONISED = "政策解读三同步"
CALENDAR = "工作日历"


@dataclass(frozen=True)
class Step:
    """说明的一步：依据的条款、一句话、得出的日期。"""

    rule: str
    text: str
    date: datetime.date | None = None


@dataclass(frozen=True)
class Deadline:
    """一个期限。``provisional`` 表示经过了放假安排未知的年份，是暂定的。"""

    due: date
    provisional: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Pause:
    """征求第三方或其他机关意见的一段：``sent`` 是发出日，``received`` 是收到意见之日。"""

    sent: date
    received: date


class Channel(StrEnum):
    """申请的提出方式（第三十一条）。"""

    COUNTER = "counter"
    POST = "post"
    PLAIN_POST = "plain_post"
    INTERNET = "internet"
    FAX = "fax"


class DeliveryMethod(StrEnum):
    """答复的送达方式。"""

    DIRECT = "direct"
    ENTRUSTED = "entrusted"
    POST = "post"


CHANNEL_RULES: dict[Channel, tuple[bool, str]] = {
    Channel.COUNTER: (False, "当面提交的，以提交之日为收到申请之日"),
    Channel.POST: (False, "邮寄并须签收的，以行政机关签收之日为收到申请之日"),
    Channel.PLAIN_POST: (True, "平常信函等无需签收的，以与申请人确认之日为收到申请之日"),
    Channel.INTERNET: (True, "通过互联网渠道提交的，以双方确认之日为收到申请之日"),
    Channel.FAX: (True, "通过政府信息公开工作机构的传真提交的，以双方确认之日为收到申请之日"),
}
"""提出方式 → 收到之日是否须经确认，及其文字。"""


def receipt(
    received: date, channel: Channel | None = None, confirmed: date | None = None
) -> tuple[date, Step]:
    """收到申请之日（第三十一条）及其说明。

    不给 ``channel`` 时 ``received`` 就是收到之日。平信、互联网、传真没有确认日期的，
    收到之日还不成立，抛出 ``CalendarError``。
    """
    if channel is None:
        if confirmed is not None:
            raise CalendarError("给出了确认日期，但没有说明申请的提出方式。", "channel")
        return received, Step(
            ARTICLE_31, f"{spoken(received)}收到申请，收到当日不计入期限。", received
        )
    needs_confirmation, sentence = CHANNEL_RULES[channel]
    if not needs_confirmation:
        if confirmed is not None:
            raise CalendarError(f"{sentence}，不适用确认日期。", "confirmed")
        on = received
    else:
        if confirmed is None:
            raise CalendarError(f"{sentence}：缺少确认日期，收到之日还不能确定。", "confirmed")
        if confirmed < received:
            raise CalendarError(
                f"确认日期{spoken(confirmed)}早于申请到达的日期{spoken(received)}。", "confirmed"
            )
        on = confirmed
    return on, Step(ARTICLE_31, f"{sentence}：{spoken(on)}，当日不计入期限。", on)


def reply_due(
    calendar: WorkingCalendar,
    received: date,
    *,
    channel: Channel | None = None,
    confirmed: date | None = None,
    clarified: date | None = None,
    pauses: Sequence[Pause] = (),
    paid: date | None = None,
    extended_days: int = 0,
) -> Deadline:
    """答复期限（第三十、三十一、三十三条，国办函〔2020〕109号）。

    收到补正（``clarified``）和缴费（``paid``）都使期限重新起算；征求意见（``pauses``）的时间不计入；
    延期（``extended_days``，工作日）只有一次，最长 20 个。输入自相矛盾时抛出 ``CalendarError``。
    """
    start, first = receipt(received, channel, confirmed)
    steps = [first]
    ordered = _checked_pauses(pauses, start)
    _check_extension(extended_days)
    start, restarts = _restarted(start, clarified, paid)
    steps += restarts
    due, counted, left = _run(calendar, start, REPLY, ordered, "自次日起算")
    steps += counted
    if extended_days:
        due, extended, left = _run(
            calendar,
            due,
            extended_days,
            left,
            "经政府信息公开工作机构负责人同意并在原期限届满前告知申请人，延长",
        )
        steps += extended
    steps += [
        Step(
            ARTICLE_33,
            f"{spoken(pause.sent)}发出征求意见书时，期限已在当日或此前用完，征求的时间不再扣除。",
            due,
        )
        for pause in left
    ]
    return _deadline(calendar, start, due, steps)


def clarification_due(calendar: WorkingCalendar, received: date) -> Deadline:
    """告知补正的期限：收到申请之日起 7 个工作日内一次性告知（第三十条）。"""
    return _plain(
        calendar,
        received,
        CLARIFICATION,
        ARTICLE_30,
        "收到申请",
        "应在{days}个工作日内一次性告知申请人补正，写明需要补正的事项和合理的补正期限",
    )


def third_party_due(calendar: WorkingCalendar, received: date) -> Deadline:
    """第三方提出意见的期限：收到征求意见书之日起 15 个工作日（第三十二条）。"""
    return _plain(
        calendar,
        received,
        THIRD_PARTY,
        ARTICLE_32,
        "第三方收到征求意见书",
        "第三方应在{days}个工作日内提出意见；逾期未提出的，由行政机关依照条例决定是否公开",
    )


def joint_maker_due(calendar: WorkingCalendar, received: date) -> Deadline:
    """共同制作机关提出意见的期限：15 个工作日，逾期视为同意公开（第三十四条，与第三十二条相反）。"""
    return _plain(
        calendar,
        received,
        THIRD_PARTY,
        ARTICLE_34,
        "被征求意见的机关收到征求意见书",
        "应在{days}个工作日内提出意见；逾期未提出的，视为同意公开",
    )


def publication_due(calendar: WorkingCalendar, formed: date) -> Deadline:
    """主动公开的期限：形成或者变更之日起 20 个工作日（第二十六条）；公文自印发日期起算。"""
    return _plain(
        calendar,
        formed,
        PUBLICATION,
        ARTICLE_26,
        "政府信息形成或者变更（公文以印发日期为准）",
        "应在{days}个工作日内公开；法律、法规另有期限的从其规定",
    )


def interpretation_due(calendar: WorkingCalendar, issued: date, days: int) -> Deadline:
    """解读的期限：与文件同步发布，最迟自印发之日起 ``days`` 个工作日（参数，各省的规定不一样）。"""
    return _plain(
        calendar,
        issued,
        days,
        SYNCHRONISED,
        "政策文件印发",
        "解读材料应与文件同步发布，最迟在{days}个工作日内",
    )


def fee_payment_due(calendar: WorkingCalendar, notified: date) -> Deadline:
    """缴费的期限：收到收费通知次日起 20 个工作日，逾期视为放弃申请（国办函〔2020〕109号）。"""
    return _plain(
        calendar,
        notified,
        FEE_PAYMENT,
        FEE_MEASURES,
        "申请人收到收费通知",
        "应自次日起{days}个工作日内缴纳信息处理费；逾期未缴纳的，视为放弃申请，不再处理",
    )


def replied_on(method: DeliveryMethod, handed: date, *, postal: bool = True) -> tuple[date, Step]:
    """判断是否按期所用的答复日。

    直接送达、委托送达的 ``handed`` 是签收之日；邮寄的 ``handed`` 是交邮之日，
    须经邮政企业（``postal``），不得用其他快递。
    """
    if method is DeliveryMethod.POST:
        if not postal:
            raise CalendarError("邮寄答复须通过邮政企业，不得使用其他快递。", "postal")
        return handed, Step("国办公开办函〔2015〕207号", "邮寄送达的，以交邮之日为答复日。", handed)
    return handed, Step(
        "国办公开办函〔2015〕207号", "直接送达、委托送达的，以签收之日为答复日。", handed
    )


def _checked_pauses(pauses: Iterable[Pause], start: date) -> list[Pause]:
    ordered = sorted(pauses, key=lambda pause: (pause.sent, pause.received))
    for pause in ordered:
        if pause.received < pause.sent:
            raise CalendarError(
                f"收到意见之日{spoken(pause.received)}早于征求意见发出之日{spoken(pause.sent)}。",
                "pauses",
            )
        if pause.sent < start:
            raise CalendarError(
                f"征求意见发出之日{spoken(pause.sent)}早于收到申请之日{spoken(start)}。", "pauses"
            )
    for earlier, later in pairwise(ordered):
        if later.sent < earlier.received:
            raise CalendarError(
                f"两段征求意见的时间重叠：前一段{spoken(earlier.received)}才收到意见，"
                f"后一段{spoken(later.sent)}已经发出。请合并成一段。",
                "pauses",
            )
    return ordered


def _check_extension(days: int) -> None:
    if days < 0:
        raise CalendarError("延期的工作日数不能是负数。", "extended_days")
    if days > LONGEST_EXTENSION:
        raise CalendarError(
            f"延期最长 {LONGEST_EXTENSION} 个工作日（{ARTICLE_33}），不能是 {days} 个。",
            "extended_days",
        )


def _restarted(start: date, clarified: date | None, paid: date | None) -> tuple[date, list[Step]]:
    steps = []
    if clarified is not None:
        if clarified < start:
            raise CalendarError(
                f"收到补正之日{spoken(clarified)}早于收到申请之日{spoken(start)}。", "clarified"
            )
        start = clarified
        steps.append(
            Step(
                ARTICLE_30,
                f"{spoken(start)}收到补正的申请，答复期限自收到补正之日重新起算。",
                start,
            )
        )
    if paid is not None:
        if paid < start:
            raise CalendarError(f"缴费之日{spoken(paid)}早于期限的起点{spoken(start)}。", "paid")
        start = paid
        steps.append(
            Step(
                FEE_MEASURES, f"{spoken(start)}缴纳信息处理费，处理期限自缴费次日重新计算。", start
            )
        )
    return start, steps


def _run(
    calendar: WorkingCalendar, start: date, days: int, pauses: Sequence[Pause], lead: str
) -> tuple[date, list[Step], list[Pause]]:
    """从 ``start`` 次日数 ``days`` 个工作日，扣除征求意见的时间。

    返回届满日、说明，以及期限用完以后才发出、没有用上的征求意见。
    """
    due = calendar.nth(start, days)
    steps = [
        Step(
            ARTICLE_33,
            f"{lead}{days}个工作日，"
            + (f"不计征求意见的时间，至{spoken(due)}。" if pauses else f"至{spoken(due)}届满。"),
            due,
        )
    ]
    cursor, remaining = start, days
    for index, pause in enumerate(pauses):
        if pause.received <= start:
            steps.append(
                Step(
                    ARTICLE_33,
                    f"{spoken(pause.sent)}至{spoken(pause.received)}征求意见，"
                    "没有占用起算之后的时间，不影响期限。",
                    due,
                )
            )
            continue
        sent = max(pause.sent, cursor)
        used = calendar.between(cursor, sent)
        if used >= remaining:
            return due, steps, list(pauses[index:])
        remaining -= used
        cursor = pause.received
        due = calendar.nth(cursor, remaining)
        steps.append(
            Step(
                ARTICLE_33,
                f"{spoken(pause.sent)}发出、{spoken(pause.received)}收到意见，征求意见的时间不计入："
                f"已用{days - remaining}个工作日，剩余{remaining}个自收到意见次日续算，"
                f"至{spoken(due)}届满。",
                due,
            )
        )
    return due, steps, []


def _plain(
    calendar: WorkingCalendar, start: date, days: int, rule: str, event: str, duty: str
) -> Deadline:
    due = calendar.nth(start, days)
    return _deadline(
        calendar,
        start,
        due,
        [
            Step(rule, f"{spoken(start)}{event}，当日不计入期限。", start),
            Step(
                rule,
                f"{duty.format(days=days)}：自次日起第{days}个工作日为{spoken(due)}。",
                due,
            ),
        ],
    )


def _deadline(calendar: WorkingCalendar, start: date, due: date, steps: list[Step]) -> Deadline:
    passed = calendar.survey(start, due)
    return Deadline(due, passed.provisional, (*steps, *calendar_steps(passed)))


def calendar_steps(passed: Counted) -> list[Step]:
    """经过的放假日、调休上班日和须知，各成一步。普通的周末不逐日列出。"""
    steps = [
        Step(
            days[0].legal_basis,
            f"{days[0].reason}放假，不计入：{_range(days)}。",
            days[0].date,
        )
        for days in _runs([day for day in passed.skipped if day.legal_basis])
    ]
    steps += [
        Step(day.legal_basis, f"{day.reason}，计为工作日：{spoken(day.date)}。", day.date)
        for day in passed.worked_weekends
    ]
    return [*sorted(steps, key=_by_date), *(Step(CALENDAR, note) for note in passed.notes)]


def _by_date(step: Step) -> date:
    return step.date or date.max


def _runs(days: Iterable[MarkedDay]) -> list[list[MarkedDay]]:
    """同一缘由、首尾相接的日子并成一段。"""
    runs: list[list[MarkedDay]] = []
    for day in days:
        last = runs[-1][-1] if runs else None
        if last and last.reason == day.reason and following(last.date) == day.date:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _range(days: Sequence[MarkedDay]) -> str:
    if len(days) == 1:
        return spoken(days[0].date)
    return f"{spoken(days[0].date)}至{spoken(days[-1].date)}"
