"""演示内容烘成的一棵树，几个测试进程合用：先到的去烘，后到的等它烘好。"""

from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from scripts.demo_site import index, prepare, public_pages, serve


@pytest.fixture(scope="session")
def demo_var(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """演示数据所在的目录，与被测的数据库无关。"""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "demo"


@pytest.fixture(scope="session")
def demo_tree(demo_var: Path) -> Path:
    """截至 2020-10-20 的静态树。"""
    demo_var.mkdir(exist_ok=True)
    with (demo_var / ".preparing").open("w") as stream:
        flock(stream, LOCK_EX)
        return prepare(demo_var)


@pytest.fixture(scope="session")
def demo_pages(demo_tree: Path) -> dict[str, str]:
    """每类页面一张：名字与地址。"""
    return public_pages(demo_tree)


@pytest.fixture(scope="session")
def demo_address(demo_tree: Path, demo_var: Path) -> Iterator[str]:
    """真正的静态服务的地址；没有应用，也没有数据库。"""
    with serve(demo_tree, demo_var) as address:
        yield address


@pytest.fixture(scope="session")
def whole_address(demo_tree: Path, demo_var: Path) -> Iterator[str]:
    """同一棵树，后面有应用：检索、接口、工作台都在。"""
    with (demo_var / ".preparing").open("w") as stream:
        flock(stream, LOCK_EX)
        if not (demo_var / "search").exists():
            index(demo_var)
    with serve(demo_tree, demo_var, with_application=True) as address:
        yield address
