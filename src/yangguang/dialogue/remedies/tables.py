"""随产品发布的救济途径的表：读 ``data/remedies/tables.json``。"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from .authorities import Court
from .rules import Version, version_from


@dataclass(frozen=True)
class Tables:
    """各版规定；各人民政府所在地的法院；最上一级人民政府的上一级。"""

    versions: tuple[Version, ...]
    courts: Mapping[str, Court]
    above_root: Mapping[str, str]


def packaged_tables() -> Tables:
    """随产品发布的表。"""
    return _read(Path(settings.DATA_ROOT) / "remedies" / "tables.json")


@cache
def _read(path: Path) -> Tables:
    given = json.loads(path.read_text(encoding="utf-8"))
    return Tables(
        tuple(version_from(row) for row in given["versions"]),
        {code: Court(row["basic"], row["intermediate"]) for code, row in given["courts"].items()},
        given["above_root"],
    )
