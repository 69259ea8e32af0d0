"""演练用的机关：树、封印、文件都从头来。"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.drills.office import Office, Work
from tests.town import Town
from tests.web import Web, free_port


@pytest.fixture
def office(town: Town, tmp_path: Path, settings: LazySettings, own_index: None) -> Iterator[Office]:
    """还没有开门。"""
    # 平常每个测试的索引各在一处；这里要看的正是作业进程写的那一个
    settings.SEARCH_ROOT = Path(settings.VAR_ROOT) / "search"
    for root in (
        settings.SITE_ROOT, settings.SEAL_ROOT, settings.FILES_ROOT, settings.SEARCH_ROOT,
    ):  # fmt: skip
        shutil.rmtree(root, ignore_errors=True)
    trace = tmp_path / "trace"
    trace.mkdir()
    environment = {"YANGGUANG_TRACE": str(trace)}
    web = Web(free_port(), tmp_path / "web.log", environment)
    office = Office(town, web, Work(tmp_path / "work.log", environment), trace, random.Random(3))
    try:
        yield office
    finally:
        office.close()
