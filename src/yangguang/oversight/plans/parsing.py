"""读方案：从文字到任务、分工、期限。纯函数，不认识任何一份具体的方案。

怎样认任务：段首有编号，自身（或最末一个下级）写有责任单位的，是任务；与任务同级并列、
没写单位的，也是任务（分工为空，留给人补）。“保障”一类的一级标题下、自成编号的，是保障措施，
编号前加 S；整节都没有写单位的，没有人承担，不是任务。没有编号的表格按表读。
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from .clauses import Span, governed
from .deadlines import find_deadlines, find_recurring, read_cell
from .headline import Headline, read_headline
from .notes import extract_notes
from .paragraphs import Paragraph, mark_of, read_lines, read_paragraphs, without_attachment_list
from .tables import Row, read_tables
from .units import Assignment, Note, read_note

_SAFEGUARD = re.compile(r"保障|组织领导|组织实施|工作要求|有关要求|相关要求|监督考核|督查考核")
_ATTACHMENT = re.compile(r"^附(?:件|表|录)\s*\d*\s*(?:[：:].*)?$")
_END = re.compile(
    r"^(?:[（(]此件.{2,10}[）)]|抄送[：:].*|.{4,40}\d{4}年\d{1,2}月\d{1,2}日印发|\d{4}年\d{1,2}月\d{1,2}日(?:印发)?)$"
)
_TERMINAL = "。；;．.：:，,、 "
_MAX_LENGTH = 2_000_000
_LONGEST = 20_000
"""再长的就不是一段任务，而是没有标点的怪文字：不在里面找分工和期限。"""


@dataclass(frozen=True)
class Deadline:
    """任务的一个期限。``date`` 为空表示原文的日期算不出来；``scope`` 是它所管的分句。"""

    date: date | None
    phrase: str
    scope: str | None


@dataclass(frozen=True)
class Recurring:
    """周期性或长期要求，原样。"""

    phrase: str


@dataclass(frozen=True)
class ParsedTask:
    """一项任务。``number`` 是 ``1`` 或 ``"S1"``；``text`` 不含标题和责任单位。"""

    number: int | str
    part: str | None
    title: str
    text: str
    assignments: tuple[Assignment, ...]
    deadlines: tuple[Deadline, ...]
    recurring: tuple[Recurring, ...]


@dataclass(frozen=True)
class ParsedPlan:
    """读出的方案。

    ``problems`` 是原文的毛病，改正之前不能收下；``uncertain`` 是读不准、须由人补的。
    都是每条一句，指明哪一项。
    """

    title: str | None
    tasks: tuple[ParsedTask, ...]
    document_number: str | None = None
    issued_on: date | None = None
    problems: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """命令行约定的样子（``parse_plan FILE``）。"""
        return {"title": self.title, "tasks": [_task_json(task) for task in self.tasks]}


@dataclass
class _Node:
    paragraph: Paragraph
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    notes: list[Note] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """各段文字，一段一行。"""
        return "\n".join(self.pieces)

    def take(self, text: str, *, loose: bool = False) -> None:
        """并入一段文字，分工说明另存，位置随之换算。"""
        remainder, notes = extract_notes(text, loose=loose) if len(text) <= _LONGEST else (text, [])
        offset = self.length + 1 if self.pieces and remainder else self.length
        if remainder:
            self.pieces.append(remainder)
            self.length = offset + len(remainder)
        self.notes += [
            Note(n.roles, n.deadlines, Span(*(2 * (min(offset + n.span.start, self.length),))))
            for n in notes
        ]

    @property
    def heading(self) -> str:
        """作为标题：编号连同第一句。"""
        return self.paragraph.mark + _first_sentence(self.text)

    @property
    def noted(self) -> bool:
        """自身或下级写有责任单位。"""
        return self.has_units or any(child.noted for child in self.children)

    @property
    def has_units(self) -> bool:
        """自身写有责任单位。"""
        return any(note.assignment for note in self.notes)


def parse_plan(text: str) -> ParsedPlan:
    """读一份方案的文字。读不出的为空，不猜；任何输入都不抛错。"""
    lines = read_lines(text[:_MAX_LENGTH])
    headline = read_headline(lines)
    prose, rows = read_tables(lines)
    paragraphs = without_attachment_list(read_paragraphs(prose))
    root = _tree(paragraphs)
    tasks, problems = _prose_tasks(root, headline)
    table_tasks, table_problems = _table_tasks(rows, headline)
    if not any(t.assignments for t in [*tasks, *table_tasks]):
        # 全文没有专门的分工说明，再找句子里顺带写的
        root = _tree(paragraphs, loose=True)
        tasks, problems = _prose_tasks(root, headline)
    if sum(len(t.assignments) for t in table_tasks) > sum(len(t.assignments) for t in tasks):
        tasks, problems = table_tasks, table_problems
    if not any(t.assignments for t in tasks):
        tasks = tasks if _states_tasks(root) else []
    if not tasks:
        problems = ["没有读到任务：文中没有带编号的任务和责任单位，请确认这是不是一份工作方案。"]
    else:
        problems += _duplicates(tasks)
    return ParsedPlan(
        headline.title,
        tuple(tasks),
        headline.document_number,
        headline.issued_on,
        tuple(problems),
        tuple(_uncertain(tasks, headline)),
    )


def _task_json(task: ParsedTask) -> dict[str, object]:
    return {
        "number": task.number,
        "part": task.part,
        "title": task.title,
        "text": task.text,
        "assignments": [
            {"lead": list(a.lead), "implementing": list(a.implementing)} for a in task.assignments
        ],
        "deadlines": [
            {"date": d.date.isoformat() if d.date else None, "phrase": d.phrase, "scope": d.scope}
            for d in task.deadlines
        ],
        "recurring": [{"phrase": r.phrase} for r in task.recurring],
    }


def _tree(paragraphs: list[Paragraph], *, loose: bool = False) -> _Node:
    """按编号的层次长成树；没有编号的段归入前一个编号。"""
    root = _Node(Paragraph(""))
    path = [root]
    for paragraph in paragraphs:
        if not paragraph.level:
            if _END.match(paragraph.text) or _ATTACHMENT.match(paragraph.text):
                path = [root]
            else:
                path[-1].take(paragraph.text, loose=loose)
            continue
        while len(path) > 1 and path[-1].paragraph.level >= paragraph.level:
            path.pop()
        node = _Node(paragraph)
        node.take(paragraph.text, loose=loose)
        path[-1].children.append(node)
        path.append(node)
    _hoist(root)
    return root


def _hoist(node: _Node) -> None:
    """几个下级只在最末一个写责任单位的，那是给上级写的。"""
    for child in node.children:
        _hoist(child)
    siblings = node.children
    if node.paragraph.level < 2 or len(siblings) < 2 or node.has_units:
        return
    if siblings[-1].has_units and not any(s.noted for s in siblings[:-1]):
        last = siblings[-1]
        node.notes += last.notes
        last.notes = []


def _prose_tasks(root: _Node, headline: Headline) -> tuple[list[ParsedTask], list[str]]:
    tasks: list[ParsedTask] = []
    problems: list[str] = []
    for node, parents in _task_nodes(root, []):
        safeguard = bool(parents) and _is_safeguard(parents, node, tasks)
        number: int | str = node.paragraph.number
        part = _part(parents)
        if safeguard:
            number = f"S{node.paragraph.number}"
            part = parents[0].heading
        inherited = next((p.notes for p in reversed(parents) if p.has_units), [])
        task, faults = _task(number, part, node, inherited, headline)
        tasks.append(task)
        problems += faults
    return tasks, problems


def _task_nodes(node: _Node, parents: list[_Node]) -> list[tuple[_Node, list[_Node]]]:
    """任务所在的编号，先后为序，连同它的各级上级。"""
    found: list[tuple[_Node, list[_Node]]] = []
    deeper = any(child.children and any(g.noted for g in child.children) for child in node.children)
    some = any(child.noted for child in node.children)
    for child in node.children:
        above = [*parents, child]
        if any(grandchild.noted for grandchild in child.children):
            found += _task_nodes(child, above)
        elif child.has_units:
            found.append((child, parents))
        elif some and child.paragraph.level > 1:
            if deeper and child.children:
                found += [(grandchild, above) for grandchild in child.children]
            else:
                found.append((child, parents))
    return found


def _part(parents: list[_Node]) -> str | None:
    return parents[-1].heading if parents else None


def _is_safeguard(parents: list[_Node], node: _Node, tasks: list[ParsedTask]) -> bool:
    """在保障一类的一级标题下，且编号不是接着任务往下排的。"""
    if parents[0].paragraph.level != 1 or not _SAFEGUARD.search(parents[0].heading):
        return False
    last = next((t.number for t in reversed(tasks) if isinstance(t.number, int)), None)
    return not (
        node.paragraph.level == 3 and last is not None and node.paragraph.number == last + 1
    )


def _states_tasks(root: _Node) -> bool:
    return any(
        re.search(r"任务|措施|要点|工作重点", child.heading) and child.children
        for child in root.children
    )


def _task(
    number: int | str, part: str | None, node: _Node, inherited: list[Note], headline: Headline
) -> tuple[ParsedTask, list[str]]:
    full, notes = _whole(node)
    if not any(note.assignment for note in notes):
        notes = notes + [n for n in inherited if n.assignment]
    title = _first_sentence(full)
    body = full[len(title) :].lstrip(_TERMINAL + "！!\n").strip()
    assignments = _assignments(full, notes)
    units = [unit for a in assignments for unit in a.units]
    deadlines, recurring, problems = _clocks(number, full, notes, units, headline)
    return (
        ParsedTask(number, part, title, body or full, assignments, deadlines, recurring),
        problems,
    )


def _whole(node: _Node) -> tuple[str, list[Note]]:
    """连同下级的文字和分工说明。"""
    pieces, length, notes = [node.text], node.length, list(node.notes)
    waiting = list(reversed(node.children))
    while waiting:
        child = waiting.pop()
        offset = length + len(child.paragraph.mark) + (1 if length else 0)
        pieces.append(child.paragraph.mark + child.text)
        length = offset + child.length
        notes += [
            Note(n.roles, n.deadlines, Span(offset + n.span.start, offset + n.span.end))
            for n in child.notes
        ]
        waiting.extend(reversed(child.children))
    return "\n".join(piece for piece in pieces if piece), notes


def _first_sentence(text: str) -> str:
    found = re.match(r"[^。！!\n]*", text)
    return (found.group() if found else text).strip().rstrip(_TERMINAL)


def _assignments(text: str, notes: list[Note]) -> tuple[Assignment, ...]:
    """各处说明化为分工；紧挨着、互补的（先牵头后责任）合为一处。"""
    merged: list[Note] = []
    for note in notes:
        if not note.roles:
            continue
        if merged and note.span.start == merged[-1].span.start and _complements(merged[-1], note):
            merged[-1] = Note(merged[-1].roles + note.roles, (), note.span)
        else:
            merged.append(note)
    several = len(merged) > 1
    made: list[Assignment] = []
    begun = 0
    for note in merged:
        assignment = note.assignment
        if assignment is None:
            continue
        scope = text[begun : note.span.start].strip(" \n。；;，,") if several else None
        made.append(Assignment(assignment.lead, assignment.implementing, scope or None))
        begun = note.span.start
    return tuple(made)


def _complements(first: Note, second: Note) -> bool:
    return not {role for role, _ in first.roles} & {role for role, _ in second.roles}


def _clocks(
    number: int | str, text: str, notes: list[Note], units: list[str], headline: Headline
) -> tuple[tuple[Deadline, ...], tuple[Recurring, ...], list[str]]:
    read = text if len(text) <= _LONGEST else ""
    found = find_deadlines(read, headline.year, headline.month)
    spans = [f.span for f in found]
    deadlines = [Deadline(f.date, f.phrase, governed(text, f.span, spans, units)) for f in found]
    recurring = [Recurring(r.phrase) for r in find_recurring(read)]
    invalid = [f.phrase for f in found if not f.is_valid]
    for cell in (d for note in notes for d in note.deadlines):
        cell_found, cell_recurring = read_cell(cell, headline.year, headline.month)
        for f in cell_found:
            if not any(d.date == f.date and d.phrase == f.phrase for d in deadlines):
                deadlines.append(Deadline(f.date, f.phrase, None))
                invalid += [] if f.is_valid else [f.phrase]
        recurring += [
            Recurring(r.phrase) for r in cell_recurring if Recurring(r.phrase) not in recurring
        ]
    problems = [f"第{number}项：“{phrase}”不是日历上有的日期，请核对原文。" for phrase in invalid]
    return tuple(deadlines), tuple(recurring), problems


def _table_tasks(rows: list[Row], headline: Headline) -> tuple[list[ParsedTask], list[str]]:
    tasks: list[ParsedTask] = []
    problems: list[str] = []
    for index, row in enumerate(rows, start=1):
        first = mark_of(row.texts[0]) if row.texts else Paragraph("")
        number = row.number or (first.number if first.level == 3 else 0) or index
        text = "\n".join([first.text, *row.texts[1:]]) if first.level == 3 else "\n".join(row.texts)
        node = _Node(first)
        node.take(text)
        note = _row_note(row)
        if note.roles:
            node.notes = [note]
        elif note.deadlines:
            node.notes.append(note)
        task, faults = _task(number, row.part.rstrip(_TERMINAL) or None, node, [], headline)
        tasks.append(task)
        problems += faults
    return tasks, problems


def _row_note(row: Row) -> Note:
    roles: list[tuple[str, tuple[str, ...]]] = []
    for kind, cell in row.units:
        labels = {"lead": "牵头", "responsible": "责任", "helper": "配合", "doer": "实施"}
        roles += read_note(f"{labels[kind]}单位：{cell}").roles
    return Note(tuple(roles), (row.deadline,) if row.deadline else (), Span(0, 0))


def _uncertain(tasks: list[ParsedTask], headline: Headline) -> list[str]:
    doubts = [] if headline.title or not tasks else ["没有读到方案的题名，请补上。"]
    for task in tasks:
        if not task.assignments:
            doubts.append(f"第{task.number}项：没有读到责任单位，请补上。")
        if headline.year is None:
            doubts += [
                f"第{task.number}项：“{d.phrase}”没有写明年份，文中也找不到方案的年份，请补上。"
                for d in task.deadlines
                if d.date is None
            ]
    return doubts


def _duplicates(tasks: list[ParsedTask]) -> list[str]:
    seen = Counter((task.part, task.number) for task in tasks)
    return [
        f"编号重复：{f'“{part}”下' if part else ''}有 {count} 项任务都编为 {number}，请核对原文。"
        for (part, number), count in seen.items()
        if count > 1
    ]
