"""专题空着几天要报警的参数：``data/topics/terms.json``，管理员改它，不必改程序。"""

import json
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from .supply_rules import SupplyTerms, terms_on


@cache
def table() -> tuple[SupplyTerms, ...]:
    """各个时期的参数。"""
    path = Path(settings.DATA_ROOT) / "topics" / "terms.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(SupplyTerms(**{**row, "since": date.fromisoformat(row["since"])}) for row in rows)


def terms(day: date) -> SupplyTerms:
    """``day`` 这一天用的参数。"""
    return terms_on(table(), day)
