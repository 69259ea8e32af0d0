"""把一项任务拆成分解项：一个分句的要求，连同它的期限和该做的单位。纯函数。

拆法（监督员可以再拆、再并）：

1. 一处分工管一段文字，各段分开拆。
2. 一句里，有自己期限的分句、另起主语（点到单位名，或“各级机关”一类合称）的分句，各成一项；
   句首的铺垫归第一项。
3. 同一句里后面没有自己期限的，承接前面的期限，``due_basis`` 记为 ``sentence``，供监督员核对；
   “完成时限”一栏的期限管整项任务，记为 ``task``。
4. 余下没有拆到的各句合为一项；但只余第一句的，那是总要求，不另成项。
5. 什么都没有拆出的，整段为一项。
6. 一句里有的分项点了单位名，就只归点到的单位；没有点到、也不是合称的，只归牵头单位；
   其余归全部实施单位。牵头单位每项都有份。
"""

import re
from dataclasses import dataclass
from datetime import date

from .clauses import Span, clauses, names_a_subject, sentences, spellings
from .parsing import Deadline, ParsedTask
from .units import Assignment

_GENERIC = re.compile(r"各级|各类|部门|单位|机关|全[省市州县区]")
_PUNCTUATION = "，,、：: 。；;\n"


@dataclass(frozen=True)
class Demand:
    """一个分解项。``due_basis``：``own`` 自有期限、``sentence`` 承接同句、``task`` 整项任务、空为没有。"""

    text: str
    due_on: date | None
    phrase: str
    due_basis: str
    lead: tuple[str, ...]
    implementing: tuple[str, ...]


@dataclass(frozen=True)
class _Segment:
    text: str
    deadline: Deadline | None
    inherited: bool
    sentence: int


def derive(task: ParsedTask) -> tuple[Demand, ...]:
    """一项任务的分解项，先后为序；至少一项。"""
    assignments = task.assignments or (Assignment((), ()),)
    demands: list[Demand] = []
    for assignment in assignments:
        region = assignment.scope or task.text
        region = region.removeprefix(task.title).lstrip(_PUNCTUATION) or region
        demands += _derive(region, assignment, task)
    return tuple(demands)


def _derive(region: str, assignment: Assignment, task: ParsedTask) -> list[Demand]:
    whole = [d for d in task.deadlines if d.scope is None]
    local = [d for d in task.deadlines if d.scope is not None and d.phrase in region]
    segments, uncovered = _segments(region, assignment.units, local)
    demands = [
        _demand(segment, [s for s in segments if s.sentence == segment.sentence], assignment, whole)
        for segment in segments
    ]
    rest = [text for index, text in uncovered if index > 0 or not segments]
    if not segments:
        return [_plain(region, assignment, whole)]
    if rest:
        texts = [text for _, text in uncovered]
        demands.append(_plain("。".join(texts) + "。", assignment, whole))
    return demands


def _plain(text: str, assignment: Assignment, whole: list[Deadline]) -> Demand:
    due = whole[-1] if whole else None
    return Demand(
        text,
        due.date if due else None,
        due.phrase if due else "",
        "task" if due else "",
        assignment.lead,
        assignment.implementing,
    )


def _demand(
    segment: _Segment, siblings: list[_Segment], assignment: Assignment, whole: list[Deadline]
) -> Demand:
    due, basis = segment.deadline, "sentence" if segment.inherited else "own"
    if due is None:
        due, basis = (whole[-1], "task") if whole else (None, "")
    return Demand(
        segment.text,
        due.date if due else None,
        due.phrase if due else "",
        basis if due else "",
        assignment.lead,
        _who(segment, siblings, assignment.implementing),
    )


def _who(
    segment: _Segment, siblings: list[_Segment], implementing: tuple[str, ...]
) -> tuple[str, ...]:
    if len(siblings) < 2:
        return implementing
    named = _named(segment.text, implementing)
    if _GENERIC.search(_subject(segment.text)) and not named:
        return implementing
    if named:
        return named if not re.search(r"等(?:部门|单位)", segment.text) else implementing
    narrowed = any(_named(s.text, implementing) for s in siblings)
    return () if narrowed and segment.deadline and not segment.inherited else implementing


def _named(text: str, units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(u for u in units if any(name in text for name in spellings(u)))


def _subject(text: str) -> str:
    return re.split(r"完成|做好|要|须|应|负责|开展", text, maxsplit=1)[0]


def _segments(
    region: str, units: tuple[str, ...], deadlines: list[Deadline]
) -> tuple[list[_Segment], list[tuple[int, str]]]:
    """拆出的分项，和没有拆到的句（第几句、文字）。"""
    segments: list[_Segment] = []
    uncovered: list[tuple[int, str]] = []
    waiting = list(deadlines)
    for index, sentence in enumerate(sentences(region)):
        parts = clauses(region, sentence)
        starts = _starts(region, parts, units, waiting)
        if not starts:
            uncovered.append((index, sentence.of(region)))
            continue
        current: Deadline | None = None
        for order, (position, deadline) in enumerate(starts):
            begun = sentence.start if order == 0 else parts[position].start
            last = order + 1 == len(starts)
            end = sentence.end if last else parts[starts[order + 1][0]].start
            current = deadline or current
            text = region[begun:end].strip(_PUNCTUATION)
            segments.append(_Segment(text, current, deadline is None, index))
    return segments, uncovered


def _starts(
    region: str, parts: list[Span], units: tuple[str, ...], waiting: list[Deadline]
) -> list[tuple[int, Deadline | None]]:
    """一句里各分项从第几个分句开始，及其自有期限。``waiting`` 里用掉的期限随即移去。"""
    starts: list[tuple[int, Deadline | None]] = []
    bare = False  # 上一个分项眼下只有期限，没有内容
    for position, part in enumerate(parts):
        text = part.of(region)
        deadline = waiting[0] if waiting and waiting[0].phrase in text else None
        if deadline:
            waiting.pop(0)
            starts.append((position, deadline))
            bare = not text.replace(deadline.phrase, "", 1).strip(_PUNCTUATION)
        elif names_a_subject(text, units):
            if not bare:
                starts.append((position, None))
            bare = False
        else:
            bare = False
    return starts
