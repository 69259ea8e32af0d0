"""巡查记下的快照：每个目录里各个文件上次核对时的大小、inode、修改和变更时间。

在自己的一个 SQLite 文件里，不占业务的数据库。只用来省去重算摘要：它没有了、不对了，无非从头核对一遍。
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

Stamp = tuple[int, int, int, int]
"""大小、inode、修改时间、变更时间（纳秒）。改了内容再把修改时间改回去，变更时间还是露馅。"""


@dataclass(frozen=True)
class Listing:
    """一个目录此刻的样子：其中各个文件（不是目录的都算）和它的印记，各个子目录的名字。"""

    files: dict[str, Stamp]
    folders: tuple[str, ...]

    @property
    def digest(self) -> str:
        """整个目录的印记。"""
        told = repr((sorted(self.files.items()), sorted(self.folders))).encode()
        return blake2b(told, digest_size=16).hexdigest()


def listing(folder: str) -> Listing | None:
    """读一个目录，不跟符号链接；没有这个目录为 ``None``。"""
    files: dict[str, Stamp] = {}
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                files[entry.name] = (
                    status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns,
                )  # fmt: skip
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Listing(files, tuple(folders))


@dataclass(frozen=True)
class Remembered:
    """一个目录上次核对的结果：印记、账上清单的摘要、什么时候把每个文件都算过一遍。"""

    digest: str
    manifest: str
    hashed_at: float


Records = dict[str, tuple[Stamp, str]]
"""名字 → 印记、当时账上的摘要（副本的是空串）。"""


class Snapshot:
    """一个站点的快照。"""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=OFF")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS folder (path TEXT PRIMARY KEY, digest TEXT, manifest TEXT,"
            " hashed_at REAL, records BLOB)"
        )

    def close(self) -> None:
        """关上。"""
        self.database.close()

    def remembered(self) -> dict[str, Remembered]:
        """全部目录。"""
        rows = self.database.execute("SELECT path, digest, manifest, hashed_at FROM folder")
        return {path: Remembered(*rest) for path, *rest in rows}

    def records(self, folder: str) -> Records:
        """一个目录里各个文件的印记。"""
        row = self.database.execute(
            "SELECT records FROM folder WHERE path = ?", (folder,)
        ).fetchone()
        if row is None:
            return {}
        loaded = json.loads(zlib.decompress(row[0]))
        return {name: (tuple(stamp), digest) for name, (stamp, digest) in loaded.items()}

    def remember(self, folder: str, what: Remembered, records: Records) -> None:
        """记下一个目录。"""
        packed = zlib.compress(json.dumps(records).encode(), 1)
        self.database.execute(
            "INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?, ?)",
            (folder, what.digest, what.manifest, what.hashed_at, packed),
        )

    def forget(self, folders: Iterable[str]) -> None:
        """不再有的目录。"""
        self.database.executemany(
            "DELETE FROM folder WHERE path = ?", [(folder,) for folder in folders]
        )
