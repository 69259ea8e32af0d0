"""把一页写进树：页面连同它的 gzip、brotli 副本，要么都是新的，要么页面还是旧的。

次序是关键。副本与页面是三个文件，不能一次改名完成，所以：

1. 三份临时文件都写好、落盘。磁盘满了在这一步就会发现，旧页面原封不动；
2. 先撤下旧副本，再给页面改名，最后给新副本改名。

任何一刻断电，留下的都是“旧页面 ± 旧副本”或“新页面 ± 新副本”，绝没有新页面配旧副本。
临时文件的名字是固定的：断电留下的，下一次写同一页时覆盖。
"""

import errno
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path

import brotli

from yangguang.foundation.failpoints import reach

TWINS = {".br": "br", ".gz": "gzip"}
"""副本的后缀与它的内容编码，按优先次序。"""

COMPRESSED = frozenset({".html", ".xml", ".css", ".js", ".txt", ".json", ".svg"})
"""值得压缩的文件；附件大多已经压缩过。"""

OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class SiteNotWritable(Exception):  # noqa: N818  说的是树，不是程序
    """页面写不进去。旧页面没有动；信息是一句中文。"""


@dataclass(frozen=True)
class Written:
    """写好的一个文件：相对路径、用途、摘要、字节数。"""

    path: str
    role: str
    content: bytes


def twins(content: bytes) -> dict[str, bytes]:
    """压缩副本。同样的内容总是同样的字节：gzip 头里不写时间。"""
    return {
        ".br": brotli.compress(content, quality=9),
        ".gz": gzip.compress(content, 9, mtime=0),
    }


@dataclass(frozen=True)
class Tree:
    """一个站点的静态树。``durable`` 为假时不逐个落盘，供整体烘焙用，最后一次落盘。"""

    root: Path
    durable: bool = True

    def write(self, path: str, content: bytes) -> list[Written]:
        """写一页。``path`` 是树里的相对路径。磁盘满、只读等情形抛出 ``SiteNotWritable``。"""
        target = self.root / path
        parts = {"": content}
        if target.suffix in COMPRESSED:
            parts |= twins(content)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._prepare(target, parts)
        except OSError as error:
            raise _refusal(path, error) from error
        reach("baker.before_twins_removed")
        for suffix in TWINS:
            _beside(target, suffix).unlink(missing_ok=True)
        reach("baker.before_rename")
        temporary[""].rename(target)
        reach("baker.after_rename")
        for suffix in TWINS:
            if suffix in temporary:
                temporary[suffix].rename(_beside(target, suffix))
                reach("baker.after_twin")
        if self.durable:
            _sync(target.parent)
        return [
            Written(path + suffix, TWINS.get(suffix, "page"), data)
            for suffix, data in parts.items()
        ]

    def write_plain(self, path: str, content: bytes) -> None:
        """写一个没有副本的文件。"""
        target = self.root / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._prepare(target, {"": content})
        except OSError as error:
            raise _refusal(path, error) from error
        temporary[""].rename(target)
        reach("baker.after_plain_rename")
        if self.durable:
            _sync(target.parent)

    def remove(self, path: str) -> None:
        """撤下一页：先副本，后页面。本来没有也算撤下。"""
        target = self.root / path
        for suffix in (*TWINS, ""):
            _beside(target, suffix).unlink(missing_ok=True)
            reach("baker.after_unlink")
        if self.durable and target.parent.is_dir():
            _sync(target.parent)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """同一棵树同一时刻只有一个写者：比较世代、改名、记录三步不被别人插进来。"""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as stream:
            flock(stream, LOCK_EX)
            yield

    def _prepare(self, target: Path, parts: dict[str, bytes]) -> dict[str, Path]:
        temporary = {suffix: target.with_name(f".{target.name}{suffix}.part") for suffix in parts}
        try:
            for suffix, data in parts.items():
                with temporary[suffix].open("wb") as stream:
                    stream.write(data)
                    stream.flush()
                    if self.durable:
                        os.fsync(stream.fileno())
                reach("baker.after_write")
        except OSError:
            for path in temporary.values():
                path.unlink(missing_ok=True)
            raise
        return temporary


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(target.name + suffix)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refusal(path: str, error: OSError) -> SiteNotWritable:
    if error.errno in OUT_OF_SPACE:
        why = "存放网站的磁盘已满（或到了配额）"
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        why = "没有写入网站目录的权限"
    else:
        why = f"写入时系统报错（{error.strerror}）"
    return SiteNotWritable(
        f"/{path} 没有更新：{why}。公众看到的仍是更新前的页面，排除后会自动补做。"
    )
