"""办公室对检索的维护：同义词和推荐结果。纯规则，不碰数据库、时钟和配置。"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition
from yangguang.foundation.screening.rules import KINDS, screen

from .rules import Query, parse, squeeze

MOST_SYNONYMS = 12
MOST_PHRASES = 20
LONGEST_PHRASE = 40
KEYS = 64
"""一句查询连同同义的写法，最多试这么多种组合去对推荐结果。"""

STANDINGS = {
    "shown": "正在推荐",
    "early": "未到起日",
    "late": "已过止日",
    "gone": "信息已撤回",
    "ended": "已停用",
}
"""一条推荐现在怎样。"""

_SUPERVISOR = frozenset({"supervisor"})


def _target_is_public(context: GuardContext) -> list[str]:
    if context.facts.get("is_gone"):
        return ["推荐的信息已经撤回，公众看不到；请先改成别的信息。"]
    return []


def _life(name: str, label: str) -> Lifecycle:
    return Lifecycle(
        name=name,
        label=label,
        initial="in_force",
        states={"in_force": "使用中", "ended": "已停用"},
        transitions=(
            Transition(
                "end", "停用", frozenset({"in_force"}), "ended", _SUPERVISOR,
                needs_message=True, in_bulk=True,
            ),
            Transition(
                "resume", "恢复使用", frozenset({"ended"}), "in_force", _SUPERVISOR,
                guards=(_target_is_public,), in_bulk=True,
            ),
        ),
        progress=("in_force", "ended"),
    )  # fmt: skip


SYNONYM_LIFE = _life("search.synonym", "同义词")
PROMOTION_LIFE = _life("search.promotion", "推荐结果")


def lines(text: str) -> list[str]:
    """一行一个的词：去掉两头的空白，空行不算，重复的只留一个（写法不同而检索看来一样的，也是重复）。"""
    kept: dict[str, str] = {}
    for line in text.split("\n"):
        if line := " ".join(line.split()):
            kept.setdefault(squeeze(line) or line, line)
    return list(kept.values())


def synonym_faults(words: Sequence[str]) -> list[str]:
    """一组同义词的毛病，每条一句。"""
    faults = _word_faults(words)
    if len(words) < 2:
        faults.append("同义词至少要有两个，一行写一个；标点、繁简、大小写不同的算同一个。")
    if len(words) > MOST_SYNONYMS:
        faults.append(f"一组最多 {MOST_SYNONYMS} 个词，现在有 {len(words)} 个，请拆成几组。")
    return faults


def phrase_faults(words: Sequence[str]) -> list[str]:
    """推荐结果所对的词的毛病。"""
    faults = _word_faults(words)
    if not words:
        faults.append("请写明公众查什么词时推荐，一行写一个。")
    if len(words) > MOST_PHRASES:
        faults.append(f"最多 {MOST_PHRASES} 个词，现在有 {len(words)} 个。")
    return faults


def _word_faults(words: Iterable[str]) -> list[str]:
    faults = []
    for word in words:
        if not squeeze(word):
            faults.append(f"“{word}”里没有可以查的字词：标点和符号不参与检索。")
        elif len(word) > LONGEST_PHRASE:
            faults.append(f"“{word[:10]}…”太长，一个词最多 {LONGEST_PHRASE} 字。")
    return faults


def personal_faults(*texts: str) -> list[str]:
    """这些文字公众看得到或会留下：不能有个人的号码。"""
    found = {finding.kind for text in texts for finding in screen(text)}
    return [f"里面像是有{KINDS[kind]}，请删去。" for kind in sorted(found)]


def address_faults(address: str) -> list[str]:
    """站内地址的毛病：以一个斜杠开头，不能指到站外。"""
    odd = any(c in "\\<>\"' " or unicodedata.category(c)[0] in "CZ" for c in address)
    if not address.startswith("/") or address.startswith("//") or odd:
        return ["地址要写站内的，以“/”开头，例如“/columns/open/”；网站外面的不能推荐。"]
    if address.startswith("/workbench"):
        return ["工作台的地址公众打不开，请写公开页面的地址。"]
    return []


def standing(
    *, state: str, valid_from: date, valid_until: date | None, is_gone: bool, today: date
) -> str:
    """一条推荐今天怎样（``STANDINGS`` 的键）。起止两日都算在内。"""
    if state == "ended":
        return "ended"
    if is_gone:
        return "gone"
    if today < valid_from:
        return "early"
    if valid_until is not None and today > valid_until:
        return "late"
    return "shown"


# ---- 什么样的查询对得上 ----


@dataclass(frozen=True)
class Promoted:
    """一条使用中的推荐，平白的值。``publication`` 是信息的编号，没有的是站内地址。"""

    pk: int
    phrases: tuple[str, ...]
    publication: int | None
    address: str
    label: str
    valid_from: date
    valid_until: date | None

    def holds(self, on: date) -> bool:
        """``on`` 当日在不在起止之内。"""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


def keys(query: Query) -> frozenset[str]:
    """一句查询可以对上的说法：几个词不论先后，连写、分写都算，同义的写法也算。"""
    if query.excluded or not query.words:
        return frozenset()
    choices = ((word, *others) for word, others in query.choices)
    found: set[str] = set()
    for words in islice(product(*choices), KEYS):
        found |= {"".join(words), "".join(sorted(words))}
    return frozenset(found)


def phrase_keys(phrase: str) -> frozenset[str]:
    """推荐所对的一个词的说法。"""
    words = parse(phrase).words
    return frozenset({"".join(words), "".join(sorted(words))})
