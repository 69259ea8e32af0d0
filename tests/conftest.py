"""测试的共同约定：跳过的测试按原因汇总；缺浏览器就失败，除非 ``ALLOW_SKIP=chromium``。"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings as house

from tests.api import admin, issue, system, visitor  # noqa: F401  各处测试共用的夹具
from tests.flush import flush_despite_triggers
from tests.prepared import Prepared
from tests.town import town  # noqa: F401  各处测试共用的夹具
from yangguang.foundation.signing import create_key
from yangguang.hub.search import lexicon
from yangguang.outlets.search import views

# 快慢由 bench 量，不由测试判：机器忙的时候，慢不是错
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """长时演练只在 ``make drill`` 里运行；没有浏览器时按约定跳过或失败。"""
    allowed = os.environ.get("ALLOW_SKIP", "").split(",")
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM and "chromium" in allowed:
            item.add_marker(pytest.mark.skip(reason="没有 Chromium（ALLOW_SKIP=chromium）"))
    if "drill" not in config.getoption("-m"):
        drills = [item for item in items if item.get_closest_marker("drill")]
        if drills:
            config.hook.pytest_deselected(items=drills)
            items[:] = [item for item in items if item not in drills]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """缺浏览器不是跳过的理由：除非事先说好，失败。"""
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.fail(
            "没有 Chromium，浏览器测试没有运行。请执行 sudo apt-get install chromium；"
            "确实要跳过，设 ALLOW_SKIP=chromium。",
            pytrace=False,
        )


@pytest.fixture(scope="session")
def prepared_database(
    django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[Prepared]:
    """这个测试进程的数据库，有迁移好的就拿来用。"""
    database = Prepared()
    with django_db_blocker.unblock():
        database.take()
    yield database
    with django_db_blocker.unblock():
        database.remove()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, prepared_database: Prepared) -> bool:
    """拿了现成的，不要从头建。"""
    return prepared_database.is_ready or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, prepared_database: Prepared, django_db_blocker: Any
) -> Iterator[None]:
    """刚迁移好的留一份。``TransactionTestCase`` 清库时摘下只增不改的触发器，清完原样装回。"""
    with django_db_blocker.unblock():
        prepared_database.keep()
    with flush_despite_triggers():
        yield


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """不等磁盘：测试里“断电”断的是进程，操作系统还在，写过的都读得到。"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def site_key() -> None:
    """给网站的清单签名的钥匙，造一把，全部测试和它们的子进程合用。"""
    create_key(Path(house.SITE_KEY))


@pytest.fixture(autouse=True)
def own_index(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """每个测试自己的检索索引；用到才建目录。记在进程里的词典、框架和名称也不从别的测试带过来。"""
    lexicon.forget()
    for kept in (views._sites, views._press, views._names, views._units):
        kept.cache_clear()
    settings.SEARCH_ROOT = tmp_path_factory.getbasetemp() / "search" / uuid4().hex


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """按原因列出跳过的测试。"""
    causes = Counter(
        report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for report in terminalreporter.stats.get("skipped", [])
    )
    terminalreporter.section("跳过的测试", sep="-")
    for cause, count in causes.most_common():
        terminalreporter.line(f"{count} 个：{cause}")
    if not causes:
        terminalreporter.line("无")
