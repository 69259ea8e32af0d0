"""站点的模板：随产品发布的法定栏目，``data/sites`` 里一种一个文件。"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class SiteTemplate:
    """一种模板：代码、名称、给谁用，栏目的树。"""

    code: str
    name: str
    about: str
    columns: list[dict[str, Any]]

    @property
    def count(self) -> int:
        """有几个栏目。"""
        return sum(map(_count, self.columns))


def _count(entry: dict[str, Any]) -> int:
    return 1 + sum(map(_count, entry.get("children", ())))


@cache
def site_templates() -> dict[str, SiteTemplate]:
    """全部模板，按代码；政府门户在前。"""
    folder = Path(settings.DATA_ROOT) / "sites"
    found = [
        SiteTemplate(**json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"), key=lambda path: path.stem, reverse=True)
    ]
    return {each.code: each for each in found}
