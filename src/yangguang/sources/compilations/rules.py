"""文件汇编的规则：选哪些、怎样分组、怎样排序。纯函数，不碰数据库、时钟和配置。"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")

KINDS = ("document", "norm")
"""资源库里哪几种信息可以汇编：公文、规章和规范性文件。"""
COLLECTED = {"all": "公文和规章、规范性文件", "norms": "只收规章、规范性文件"}
"""收哪几种。"""
IN_FORCE = frozenset({"", "effective", "amended"})
"""算有效的：没有标明有效性的公文也算。"""
VALIDITIES = {
    "in_force": "现行有效的",
    "pending": "尚未生效的",
    "ended": "失效、废止的",
    "any": "不论有效性",
}
"""按有效性选。"""
GROUPINGS = {"subject": "按主题", "year": "按年份", "unit": "按机构"}
"""目录怎样分组。"""
STEPS = {"queued": "等待排版", "setting": "正在排版", "made": "已排好", "failed": "没有排成"}
"""排版走到哪一步。"""
UNSORTED = "未注明主题"
NUMBER = re.compile(r"^(.*?)[〔\[（(](\d{4})[〕\]）)]\D*(\d+)")


@dataclass(frozen=True)
class Entry:
    """可以选入的一份：资源库里的一条信息的现行版本。``unit_path`` 是发布机构在树上的路径。"""

    pk: int
    kind: str
    title: str
    number: str
    subject: str
    validity: str
    year: int
    unit: str
    unit_path: str


@dataclass(frozen=True)
class Criteria:
    """选的规则：年份的范围、主题分类（含下面的小类）、机构及其下级、有效性、收哪几种；再加人工选入、不收的。"""

    since: int | None = None
    until: int | None = None
    subject: str = ""
    unit_path: str = ""
    validity: str = "in_force"
    collected: str = "all"
    taken: frozenset[int] = field(default_factory=frozenset)
    left_out: frozenset[int] = field(default_factory=frozenset)


def is_valid(validity: str, wanted: str) -> bool:
    """一份文件的有效性合不合要求。"""
    if wanted == "any":
        return True
    if wanted == "pending":
        return validity == "pending"
    return (validity in IN_FORCE) == (wanted == "in_force") and validity != "pending"


def follows(entry: Entry, criteria: Criteria) -> bool:
    """合不合规则，人工选入、不收的不看。"""
    subject = criteria.subject
    return (
        (criteria.since is None or entry.year >= criteria.since)
        and (criteria.until is None or entry.year <= criteria.until)
        and (not subject or entry.subject == subject or entry.subject.startswith(f"{subject}\\"))
        and entry.unit_path.startswith(criteria.unit_path)
        and is_valid(entry.validity, criteria.validity)
        and (criteria.collected == "all" or entry.kind == "norm")
    )


def chosen(entries: Iterable[Entry], criteria: Criteria) -> list[Entry]:
    """选出的各份，次序与给出的先后无关。公文登记成了规范性文件的，只收规范性文件那一份。"""
    found = [
        each
        for each in entries
        if each.pk not in criteria.left_out
        and (each.pk in criteria.taken or follows(each, criteria))
    ]
    norms = {(each.unit_path, each.number) for each in found if each.kind == "norm" and each.number}
    kept = [
        each for each in found if each.kind == "norm" or (each.unit_path, each.number) not in norms
    ]
    return sorted(kept, key=by_number)


def by_number(entry: Entry) -> tuple[str, int, int, str, int]:
    """按文号：机关代字、年份、序号；没有文号的按标题排在前面。"""
    held = NUMBER.match(entry.number)
    if held is None:
        return (entry.number, 0, 0, entry.title, entry.pk)
    return (held[1], int(held[2]), int(held[3]), entry.title, entry.pk)


def by_title(entry: Entry) -> tuple[str, int]:
    """按标题的字码，书名号、空白、换行不算。"""
    return ("".join(ch for ch in entry.title if ch.isalnum()), entry.pk)


def heading(entry: Entry, grouping: str) -> tuple[str, str]:
    """归在哪一组：排序用的、显示的。"""
    if grouping == "year":
        return (f"{entry.year:04d}", f"{entry.year}年")
    if grouping == "unit":
        return (entry.unit_path, entry.unit)
    return (entry.subject or "\uffff", entry.subject.replace("\\", "·") or UNSORTED)


def grouped(entries: Sequence[Entry], grouping: str) -> list[tuple[str, list[Entry]]]:
    """分成组，组和组里都有固定的次序。"""
    rows = sorted(entries, key=lambda each: (heading(each, grouping), by_number(each)))
    return [
        (label, list(held))
        for (_, label), held in groupby(rows, key=lambda each: heading(each, grouping))
    ]


def first_of(
    groups: Iterable[tuple[str, Sequence[T]]], most: int
) -> list[tuple[str, int, Sequence[T]]]:
    """目录的前 ``most`` 份：每组的名称、一共几份、列出的各份；一份也列不到的组不列。"""
    found: list[tuple[str, int, Sequence[T]]] = []
    for label, held in groups:
        if most <= 0:
            break
        found.append((label, len(held), held[:most]))
        most -= len(held)
    return found


def criteria_faults(since: int | None, until: int | None) -> list[str]:
    """规则自相矛盾的，每条一句。"""
    if since is not None and until is not None and since > until:
        return [f"起始年份 {since} 晚于截止年份 {until}，一份也选不到，请改一个。"]
    return []
