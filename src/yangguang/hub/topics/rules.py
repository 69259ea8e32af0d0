"""专题：纯规则，不碰数据库、时钟和配置。"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yangguang.foundation.lifecycle.rules import Lifecycle, Transition
from yangguang.hub.columns.rules import EDITORS

LIFE = Lifecycle(
    name="topics",
    label="专题",
    initial="open",
    states={"open": "进行中", "closed": "已结束"},
    transitions=(
        Transition(
            "close", "结束", frozenset({"open"}), "closed", EDITORS,
            sentence="页面保留；此后公开的信息不再按条件收进来。",
        ),
        Transition("reopen", "重新开放", frozenset({"closed"}), "open", EDITORS),
    ),
    progress=("open", "closed"),
)  # fmt: skip
"""专题的一生：开着，结束。没有删除：公众可能存着它的地址。"""

MAX_WORDS = 20
MAX_WORD_LENGTH = 40
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Gathering:
    """一个专题收哪些信息。

    栏目（代码，含下级）、机构（编号）、标题里的字词：各项之内合一个就行，写了的几项要同时合。
    一项也没有写，就只收指定的。``until`` 是结束的日期，此后公开的不收；指定的不受它限制。
    ``parts`` 是编辑定了归哪一部分的。
    """

    columns: frozenset[str] = frozenset()
    organisations: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()
    until: date | None = None
    added: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    parts: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_by_rule(self) -> bool:
        """有没有写条件。"""
        return bool(self.columns or self.organisations or self.words)


@dataclass(frozen=True)
class Candidate:
    """一条信息里与专题有关的：编号、标题、机构、公开的日期、所在栏目连同各级上级的代码。

    ``interprets`` 是它所解读的、同一站点上公开着的文件：文件在专题里，解读跟着进。
    """

    id: int
    title: str
    organisation: int
    published_on: date
    columns: frozenset[str] = field(default=frozenset())
    interprets: tuple["Candidate", ...] = ()


def gathers(gathering: Gathering, candidate: Candidate) -> bool:
    """专题收不收这条信息：移出的不收，指定的收，其余看条件；解读的文件收了，解读也收。"""
    if candidate.id in gathering.excluded:
        return False
    if candidate.id in gathering.added:
        return True
    if gathering.until is not None and candidate.published_on > gathering.until:
        return False
    return _matches(gathering, candidate) or any(
        gathers(gathering, each) for each in candidate.interprets
    )


def _matches(gathering: Gathering, candidate: Candidate) -> bool:
    return (
        gathering.is_by_rule
        and (not gathering.columns or bool(gathering.columns & candidate.columns))
        and (not gathering.organisations or candidate.organisation in gathering.organisations)
        and (not gathering.words or any(word in candidate.title for word in gathering.words))
    )


def is_code(code: str) -> bool:
    """能不能用作地址里的代码：小写字母、数字，中间可以有短横。"""
    return len(code) <= 60 and _CODE.fullmatch(code) is not None


def free_code(taken: frozenset[str]) -> str:
    """没有起代码的专题的代码：``zhuanti-1`` 起，第一个没有用过的。"""
    number = 1
    while f"zhuanti-{number}" in taken:
        number += 1
    return f"zhuanti-{number}"


def topic_path(code: str) -> str:
    """专题页的站内路径。"""
    return f"/topics/{code}/"


def word_faults(words: list[str]) -> list[str]:
    """标题字词不合规矩之处，每条一句。"""
    faults = []
    if len(words) > MAX_WORDS:
        faults.append(f"标题字词最多 {MAX_WORDS} 个，现在有 {len(words)} 个。")
    faults += [
        f"“{word[:MAX_WORD_LENGTH]}……”太长，一个字词最多 {MAX_WORD_LENGTH} 字。"
        for word in words
        if len(word) > MAX_WORD_LENGTH
    ]
    faults += [f"“{word}”只有一个字，会收进太多不相干的。" for word in words if len(word) == 1]
    return faults


def owner_faults(has_owner: bool, tasks: list[int], basis: str) -> list[str]:
    """落实方案的专题要写全：责任单位、依据、第几项，缺了的每样一句；不是的都不写。"""
    if not has_owner:
        return ["写了依据、任务的专题，要指定责任单位。"] if tasks or basis else []
    faults = [] if basis else ["请写明依据：哪份方案。"]
    if not tasks:
        faults.append("请写明是方案的第几项任务。")
    if len(set(tasks)) != len(tasks) or any(number < 1 for number in tasks):
        faults.append("任务的序号是从 1 起的整数，一项只写一次。")
    return faults


def told_tasks(basis: str, tasks: list[int]) -> str:
    """依据说给人听：“临州办发〔2020〕81号第9、10项”。"""
    numbers = "、".join(map(str, tasks))
    return f"{basis}第{numbers}项" if numbers else basis
