"""收下方案：把读出的方案写成任务、分解项和各单位的一份。"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Classified, KeyTaken, Refused, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.rules import Resolution
from yangguang.foundation.organisations.selectors import resolve_units
from yangguang.foundation.screening.rules import secret_mark
from yangguang.hub.publications.models import Publication

from .demands import Demand, derive
from .models import (
    ActionPlan,
    Deliverable,
    DeliverableAssignment,
    Recurrence,
    Role,
    Task,
    UnitGroup,
)
from .parsing import ParsedPlan, ParsedTask, parse_plan


def read_plan(text: str, *, unread: str = "") -> ParsedPlan:
    """读一份方案。``unread`` 是不进正文的文字（文件名、页眉页脚），只查密级。

    带密级标志的抛出 ``Classified``，什么都不留下。
    """
    if secret_mark(text) or secret_mark(unread):
        raise Classified
    return parse_plan(text)


@dataclass(frozen=True)
class Reading:
    """收下之前给人核对的：读出的任务、各个写法指的是谁、要改的毛病。"""

    parsed: ParsedPlan
    tasks: tuple[tuple[ParsedTask, tuple[Demand, ...]], ...]
    problems: tuple[str, ...]
    units: tuple[tuple[str, tuple[str, ...], str], ...]
    """每个写法、它指的单位、还差什么（“待指明”“名录里认不出”，或空）。"""

    @property
    def demands(self) -> int:
        """分解项有几个。"""
        return sum(len(demands) for _, demands in self.tasks)


def look_over(
    text: str, parsed: ParsedPlan, organisation: Organisation, issued_on: date | None
) -> Reading:
    """把读出的方案摆出来给人核对，什么都不存。七次查询以内。"""
    known = _directory(parsed, organisation, issued_on or parsed.issued_on)
    units = []
    for phrase, found in known.resolutions.items():
        lacking = ""
        if not known.is_settled(phrase):
            lacking = "名录里认不出" if found.unresolved else "待指明"
        units.append((phrase, tuple(str(unit) for unit in known.members(phrase)), lacking))
    return Reading(
        parsed,
        tuple((task, tuple(derive(task))) for task in parsed.tasks),
        tuple(_located(problem, text) for problem in parsed.problems),
        tuple(units),
    )


def _located(problem: str, text: str) -> str:
    """毛病在原文的第几行：引号里的话找得到的，指出来。"""
    for quoted in re.findall("“([^”]+)”", problem):
        for number, line in enumerate(text.splitlines(), start=1):
            if quoted in line:
                at = line.index(quoted)
                shown = line[max(0, at - 12) : at + len(quoted) + 12].strip()
                return f"{problem}（第 {number} 行：……{shown}……）"
    return problem


@dataclass(frozen=True)
class _Directory:
    """本方案里各个写法指的是谁。"""

    resolutions: Mapping[str, Resolution]
    organisations: Mapping[str, Organisation]

    def members(self, phrase: str) -> list[Organisation]:
        """已知的机构。"""
        found = self.resolutions[phrase]
        return [self.organisations[code] for code in found.codes]

    def candidates(self, phrase: str) -> list[Organisation]:
        """可供选择的机构：开放集合里已知的，或同名的几个。"""
        found = self.resolutions[phrase]
        return [self.organisations[code] for code in (*found.codes, *found.candidates)]

    def is_settled(self, phrase: str) -> bool:
        """文件说尽了，名录也认得全。"""
        found = self.resolutions[phrase]
        return bool(found.codes) and not found.is_open and not found.unresolved


def take_in_plan(
    parsed: ParsedPlan,
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    source: Publication | None = None,
    title: str = "",
    document_number: str = "",
    issued_on: date | None = None,
) -> ActionPlan:
    """收下一份读出的方案，返回方案。一个事务；同一人同一 ``key`` 只收一次，做过别的事的抛出 ``KeyTaken``。

    ``organisation`` 是监督落实的机构；``title`` 等是经人核对的值，不给就用读出的。
    原文有毛病（日期不对、编号重复、没有任务）、无权收下时抛出 ``Refused``，带上全部理由；
    题名、文号带密级标志的抛出 ``Classified``。
    """
    with transaction.atomic():
        if earlier := ActionPlan.objects.filter(idempotency_key=key).first():
            done = (earlier.organisation_id, earlier.created_by_id)
            if done != (organisation.pk, actor.user_id):
                raise KeyTaken
            return earlier
        plan = ActionPlan(
            organisation=organisation,
            title=title or parsed.title or "",
            document_number=document_number or parsed.document_number or "",
            issued_on=issued_on or parsed.issued_on,
            source=source,
            idempotency_key=key,
        )
        _check(plan, parsed, actor)
        start(plan, actor=actor, key=f"{key}:plan")
        known = _directory(parsed, plan.organisation, plan.issued_on)
        deliverables = _write_tasks(plan, parsed)
        for deliverable, demand in deliverables:
            distribute(deliverable, demand, known, actor=actor)
        record_event(
            "plans.take_in",
            actor=actor,
            target=plan,
            public={
                "title": plan.title,
                "document_number": plan.document_number,
                "tasks": len(parsed.tasks),
                "deliverables": len(deliverables),
            },
        )
        return plan


def distribute(
    deliverable: Deliverable, demand: Demand, known: _Directory, *, actor: Actor
) -> None:
    """把一个分解项分给各单位：认得全的各得一份，没有说尽的等监督员指明。牵头的不再重复记为实施。"""
    taken: set[int] = set()
    for role, phrases in ((Role.LEAD, demand.lead), (Role.IMPLEMENTING, demand.implementing)):
        for phrase in phrases:
            if known.is_settled(phrase):
                assign(deliverable, role, phrase, known.members(phrase), taken, actor=actor)
                continue
            group = UnitGroup.objects.create(
                deliverable=deliverable,
                role=role,
                phrase=phrase,
                is_unresolved=known.resolutions[phrase].unresolved,
            )
            if candidates := known.candidates(phrase):
                group.candidates.set(candidates)


def assign(
    deliverable: Deliverable,
    role: str,
    phrase: str,
    organisations: Iterable[Organisation],
    taken: set[int],
    *,
    actor: Actor,
) -> list[DeliverableAssignment]:
    """给每个单位一份；``taken`` 里已有的跳过，新给的记进去。"""
    made = []
    for organisation in organisations:
        if organisation.pk in taken:
            continue
        taken.add(organisation.pk)
        share = DeliverableAssignment(
            deliverable=deliverable, role=role, phrase=phrase, organisation=organisation
        )
        # 改派出去的单位以后还可能补回来，所以每次一个新键；同一单位不重复由约束保证
        start(share, actor=actor, key=f"plans.share:{uuid4().hex}")
        made.append(share)
    return made


def _check(plan: ActionPlan, parsed: ParsedPlan, actor: Actor) -> None:
    reasons = list(parsed.problems)
    if not ActionPlan.policy.may_create(actor):
        reasons.append("只有主管部门监督员可以收下方案。")
    elif not actor.covers(plan.organisation.pk, plan.organisation.path):
        reasons.append(f"{plan.organisation}不在您的监督范围内。")
    if not plan.title:
        reasons.append("没有读到方案的题名，请填写。")
    if secret_mark(f"{plan.title}\n{plan.document_number}"):
        raise Classified
    if reasons:
        raise Refused(reasons)


def _directory(parsed: ParsedPlan, organisation: Organisation, on: date | None) -> _Directory:
    phrases = list(
        dict.fromkeys(u for task in parsed.tasks for a in task.assignments for u in a.units)
    )
    found = resolve_units(phrases, on, organisation.code)
    codes = {code for r in found for code in (*r.codes, *r.candidates)}
    organisations = {o.code: o for o in Organisation.objects.filter(code__in=codes)}
    return _Directory({r.phrase: r for r in found}, organisations)


def _write_tasks(plan: ActionPlan, parsed: ParsedPlan) -> list[tuple[Deliverable, Demand]]:
    written: list[tuple[Deliverable, Demand]] = []
    for position, item in enumerate(parsed.tasks, start=1):
        task = Task.objects.create(
            plan=plan,
            position=position,
            number=str(item.number),
            part=item.part or "",
            title=item.title[:300],
            text=item.text,
        )
        Recurrence.objects.bulk_create(
            Recurrence(task=task, phrase=r.phrase[:100]) for r in item.recurring
        )
        for order, demand in enumerate(derive(item), start=1):
            deliverable = Deliverable.objects.create(
                task=task,
                position=order,
                text=demand.text,
                due_on=demand.due_on,
                phrase=demand.phrase,
                due_basis=demand.due_basis if demand.due_on else "",
                precedes_plan=bool(
                    demand.due_on and plan.issued_on and demand.due_on < plan.issued_on
                ),
            )
            written.append((deliverable, demand))
    return written
