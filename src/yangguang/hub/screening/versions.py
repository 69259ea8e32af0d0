"""词典的版本：起草、试过、使用中。纯规则，不碰数据库、时钟和配置。

只有起草中的能改词条；用过的一版永远不变，要改就另起一版。试过才能启用：样文里该查出的都查出、
不该查出的一处也没有。
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.foundation.lifecycle.rules import GuardContext, Lifecycle, Transition

from .folding import folded
from .matching import Matcher

_SUPERVISOR = frozenset({"supervisor"})


@dataclass(frozen=True)
class Sample:
    """一篇样文，和该查出的字样；``expected`` 为空是一处也不该查出。"""

    text: str
    expected: tuple[str, ...]


def trial(matcher: Matcher, samples: Sequence[Sample], on: date) -> list[str]:
    """试一遍样文，对不上的每处一句；都对上为空。只看词典查出的，个人信息不算。"""
    told = []
    for number, sample in enumerate(samples, 1):
        found = [f.text for f in matcher.find_terms(sample.text, on)]
        seen = {folded(text) for text in found}
        wanted = {folded(text) for text in sample.expected}
        told += [
            f"样文 {number}：应查出“{text}”，没有查出。"
            for text in sample.expected
            if folded(text) not in seen
        ]
        told += [
            f"样文 {number}：不该查出“{text}”，查出了。"
            for text in dict.fromkeys(found)
            if folded(text) not in wanted
        ]
    return told


def has_entries(context: GuardContext) -> list[str]:
    """空的词典不能启用。"""
    return [] if context.facts["entries"] else ["还没有词条，请先添加或导入。"]


def has_samples(context: GuardContext) -> list[str]:
    """样文至少两篇：一篇有错的，一篇没有错的。"""
    facts = context.facts
    reasons = []
    if not facts["with_errors"]:
        reasons.append("至少要有一篇有错的样文，写明该查出什么。")
    if not facts["without_errors"]:
        reasons.append("至少要有一篇没有错的样文，看会不会误报。")
    return reasons


def passes_trial(context: GuardContext) -> list[str]:
    """样文都对得上。"""
    return list(context.facts["trial"])


DICTIONARY_LIFE = Lifecycle(
    name="screening.dictionary",
    label="词典",
    initial="draft",
    states={
        "draft": "起草",
        "tested": "已试",
        "in_force": "使用中",
        "replaced": "已被新版替换",
        "ended": "已停用",
        "discarded": "已作废",
    },
    progress=("draft", "tested", "in_force"),
    transitions=(
        Transition(
            "test", "试样文", frozenset({"draft"}), "tested", _SUPERVISOR,
            guards=(has_entries, has_samples, passes_trial),
        ),
        Transition("reopen", "退回再改", frozenset({"tested"}), "draft", _SUPERVISOR),
        Transition(
            "adopt", "启用", frozenset({"tested"}), "in_force", _SUPERVISOR,
            guards=(passes_trial,), deadline_effect="启用之后不能再改；原来使用中的一版随即替换。",
        ),
        Transition(
            "replace", "替换", frozenset({"in_force"}), "replaced", _SUPERVISOR,
        ),
        Transition(
            "end", "停用", frozenset({"in_force"}), "ended", _SUPERVISOR, needs_message=True,
        ),
        Transition(
            "discard", "作废", frozenset({"draft", "tested"}), "discarded", _SUPERVISOR,
            needs_message=True,
        ),
    ),
)  # fmt: skip
"""词典一版的转换表。“替换”由启用新的一版带出，不单独办。"""

OPEN_STATES = ("draft", "tested")
"""还没有启用的。"""
