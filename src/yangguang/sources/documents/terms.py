"""政策解读的期限、照抄的参数：``data/interpretations/terms.json``，管理员改它，不必改程序。"""

import json
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from .interpreting import Terms, terms_on


@cache
def table() -> tuple[Terms, ...]:
    """各个时期的参数。"""
    path = Path(settings.DATA_ROOT) / "interpretations" / "terms.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Terms(**{**row, "since": date.fromisoformat(row["since"])}) for row in rows)


def terms(day: date) -> Terms:
    """``day`` 这一天用的参数。"""
    return terms_on(table(), day)
