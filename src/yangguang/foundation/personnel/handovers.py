"""工作交接的动作：列清单，签字，移交。签字走 ``lifecycle.services.perform``。"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.models import User
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, start

from . import holdings
from .handing_over import Line, list_digest
from .models import Handover, HandoverLine, StaffMember
from .selectors import posts_of


@transaction.atomic
def draw_up(
    leaver: StaffMember, receiver: User, kinds: Sequence[str], *, actor: Actor, key: str
) -> Handover:
    """给 ``leaver`` 手上 ``kinds`` 几种事列一份交接清单，交给 ``receiver``。

    没有可交的、接收人看不到其中哪一件的，抛出 ``Refused``。同一 ``key`` 只列一份。
    """
    if not StaffMember.policy.visible(actor).filter(pk=leaver.pk).exists():
        raise OutOfScope
    reasons = []
    if not Handover.policy.may_create(actor):
        reasons.append("交接清单由机构管理员或安全管理员列。")
    if receiver.pk == leaver.user_id:
        reasons.append("接收人不能是移交人自己。")
    if not receiver.is_active:
        reasons.append("接收人的账号没有启用。")
    held = holdings.held_by(leaver.user, kinds)
    if not held:
        reasons.append("选的这几种里没有要移交的事。")
    lines = [
        Line(holding.code, item.object_id, item.title, item.standing) for holding, item in held
    ]
    reasons += [
        f"{receiver.display_name}看不到“{title}”，请先给他授予相应的任职。"
        for title in _out_of_reach(lines, receiver)
    ]
    if reasons:
        raise Refused(reasons)
    made = Handover(
        organisation=leaver.organisation,
        leaver=leaver.user,
        receiver=receiver,
        digest=list_digest(leaver.user.username, receiver.username, lines),
    )
    start(made, actor=actor, key=key)
    if not made.lines.exists():
        HandoverLine.objects.bulk_create(
            HandoverLine(
                handover=made,
                position=position,
                kind=line.kind,
                object_id=line.object_id,
                title=line.title,
                standing=line.standing,
            )
            for position, line in enumerate(lines, 1)
        )
    return made


def facts(handover: Handover) -> Mapping[str, Any]:
    """供守卫判断的：谁是谁，清单还准不准，接收人接不接得了。"""
    lines = list(handover.lines.all())
    listed = {(line.kind, line.object_id) for line in lines}
    held = _held_now(handover, lines)
    still = [line for line in lines if (line.kind, line.object_id) in held]
    return {
        "leaver": handover.leaver_id,
        "receiver": handover.receiver_id,
        "posts": posts_of(handover.leaver),
        "unlisted": [title for each, title in held.items() if each not in listed],
        "out_of_reach": _out_of_reach(still, handover.receiver),
    }


def carry_out(handover: Handover, event: str, *, actor: Actor) -> None:
    """签字的后果：签的是哪一份清单入审计；签收的，把还没有办结的移过去。在流转的同一事务里。"""
    if event == "void":
        return
    moved = _move(handover, actor) if event == "receive" else 0
    record_event(
        "handovers.sign",
        actor=actor,
        target=handover,
        public={"event": event, "digest": handover.digest, "moved": moved},
    )


def _move(handover: Handover, actor: Actor) -> int:
    now = timezone.now()
    told = f"{handover}，交接单第 {handover.pk} 号"
    lines = list(handover.lines.all())
    held = _held_now(handover, lines)
    moving = [line for line in lines if (line.kind, line.object_id) in held]
    for line in moving:
        holdings.find(line.kind).move(
            line.object_id,
            to=handover.receiver,
            actor=actor,
            key=f"handovers.move:{line.pk}",
            message=told,
        )
    HandoverLine.objects.filter(pk__in=[line.pk for line in moving]).update(moved_at=now)
    return len(moving)


def _held_now(handover: Handover, lines: Sequence[HandoverLine]) -> dict[tuple[str, int], str]:
    """清单上那几种里，移交人现在手上的：种类和编号，与名称。每种一次查询。"""
    present = holdings.held_by(handover.leaver, sorted({line.kind for line in lines}))
    return {(holding.code, item.object_id): item.title for holding, item in present}


def _out_of_reach(lines: Sequence[Line | HandoverLine], receiver: User) -> list[str]:
    grouped: dict[str, dict[int, str]] = defaultdict(dict)
    for line in lines:
        grouped[line.kind][line.object_id] = line.title
    return [
        titles[pk]
        for kind, titles in grouped.items()
        for pk in sorted(holdings.find(kind).out_of_reach(list(titles), receiver))
    ]
