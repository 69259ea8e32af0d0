"""三十八种文书的样例，测试共用。"""

from collections.abc import Mapping
from typing import Any

from yangguang.dialogue.letters.checking import faults
from yangguang.dialogue.letters.composing import Letter, compose
from yangguang.dialogue.letters.facts import CaseFacts
from yangguang.dialogue.letters.kinds import BY_KIND
from yangguang.dialogue.letters.samples import sample
from yangguang.dialogue.remedies.tables import packaged_tables

CODES = sorted(BY_KIND)


def facts_of(code: str, **changes: Any) -> tuple[CaseFacts, dict[str, str]]:
    """一种文书的样例，改几项。"""
    facts, written = sample(BY_KIND[code], packaged_tables().versions)
    return (CaseFacts(**{**vars(facts), **changes}) if changes else facts), written


def letter_of(code: str, written: Mapping[str, str] | None = None, **changes: Any) -> Letter:
    """一份文书。"""
    facts, held = facts_of(code, **changes)
    return compose(BY_KIND[code], facts, {**held, **(written or {})})


def faults_of(code: str, written: Mapping[str, str] | None = None, **changes: Any) -> list[str]:
    """它不能办结的缘由。"""
    facts, held = facts_of(code, **changes)
    return faults(BY_KIND[code], facts, {**held, **(written or {})})
