"""检索的测试材料：网站测试的那个小州，加上封存和跟进。"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.outlets.website.conftest import Desk, desk, kinds_registered  # noqa: F401
from yangguang.foundation.audit.sealing import seal
from yangguang.hub.publications.selectors import CHANGES
from yangguang.hub.search.engine import Entry, Filters
from yangguang.hub.search.indexer import catch_up
from yangguang.hub.search.rules import parse
from yangguang.hub.search.selectors import find


def follow() -> None:
    """封存，再让索引跟到末尾。"""
    seal(CHANGES)
    catch_up()


def titles(text: str, **filters: Any) -> list[str]:
    """按相关度查到的题名。"""
    return [hit.entry.title for hit in find(parse(text), Filters(**filters)).hits]


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """一条索引，只写要紧的字段；栏目写代码，都在州的站点。"""
    plain = {
        "version": 1, "site": "donghe", "sites": ("donghe",), "path": "/", "title": "", "document_number": "",
        "index_number": "", "body": "", "columns": (), "organisation": "donghe", "form": "通知",
        "subject": "", "stage": "decision", "validity": "", "printed": "", "published_at": 0, "year": 2020,
        "is_demonstration": False,
    }  # fmt: skip
    return lambda publication, **given: Entry(publication=publication, **plain | given)
