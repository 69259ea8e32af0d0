"""工作交接：清单、签字、移交。纯规则，不碰数据库、时钟和配置。"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import ACTIVE, EVERYONE, MANAGERS, management_faults


@dataclass(frozen=True)
class Line:
    """清单上的一行：哪一种（``kind``）、第几号、叫什么、到了哪一步。"""

    kind: str
    object_id: int
    title: str
    standing: str


def list_digest(leaver: str, receiver: str, lines: Iterable[Line]) -> str:
    """清单的摘要：SHA-256（移交人、接收人的用户名，逐行）。签字签的就是它，入审计的链。"""
    rows = [[line.kind, line.object_id, line.title, line.standing] for line in lines]
    text = json.dumps([leaver, receiver, rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_the_leaver(context: GuardContext) -> list[str]:
    """移交人本人签。"""
    if context.actor.user_id == context.facts["leaver"]:
        return []
    return ["由移交人本人签字；本人已经离岗的，由管理员代签。"]


def is_an_onlooker(context: GuardContext) -> list[str]:
    """代签的管理员不能是接收人：不能自己交给自己。"""
    if context.actor.user_id in (context.facts["leaver"], context.facts["receiver"]):
        return ["代签的不能是移交人或接收人本人，请由别的管理员办理。"]
    return management_faults(context.actor, context.facts["posts"], context.facts["leaver"])


def is_the_receiver(context: GuardContext) -> list[str]:
    """接收人本人签收。"""
    if context.actor.user_id == context.facts["receiver"]:
        return []
    return ["由接收人本人签收。"]


def list_is_current(context: GuardContext) -> list[str]:
    """签字之前，清单要与现在手上的事相符，接收人要看得到清单上的每一件。"""
    facts = context.facts
    reasons = [
        f"列清单之后又有：{title}。请作废这一份，重新列清单。" for title in facts["unlisted"]
    ]
    reasons += [
        f"接收人看不到“{title}”，请先给他授予相应的任职。" for title in facts["out_of_reach"]
    ]
    return reasons


HANDOVER = Lifecycle(
    name="handovers",
    label="工作交接",
    initial="drawn",
    states={"drawn": "待移交人签字", "handed": "待接收人签收", "received": "已交接", "void": "已作废"},
    progress=("drawn", "handed", "received"),
    transitions=(
        Transition(
            "hand", "移交人签字", frozenset({"drawn"}), "handed", EVERYONE,
            guards=(is_the_leaver, list_is_current),
        ),
        Transition(
            "hand_for", "代移交人签字", frozenset({"drawn"}), "handed", MANAGERS,
            guards=(is_an_onlooker, list_is_current), needs_message=True,
            sentence="移交人已经离岗、不能本人签字时，由管理员代签，写明缘由。",
        ),
        Transition(
            "receive", "签收", frozenset({"handed"}), "received", EVERYONE,
            guards=(is_the_receiver, list_is_current),
            sentence="签收之后，清单上的事都归您经办。",
        ),
        Transition(
            "void", "作废", frozenset({"drawn", "handed"}), "void", ACTIVE, needs_message=True,
        ),
    ),
)  # fmt: skip
"""交接单的转换表：列清单，移交人签字，接收人签收，事情随即移过去。"""
