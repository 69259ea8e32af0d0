"""迁移好的测试数据库：同样的迁移只跑一遍，几个测试进程、以后各次都拿现成的那一份。

只用于 SQLite。名字由迁移和它们用到的代码、依赖的版本定，哪一样变了就重做；拿来的那一份 Django 照样核对
一遍，缺的迁移补上。PostgreSQL 每次从头迁移。
"""

import sqlite3
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

ROOT = Path(settings.PROJECT_ROOT)
KEPT = ROOT / "var" / "test-databases"
MIGRATIONS = "src/yangguang/*/*/migrations/*.py"
SOURCES = (
    MIGRATIONS, "uv.lock", "src/yangguang/settings/*.py", "src/yangguang/*/*/models.py",
    "src/yangguang/*/*/apps.py", "src/yangguang/foundation/row_guards.py",
    "src/yangguang/foundation/audit/append_only.py",
    "src/yangguang/foundation/accounts/separation.py",
    "src/yangguang/foundation/organisations/no_overlap.py",
    "src/yangguang/hub/screening/freezing.py",
    "src/yangguang/hub/publications/recoding.py",
    "src/yangguang/hub/publications/subjects.py",
    "src/yangguang/sources/documents/codes.py",
)  # fmt: skip
"""迁移好的库由它们定。迁移里另外引用了什么，要加在这里（``tests/test_prepared.py`` 核对）。"""
MOST = 4
"""最多留几份，旧的删去。"""


def name() -> str:
    """现在的迁移做出来的那一份叫什么。"""
    made = sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            made.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return f"{made.hexdigest()[:32]}.sqlite3"


class Prepared:
    """这个测试进程的数据库：先看有没有现成的；没有就自己建，建好了留一份，别的进程等着。"""

    def __init__(self) -> None:
        self.place: Path | None = None
        """数据库放在哪里；不是 SQLite 文件的没有。"""
        self.is_ready = False
        self._making: IO[str] | None = None

    def take(self) -> bool:
        """有现成的就放好；没有的锁住，等 ``keep``。"""
        test_name = str(connection.creation._get_test_db_name())
        if connection.vendor != "sqlite" or not Path(test_name).is_absolute():
            return False
        self.place = Path(test_name)
        KEPT.mkdir(parents=True, exist_ok=True)
        lock = (KEPT / ".making").open("w")
        flock(lock, LOCK_EX)
        kept = KEPT / name()
        self.is_ready = kept.exists()
        if self.is_ready:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            self.place.write_bytes(kept.read_bytes())
            kept.touch()
            lock.close()
        else:
            self._making = lock
        return self.is_ready

    def keep(self) -> None:
        """刚建好的留下一份，放别的进程走；多的旧的删去。"""
        if self._making is None:
            return
        kept = KEPT / name()
        part = kept.with_suffix(".part")
        part.unlink(missing_ok=True)
        connection.ensure_connection()
        copy = sqlite3.connect(part)
        connection.connection.backup(copy)
        copy.close()
        part.replace(kept)
        for old in sorted(KEPT.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
        self._making.close()

    def remove(self) -> None:
        """测试完了，现成的那一份的副本不留。"""
        if self.place and self.is_ready:
            connection.close()
            for tail in ("", "-wal", "-shm"):
                Path(f"{self.place}{tail}").unlink(missing_ok=True)
