"""写一页：断在哪里都没有“新页面配旧副本”；磁盘满了旧页面原封不动，什么也不多留。"""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from yangguang.foundation.failpoints import Stopped, armed
from yangguang.outlets.website.writer import SiteNotWritable, Tree

OLD, NEW = "旧内容".encode() * 50, "新内容".encode() * 70


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def consistent(root: Path, path: str) -> bytes:
    """页面的内容；它身边若有副本，副本必须是它的。"""
    page = (root / path).read_bytes()
    for suffix, expand in ((".gz", gzip.decompress), (".br", brotli.decompress)):
        twin = root / (path + suffix)
        if twin.exists():
            assert expand(twin.read_bytes()) == page
    return page


def test_a_page_has_both_twins_and_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    Tree(tmp_path / "a").write("x/index.html", NEW)
    Tree(tmp_path / "b").write("x/index.html", NEW)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert set(files(tmp_path / "a")) == {f"x/index.html{s}" for s in ("", ".gz", ".br")}
    assert consistent(tmp_path / "a", "x/index.html") == NEW


def test_attachments_are_copied_as_they_are(tmp_path: Path) -> None:
    Tree(tmp_path).write("files/a.pdf", NEW)
    assert set(files(tmp_path)) == {"files/a.pdf"}


def test_cut_anywhere_the_page_is_old_or_new_and_never_has_the_twin_of_the_other(
    tmp_path: Path,
) -> None:
    tree = Tree(tmp_path)
    with armed(hit=0) as plan:
        tree.write("p.html", OLD)
    boundaries = len(plan.reached)
    assert boundaries >= 6
    seen = set()
    for hit in range(1, boundaries + 1):
        tree.write("p.html", OLD)
        with pytest.raises(Stopped), armed(hit=hit):
            tree.write("p.html", NEW)
        seen.add(consistent(tmp_path, "p.html"))
        tree.write("p.html", NEW)
        assert set(files(tmp_path)) == {"p.html", "p.html.gz", "p.html.br"}
        assert consistent(tmp_path, "p.html") == NEW
    assert seen == {OLD, NEW}


def test_removal_takes_the_twins_first(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write("p.html", OLD)
    with pytest.raises(Stopped), armed("baker.after_unlink", hit=2):
        tree.remove("p.html")
    assert set(files(tmp_path)) == {"p.html"}
    tree.remove("p.html")
    tree.remove("p.html")
    assert files(tmp_path) == {}


def test_a_full_disk_leaves_the_old_page_and_nothing_else(tmp_path: Path) -> None:
    """真的写满：子进程的文件大小上限是 8 KB，内核在第 8 KB 处拒绝写入。"""
    Tree(tmp_path).write("p.html", OLD)
    before = files(tmp_path)
    script = """
import os, resource, signal, sys
from pathlib import Path
from yangguang.outlets.website.writer import SiteNotWritable, Tree
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
try:
    Tree(Path(sys.argv[1])).write(sys.argv[2], os.urandom(50_000))
except SiteNotWritable as error:
    sys.stdout.write(str(error))
    sys.exit(3)
"""
    for path in ("p.html", "q.html"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path), path],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == 3, done.stderr
        assert "磁盘已满" in done.stdout and path in done.stdout
        assert files(tmp_path) == before


def test_what_else_the_system_refuses_is_told_plainly(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write("p.html", OLD)
    with pytest.raises(SiteNotWritable, match="没有更新"):
        tree.write("p.html/inside.html", NEW)
    assert consistent(tmp_path, "p.html") == OLD
