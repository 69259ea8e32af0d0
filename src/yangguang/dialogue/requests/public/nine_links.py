"""九个环节：依申请公开从受理到存档的流程图，和一件申请走到了哪里。

每个环节对应转换表（``rules.HANDLING``）里的哪几步，对期限的影响由表里来。给经办人看的那一份另有凭据和
没有发出的判断（``selectors.track_of``），不给申请人看。
"""

from dataclasses import dataclass
from datetime import date

from ..models import DisclosureRequest
from ..rules import HANDLING
from ..states import UNCONFIRMED_CHANNELS, State
from ..track import AHEAD, DONE, LINKS, NOW, SKIPPED

WORDS = {DONE: "办过了", NOW: "现在", AHEAD: "还没有到", SKIPPED: "不需要"}


@dataclass(frozen=True)
class NineLink:
    """一个环节。``events`` 是它里面的各步。"""

    name: str
    words: str
    events: tuple[str, ...]

    @property
    def effects(self) -> tuple[str, ...]:
        """对期限的影响，每条一句，不重复。"""
        told = (HANDLING.transition(event).deadline_effect for event in self.events)
        return tuple(dict.fromkeys(each for each in told if each))


NINE = (
    NineLink(
        LINKS[0],
        "网上、信函、当面、传真都收；写不了的可以口头说，由工作人员代填。",
        ("receive", "move_in"),
    ),
    NineLink(
        LINKS[1],
        "网上、传真、平信来的，工作人员当日与您联系确认；确认之日就是收到申请之日。",
        ("confirm", "give_up", "assign", "split"),
    ),
    NineLink(
        LINKS[2],
        "内容写得不明确的，七个工作日以内一次告诉您补什么、什么时候以前补。",
        ("ask_correction", "correct", "abandon"),
    ),
    NineLink(
        LINKS[3],
        "看是不是政府信息、由谁负责、有没有、能不能给。涉及别人的商业秘密、个人隐私的，征求他的意见；"
        "几个机关共同制作的，征求其他机关的意见。",
        ("consult", "hear"),
    ),
    NineLink(
        LINKS[4],
        "能给的照您要的形式给。数量、频次明显超过合理范围的，可以请您说明理由，或者照标准收信息处理费。",
        (
            "ask_reason",
            "give_reason",
            "lapse_reason",
            "charge",
            "cancel_charge",
            "pay",
            "lapse_fee",
        ),
    ),
    NineLink(
        LINKS[5],
        "收到申请之日起二十个工作日以内答复；延长一次，最多再二十个工作日，提前告诉您。",
        ("extend", "delay"),
    ),
    NineLink(LINKS[6], "给您答复书：给什么、怎样给；不给的说明理由，写明不服怎么办。", ("reply",)),
    NineLink(LINKS[7], "网上下载、电子邮件、邮政特快专递、当面领取，照您选的。", ("deliver",)),
    NineLink(LINKS[8], "申请、答复和经过一并归档。", ("archive",)),
)


@dataclass(frozen=True)
class Passed:
    """一件申请在一个环节：走到哪里，哪一天，一句话。"""

    link: NineLink
    standing: str
    on: date | None = None
    words: str = ""

    @property
    def label(self) -> str:
        """走到哪里，一个词。"""
        return WORDS[self.standing]


def track(request: DisclosureRequest) -> tuple[Passed, ...]:
    """一件申请的九个环节。先取好 ``PARTS``、``OPINIONS`` 的不查询。"""
    told = (
        _accepted(request), _confirmed(request), _corrected(request), _judged(request),
        _charged(request), _timed(request), _replied(request), _delivered(request),
        _archived(request),
    )  # fmt: skip
    return tuple(
        Passed(link, standing, on, words)
        for link, (standing, on, words) in zip(NINE, told, strict=True)
    )


Told = tuple[str, date | None, str]


def _is_over(request: DisclosureRequest) -> bool:
    return request.finished_on is not None or request.state in (State.UNCONFIRMED, State.SPLIT)


def _accepted(request: DisclosureRequest) -> Told:
    return DONE, request.came_on, f"{request.channel_label}，编号 {request.number}。"


def _confirmed(request: DisclosureRequest) -> Told:
    if request.received_on:
        return DONE, request.received_on, "这一天是收到申请之日。"
    if _is_over(request):
        return SKIPPED, None, ""
    if request.channel in UNCONFIRMED_CHANNELS:
        return NOW, None, "工作人员会用您留的电话联系您。"
    return NOW, None, ""


def _corrected(request: DisclosureRequest) -> Told:
    asked = getattr(request, "clarification", None)
    if asked is None:
        # 收到申请七个工作日以后不能再要求补正
        is_settled = _is_over(request) or request.state not in (
            State.SUBMITTED, State.RECEIVED, State.UNDER_REVIEW,
        )  # fmt: skip
        return (SKIPPED if is_settled else AHEAD), None, ""
    if asked.corrected_on:
        return DONE, asked.corrected_on, "收到了您的补正，期限自这一天重新起算。"
    if request.state == State.AWAITING_CORRECTION:
        return NOW, asked.sent_on, "等您补正。"
    return DONE, asked.sent_on, "没有补正。"


def _judged(request: DisclosureRequest) -> Told:
    if request.state == State.CONSULTING:
        return NOW, None, "正在征求意见，征求意见的时间不计入期限。"
    if request.replied_on:
        return DONE, request.replied_on, ""
    if _is_over(request):
        return SKIPPED, None, ""
    if request.state == State.UNDER_REVIEW:
        return NOW, None, "正在办理。"
    return AHEAD, None, ""


def _charged(request: DisclosureRequest) -> Told:
    if request.state == State.AWAITING_REASON:
        return NOW, request.reason_inquiry.asked_on, "请您说明理由。"
    if request.state == State.AWAITING_FEE:
        return NOW, request.fee.notified_on, "请您缴纳信息处理费。"
    if fee := getattr(request, "fee", None):
        return DONE, fee.paid_on or fee.notified_on, "缴过费了。" if fee.paid_on else "没有缴费。"
    if getattr(request, "reason_inquiry", None):
        return DONE, request.reason_inquiry.answered_on, "收到了您说明的理由。"
    return (SKIPPED if _is_over(request) else AHEAD), None, ""


def _timed(request: DisclosureRequest) -> Told:
    extension = getattr(request, "extension", None)
    if extension:
        return DONE, extension.told_on, f"延长了 {extension.days} 个工作日。"
    if request.delayed_until:
        return DONE, request.delayed_until, "延迟到这一天答复。"
    if _is_over(request):
        return (DONE, request.replied_on, "") if request.replied_on else (SKIPPED, None, "")
    if request.reply_due:
        return NOW, request.reply_due, "最迟这一天答复。"
    return AHEAD, None, ""


def _replied(request: DisclosureRequest) -> Told:
    if request.replied_on:
        return DONE, request.replied_on, "答复了。"
    return (SKIPPED if _is_over(request) else AHEAD), None, ""


def _delivered(request: DisclosureRequest) -> Told:
    if request.delivered_on:
        return DONE, request.delivered_on, "您收到了。"
    if request.state == State.REPLIED:
        return NOW, None, "已经送出，等您收到。"
    return (SKIPPED if _is_over(request) else AHEAD), None, ""


def _archived(request: DisclosureRequest) -> Told:
    return (DONE if request.state == State.ARCHIVED else AHEAD), None, ""
