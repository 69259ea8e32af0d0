"""一件申请的九个环节：受理、确认申请内容和时间、补正、依申请公开情形、办理方式、办理期限、答复、送达、存档。

环节的名称照《临夏州政务公开工作实施方案》第 23 项。每一环说做了没有、哪一天、凭什么、还缺什么。纯函数。
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DONE, NOW, AHEAD, SKIPPED = "done", "now", "ahead", "skipped"
LINKS = (
    "受理", "确认申请内容和时间", "补正", "依申请公开情形", "办理方式", "办理期限", "答复", "送达", "存档",
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """九个环节要看的经过，都是普通值；没有的为空。"""

    came_on: date
    channel: str
    received_on: date | None
    evidence: str
    was_given_up: bool
    correction_asked: date | None
    correction_until: date | None
    corrected: date | None
    outcome: str
    decision_faults: Sequence[str]
    ways: Sequence[str]
    due: date | None
    standstill: str
    extended_days: int
    replied_on: date | None
    is_late: bool
    finished_on: date | None
    result: str
    delivered_on: date | None
    is_archived: bool


@dataclass(frozen=True)
class Link:
    """一环。``standing`` 是 ``done``、``now``、``ahead`` 或 ``skipped``；``proof`` 是凭什么，``missing`` 是还缺什么。"""

    name: str
    standing: str
    on: date | None = None
    proof: str = ""
    missing: str = ""


def track(passage: Passage) -> list[Link]:
    """九个环节，各走到哪里。办结而没有走到的（撤回、不再处理）写作不需要。"""
    is_over = passage.finished_on is not None
    found = [
        Link(LINKS[0], DONE, passage.came_on, passage.channel),
        _receipt(passage),
        _correction(passage),
        _judged(passage),
        _handled(passage),
        _term(passage),
        _replied(passage),
        _delivered(passage),
        Link(LINKS[8], DONE if passage.is_archived else AHEAD),
    ]
    if is_over and passage.replied_on is None:
        found = [_skip(each) if each.standing != DONE else each for each in found[:-1]] + [
            found[-1]
        ]
    return _with_present(found)


def _with_present(links: list[Link]) -> list[Link]:
    """还没有走到的头一环，就是现在这一环。"""
    for place, each in enumerate(links):
        if each.standing == NOW:
            return links
        if each.standing == AHEAD:
            links[place] = Link(each.name, NOW, each.on, each.proof, each.missing)
            return links
    return links


def _skip(link: Link) -> Link:
    return Link(link.name, SKIPPED)


def _receipt(passage: Passage) -> Link:
    if passage.received_on is not None:
        return Link(LINKS[1], DONE, passage.received_on, passage.evidence)
    if passage.was_given_up:
        return Link(LINKS[1], SKIPPED, proof="无法与申请人确认")
    return Link(LINKS[1], AHEAD, missing="与申请人确认收到之日，当日办")


def _correction(passage: Passage) -> Link:
    if passage.correction_asked is None:
        return Link(LINKS[2], SKIPPED, proof="没有要求补正" if passage.outcome else "")
    if passage.corrected is not None:
        return Link(
            LINKS[2], DONE, passage.corrected, f"{passage.correction_asked.isoformat()} 告知"
        )
    until = passage.correction_until.isoformat() if passage.correction_until else ""
    return Link(LINKS[2], NOW, passage.correction_asked, missing=f"等申请人补正，到 {until} 为止")


def _judged(passage: Passage) -> Link:
    if passage.outcome and not passage.decision_faults:
        return Link(LINKS[3], DONE, proof=passage.outcome)
    return Link(LINKS[3], AHEAD, missing="、".join(passage.decision_faults))


def _handled(passage: Passage) -> Link:
    if passage.ways:
        return Link(LINKS[4], DONE, proof="；".join(passage.ways))
    done = passage.replied_on is not None
    return Link(LINKS[4], DONE if done else AHEAD, proof="直接办理" if done else "")


def _term(passage: Passage) -> Link:
    extended = f"延长 {passage.extended_days} 个工作日" if passage.extended_days else ""
    if passage.replied_on is not None:
        kept = "逾期" if passage.is_late else "按期"
        return Link(
            LINKS[5], DONE, passage.due, "；".join(each for each in (kept, extended) if each)
        )
    return Link(LINKS[5], AHEAD, passage.due, extended, passage.standstill)


def _replied(passage: Passage) -> Link:
    if passage.replied_on is not None:
        return Link(LINKS[6], DONE, passage.replied_on, passage.result)
    return Link(LINKS[6], AHEAD)


def _delivered(passage: Passage) -> Link:
    if passage.delivered_on is not None:
        return Link(LINKS[7], DONE, passage.delivered_on)
    return Link(LINKS[7], AHEAD, missing="送达的凭据" if passage.replied_on else "")
