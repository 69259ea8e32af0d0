"""流转：一张转换表说尽一种记录的一生。

按钮、权限、流程图和权限测试都由这张表推出；执行见 ``services.perform``。
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yangguang.foundation.accounts.rules import Actor


@dataclass(frozen=True)
class GuardContext:
    """守卫看到的一切，都是普通值。

    ``facts`` 由记录给出（``LivingRecord.guard_facts``），``inputs`` 是操作者这次填的内容。
    """

    facts: Mapping[str, Any]
    inputs: Mapping[str, Any]
    actor: Actor
    message: str
    at: datetime


Guard = Callable[[GuardContext], list[str]]
"""守卫：不满足的理由逐条列出，每条一句话、说明怎样补正；满足则为空。"""


@dataclass(frozen=True)
class Transition:
    """一次转换。

    ``roles`` 是可以做的角色，``guards`` 是前提，``input_guards`` 查这次填的内容（还没有填的时候不问），
    ``deadline_effect`` 用一句话说明对期限的影响，``legal_basis`` 是依据的条款，
    ``applies`` 说这条记录、这个人有没有这一步（各机构的步骤不同，报送和接收的各有一份），没有的连按钮也不列；
    走到哪里由记录定的（各机构的步骤不同）给出 ``onward``，可能走到的都列在 ``target`` 和 ``targets`` 里；
    ``needs_message`` 表示必须写明意见，``in_bulk`` 表示可以选中许多条一并办（要逐件看过才能办的不行）。
    """

    event: str
    label: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    guards: tuple[Guard, ...] = ()
    input_guards: tuple[Guard, ...] = ()
    needs_message: bool = False
    deadline_effect: str = ""
    legal_basis: str = ""
    sentence: str = ""
    in_bulk: bool = False
    applies: Callable[[GuardContext], bool] | None = None
    onward: Callable[[GuardContext], str] | None = None
    targets: frozenset[str] = frozenset()

    @property
    def reachable(self) -> frozenset[str]:
        """可能走到的各个状态。"""
        return self.targets | {self.target}

    def lands(self, context: GuardContext) -> str:
        """走到哪个状态。走到没有列出的抛出 ``ValueError``。"""
        found = self.onward(context) if self.onward else self.target
        if found not in self.reachable:
            raise ValueError(f"转换 {self.event} 走到了没有列出的状态 {found}")
        return found

    def is_on(self, context: GuardContext) -> bool:
        """此人在这条记录上有没有这一步。"""
        return self.applies is None or self.applies(context)


@dataclass(frozen=True)
class Lifecycle:
    """一种记录的转换表。

    ``states`` 从代码到中文；``progress`` 是正常走完一遍的次序，用来画进度。
    """

    name: str
    label: str
    initial: str
    states: Mapping[str, str]
    transitions: tuple[Transition, ...]
    progress: tuple[str, ...] = ()
    _by_event: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table: dict[str, Transition] = {}
        for transition in self.transitions:
            unknown = (transition.sources | transition.reachable) - set(self.states)
            if unknown or transition.event in table:
                raise ValueError(
                    f"{self.name}：转换 {transition.event} 重复或用了未知状态 {unknown}"
                )
            table[transition.event] = transition
        if self.initial not in self.states or set(self.progress) - set(self.states):
            raise ValueError(f"{self.name}：初始状态或进度用了未知状态")
        object.__setattr__(self, "_by_event", table)

    def transition(self, event: str) -> Transition:
        """按事件取转换；没有这个事件抛出 ``KeyError``。"""
        return self._by_event[event]

    def leaving(self, state: str) -> list[Transition]:
        """从 ``state`` 出发的全部转换，按表中次序。"""
        return [t for t in self.transitions if state in t.sources]

    def leads_on(self, state: str, target: str) -> bool:
        """从 ``state`` 走到 ``target``，是不是往前走。不在 ``progress`` 里的状态没有先后，都算往前。"""
        order = {each: number for number, each in enumerate(self.progress)}
        if state not in order:
            return True
        return order.get(target, -1) > order[state]

    def available(self, state: str, role: str) -> list[Transition]:
        """``role`` 在 ``state`` 能做的转换（尚未看守卫）。"""
        return [t for t in self.leaving(state) if role in t.roles]

    def reasons_against(
        self, event: str, state: str, context: GuardContext, *, is_filled: bool = True
    ) -> list[str]:
        """此刻不能做 ``event`` 的全部理由；可以做则为空。角色、状态、意见、守卫一并检查。

        ``is_filled`` 为假表示表单还没有填：意见和所填的内容不查，只看能不能开始办。
        """
        transition = self.transition(event)
        reasons = []
        if state not in transition.sources:
            wanted = "、".join(self.states[s] for s in self.states if s in transition.sources)
            reasons.append(
                f"“{self.states[state]}”时不能{transition.label}，只有“{wanted}”时可以。"
            )
        if context.actor.role not in transition.roles:
            reasons.append(f"您现在的身份不能{transition.label}。")
        if not reasons and not transition.is_on(context):
            reasons.append(f"您在这里没有“{transition.label}”这一步。")
        if reasons:
            return reasons
        if is_filled and transition.needs_message and not context.message.strip():
            reasons.append(f"{transition.label}须写明理由。")
        for guard in transition.guards + (transition.input_guards if is_filled else ()):
            reasons.extend(guard(context))
        return reasons

    def cases(self) -> Iterator[tuple[str, str, str, bool]]:
        """角色 × 状态 × 事件的全部组合，及表中是否允许：权限测试由此而来。"""
        roles = sorted({role for t in self.transitions for role in t.roles})
        for role in roles:
            for state in self.states:
                for t in self.transitions:
                    yield role, state, t.event, state in t.sources and role in t.roles

    def diagram(self) -> str:
        """Mermaid 状态图，供文档使用。"""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {code}: {label}" for code, label in self.states.items()]
        lines += [
            f"    {source} --> {target}: {t.label}"
            for t in self.transitions
            for source in self.states
            if source in t.sources
            for target in self.states
            if target in t.reachable
        ]
        return "\n".join(lines) + "\n"
