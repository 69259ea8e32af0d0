"""请假代理：谁能代谁、代多久。纯规则，不碰数据库、时钟和配置。"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yangguang.foundation.accounts.rules import ADMINISTRATORS, Held, separation_faults
from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .rules import ACTIVE, grant_faults

LONGEST = timedelta(days=184)
"""一次最长代半年；再长就不是请假，应当另行任职。"""


@dataclass(frozen=True)
class Arrangement:
    """一次代理的安排。

    ``post`` 是被代的任职，``post_is_deputed`` 表示它自己就是代理来的；``deputy_held`` 是代理人
    在这期间的任职；``is_colleague`` 表示他在那个机构有岗位。
    """

    post: Held
    post_is_deputed: bool
    principal_id: int
    deputy_id: int
    deputy_name: str
    deputy_held: tuple[Held, ...]
    is_colleague: bool
    valid_from: date
    valid_until: date


def deputy_faults(asked: Arrangement, today: date) -> list[str]:
    """为什么不能这样代理，每条一句；可以则为空。"""
    reasons = []
    if asked.valid_until < asked.valid_from:
        reasons.append("止日不能早于起日。")
    elif asked.valid_until - asked.valid_from > LONGEST:
        reasons.append("一次代理最长半年；要更久的，请管理员另行授予任职。")
    if asked.valid_from < today:
        reasons.append("代理不能从过去的日子起。")
    if asked.post.role in ADMINISTRATORS:
        reasons.append("三员不能请人代理，请另行任命。")
    if asked.post_is_deputed:
        reasons.append("代理来的任职不能再请别人代理。")
    if asked.post.valid_until and asked.valid_until > asked.post.valid_until:
        until = asked.post.valid_until.isoformat()
        reasons.append(f"被代的任职到 {until} 为止，代理不能更晚。")
    if asked.valid_from < asked.post.valid_from:
        reasons.append(f"被代的任职自 {asked.post.valid_from.isoformat()} 起，代理不能更早。")
    if asked.deputy_id == asked.principal_id:
        reasons.append("不能由自己代理自己。")
    elif not asked.is_colleague:
        reasons.append(f"{asked.deputy_name}在这个机构没有岗位，请选本机构的人。")
    wanted = Held(asked.post.role, asked.valid_from, asked.valid_until, asked.post.label)
    reasons += separation_faults(wanted, asked.deputy_held)
    return reasons


def overlap_faults(spans: Iterable[tuple[date, date]], start: date, end: date) -> list[str]:
    """同一任职的几次代理（起、止）不能重叠：同一天只由一个人代。"""
    for first, last in spans:
        if first <= end and start <= last:
            return [f"{first.isoformat()} 至 {last.isoformat()} 已经安排了代理，请先结束那一次。"]
    return []


def concerns_the_actor(context: GuardContext) -> list[str]:
    """本人、代理人和管得了这个岗位的管理员可以提前结束。"""
    facts = context.facts
    if context.actor.user_id in (facts["principal"], facts["deputy"]):
        return []
    return grant_faults(context.actor, facts["post"], facts["principal"])


DEPUTISING = Lifecycle(
    name="deputies",
    label="请假代理",
    initial="arranged",
    states={"arranged": "已安排", "ended": "已提前结束"},
    progress=("arranged",),
    transitions=(
        Transition(
            "end", "提前结束", frozenset({"arranged"}), "ended", ACTIVE,
            guards=(concerns_the_actor,),
        ),
    ),
)  # fmt: skip
"""代理的转换表。到了止日自己失效，不用办手续。"""
