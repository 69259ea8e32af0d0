"""随产品发布的词典：``data/screening`` 里的 csv。没有自己的词典时用它，命令行不连数据库时也用它。"""

from functools import cache
from pathlib import Path

from django.conf import settings

from .entries import DICTIONARIES, Entry
from .matching import Matcher
from .tables import read_csv


@cache
def packaged(dictionary: str) -> tuple[Entry, ...]:
    """一部词典随产品发布的词条。"""
    path = Path(settings.DATA_ROOT) / "screening" / f"{dictionary}.csv"
    return tuple(read_csv(dictionary, path.read_text(encoding="utf-8")))


@cache
def packaged_matcher() -> Matcher:
    """五部合在一起。"""
    return Matcher(entry for code in DICTIONARIES for entry in packaged(code))
