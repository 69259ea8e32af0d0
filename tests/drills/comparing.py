"""两棵树、两份索引是不是一样；固定的一千句查询，答得是不是一样。"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from yangguang.hub.search.engine import Entry, Filters, stored
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import engine, find
from yangguang.outlets.website.rules import sha256

OWN = {".lock", ".projector", ".followed"}
"""树里不对外的：独占用的锁，跟到哪里的记号。"""

EVERYTHING = 100_000
"""一句查询至多看这么多条：比索引里的多。"""


def digests(root: Path) -> dict[str, str]:
    """一处的全部文件和它们的摘要。写到一半的临时文件也算：不该还有。"""
    return {
        str(path.relative_to(root)): sha256(path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in OWN
    }


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """哪些文件不一样，或只有一边有。"""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def indexed() -> Counter[str]:
    """索引里的每一条，全部字段。同一条有两份也看得出来。"""
    return Counter(repr(sorted(stored(entry).items())) for entry in engine().entries())


@dataclass(frozen=True)
class Question:
    """一句查询：怎样写、怎样筛选、按什么排。"""

    text: str
    filters: Filters
    by_date: bool


@dataclass(frozen=True)
class Answer:
    """答的：共几条，依次是哪些（编号、版本）各多少分，各样筛选的条数。"""

    total: int
    hits: tuple[tuple[int, int], ...]
    scores: dict[tuple[int, int], float]
    facets: dict[str, dict[str, int]]

    def swapped(self, other: "Answer") -> float | None:
        """与另一份的次序差在哪里：换了先后的两条，分数至多相差几分之几；次序全同为 0。

        除次序以外还有不同的（总数、名单、条数）为 ``None``。
        """
        same = (self.total, self.facets, set(self.hits)) == (
            other.total, other.facets, set(other.hits),
        )  # fmt: skip
        if not same:
            return None
        if self.hits == other.hits:
            return 0.0
        return max(self._strays(other.hits), other._strays(self.hits))

    def _strays(self, order: Sequence[tuple[int, int]]) -> float:
        """照另一份的次序看自己的分数，后面的比前面的至多高出几分之几。"""
        worst, lowest = 0.0, inf
        for hit in order:
            score = self.scores[hit]
            # 按日期的没有分数：次序不同就是不同
            worst = max(worst, score / lowest - 1 if lowest else inf)
            lowest = min(lowest, score)
        return worst


def questions(count: int, seed: int) -> list[Question]:
    """从公开着的信息里随意截取：两个字的、三到十二个字（连着标点、数字、外文）的、题名、文号。"""
    chance = random.Random(seed)
    entries = list(engine().entries())
    return [_question(chance, chance.choice(entries)) for _ in range(count)]


def _question(chance: random.Random, entry: Entry) -> Question:
    whole = f"{entry.title}\n{entry.document_number}\n{entry.body}"
    size = 2 if chance.random() < 0.4 else chance.randint(3, 12)
    start = chance.randrange(max(1, len(whole) - size))
    text = chance.choice(
        (whole[start : start + size],) * 6
        + (entry.title, entry.document_number, f"{entry.title[:4]} {entry.title[-4:]}", "")
    )
    given: dict[str, Any] = {}
    if chance.random() < 0.4:
        name = chance.choice(("site", "organisation", "year", "form", "stage", "validity"))
        given[name] = getattr(entry, name)
    if chance.random() < 0.2:
        given["column"] = chance.choice(entry.columns).partition("/")[2]
    return Question(text, Filters(**given), chance.random() < 0.5 or not parse(text).words)


def answers(asked: Sequence[Question]) -> list[Answer]:
    """照现在的索引答，一条不落。"""
    return list(map(_answer, asked))


def _answer(question: Question) -> Answer:
    found = find(parse(question.text), question.filters, by_date=question.by_date, limit=EVERYTHING)
    scores = {(hit.entry.publication, hit.entry.version): hit.score for hit in found.hits}
    facets = {name: dict(each) for name, each in found.facets.items()}
    return Answer(found.total, tuple(scores), scores, facets)
