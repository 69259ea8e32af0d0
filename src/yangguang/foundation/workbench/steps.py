"""一条记录走到哪一步、经过了什么：由转换表和流转记录得出。"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.foundation.accounts.models import Role, RoleAssignment, User
from yangguang.foundation.lifecycle.models import LivingRecord, TransitionRecord


@dataclass(frozen=True)
class Step:
    """进度上的一格：``standing`` 是 ``done``、``now`` 或 ``ahead``。"""

    label: str
    standing: str


@dataclass(frozen=True)
class Sentence:
    """经过里的一句：谁、以什么身份、做了什么、意见、期限怎么变。"""

    at: datetime
    who: str
    role: str
    organisation: str
    did: str
    became: str
    message: str
    old_deadline: date | None
    new_deadline: date | None

    @property
    def deadline_changed(self) -> bool:
        """这一步改了期限。"""
        return self.old_deadline != self.new_deadline


def steps(record: LivingRecord, facts: Mapping[str, Any] | None = None) -> list[Step]:
    """正常走一遍的各步，标出现在这一步；不在这条路上（如撤回）的，末尾另加一格。

    ``facts`` 是取过的守卫事实，没有取过为空。
    """
    progress = list(record.progress(facts))
    labels = record.lifecycle.states
    if record.state not in progress:
        found = [Step(labels[code], "done") for code in progress]
        return [*found, Step(labels[record.state], "now")]
    now = progress.index(record.state)
    standings = ["done"] * now + ["now"] + ["ahead"] * (len(progress) - now - 1)
    return [Step(labels[code], s) for code, s in zip(progress, standings, strict=True)]


def sentences(record: LivingRecord, rows: Iterable[TransitionRecord]) -> list[Sentence]:
    """经过，新的在前。``rows`` 是 ``lifecycle.selectors.history``，先后为序。"""
    states = record.lifecycle.states
    return [
        Sentence(
            row.at,
            signed(row.user, row.assignment) if row.user and row.assignment else row.who,
            str(Role(row.assignment.role).label) if row.assignment else "",
            row.organisation.short_name if row.user else "",
            row.label,
            states[row.target] if row.target != row.source else "",
            row.message,
            row.old_deadline,
            row.new_deadline,
        )
        for row in reversed(list(rows))
    ]


def signed(user: User, assignment: RoleAssignment) -> str:
    """署名：代别人办的写明代谁。"""
    behalf = assignment.on_behalf_of
    return f"{user.display_name}（代{behalf.user.display_name}）" if behalf else user.display_name
