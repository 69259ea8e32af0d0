"""把一批页写进树：每一页连同它的 gzip、brotli 副本，要么都是新的，要么页面还是旧的。

次序是关键。副本与页面是三个文件，不能一次改名完成，所以：

1. 一批的临时文件都写好、落盘。磁盘满了在这一步就会发现，旧页面原封不动；
2. 逐页：先撤下旧副本，再给页面改名，最后给新副本改名。

任何一刻断电，留下的都是“旧页面 ± 旧副本”或“新页面 ± 新副本”，绝没有新页面配旧副本。
临时文件的名字是固定的：断电留下的，下一次写同一页时覆盖。

落盘占了写一页的大半时间，一批的文件同时落盘，日志文件系统就合成几次写。
"""

import errno
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path

import brotli

from yangguang.foundation.failpoints import reach

TWINS = {".br": "br", ".gz": "gzip"}
"""副本的后缀与它的内容编码，按优先次序。"""

COMPRESSED = frozenset({".html", ".xml", ".css", ".js", ".txt", ".vtt", ".json", ".svg"})
"""值得压缩的文件；附件大多已经压缩过。"""

BROTLI_QUALITY = 5
GZIP_LEVEL = 6
"""再往上只小百分之三，却要二十倍的时间（docs/performance.md）。"""

OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SYNCING = 8
"""同时落盘的文件数。"""


class SiteNotWritable(Exception):  # noqa: N818  说的是树，不是程序
    """页面写不进去。旧页面没有动；信息是一句中文。"""


@dataclass(frozen=True)
class Written:
    """写好的一个文件：相对路径，属于哪一页，用途，内容。"""

    path: str
    page: str
    role: str
    content: bytes


def twins(content: bytes) -> dict[str, bytes]:
    """压缩副本。同样的内容总是同样的字节：gzip 头里不写时间。"""
    gzip = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return {
        ".br": brotli.compress(content, quality=BROTLI_QUALITY, lgwin=18),
        ".gz": gzip.compress(content) + gzip.flush(),
    }


@dataclass(frozen=True)
class Tree:
    """一个站点的静态树。``durable`` 为假时不逐个落盘，供整体烘焙用，最后一次落盘。"""

    root: Path
    durable: bool = True

    def write(self, path: str, content: bytes) -> list[Written]:
        """写一页。``path`` 是树里的相对路径。磁盘满、只读等情形抛出 ``SiteNotWritable``。"""
        return self.write_all([(path, content)])

    def write_all(self, pages: Sequence[tuple[str, bytes]]) -> list[Written]:
        """写一批页，返回写好的全部文件。写不进去的抛出 ``SiteNotWritable``，这一批都还是旧的。"""
        prepared = []
        for path, content in pages:
            squeezed = os.path.splitext(path)[1] in COMPRESSED
            prepared.append((path, {"": content} | (twins(content) if squeezed else {})))
        with self._prepared(prepared):
            for path, parts in prepared:
                self._put_in_place(path, parts)
        return [
            Written(path + suffix, path, TWINS.get(suffix, "page"), data)
            for path, parts in prepared
            for suffix, data in parts.items()
        ]

    def write_plain(self, files: Mapping[str, bytes]) -> None:
        """写几个没有副本的文件：都落了盘，再依次改名。"""
        with self._prepared((path, {"": content}) for path, content in files.items()):
            for path in files:
                os.rename(self._temporary(path), f"{self.root}/{path}")
                reach("baker.after_plain_rename")

    def copy(self, path: str, source: Path) -> None:
        """照抄一个没有副本的文件，不整个读进内存。写不进去的抛出 ``SiteNotWritable``。"""
        temporary = self._temporary(path)
        try:
            _made(os.path.dirname(temporary))
            shutil.copyfile(source, temporary)
            reach("baker.after_write")
            if self.durable:
                _sync([temporary])
        except OSError as error:
            Path(temporary).unlink(missing_ok=True)
            raise _refusal(path, error) from error
        self._put_in_place(path, {"": b""})
        if self.durable:
            _sync([os.path.dirname(temporary)])

    def remove(self, path: str) -> None:
        """撤下一页：先副本，后页面，连同断电时写到一半的临时文件。本来没有也算撤下。"""
        target = f"{self.root}/{path}"
        for suffix in (*TWINS, ""):
            _unlink(target + suffix)
            reach("baker.after_unlink")
            _unlink(self._temporary(path, suffix))
        if self.durable and os.path.isdir(os.path.dirname(target)):
            _sync([os.path.dirname(target)])

    @contextmanager
    def locked(self) -> Iterator[None]:
        """同一棵树同一时刻只有一个写者：比较世代、改名、记录三步不被别人插进来。"""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as stream:
            flock(stream, LOCK_EX)
            yield

    def _temporary(self, path: str, suffix: str = "") -> str:
        folder, name = os.path.split(f"{self.root}/{path}")
        return f"{folder}/.{name}{suffix}.part"

    @contextmanager
    def _prepared(self, pages: Iterable[tuple[str, dict[str, bytes]]]) -> Iterator[None]:
        """临时文件都写好、落盘了，才去改名；改完名，目录也落盘。"""
        temporary: list[str] = []
        path = ""
        try:
            for path, parts in pages:
                _made(os.path.dirname(f"{self.root}/{path}"))
                for suffix, data in parts.items():
                    temporary.append(self._temporary(path, suffix))
                    _write(temporary[-1], data)
                reach("baker.after_write")
            if self.durable:
                _sync(temporary)
        except OSError as error:
            for each in temporary:
                Path(each).unlink(missing_ok=True)
            raise _refusal(path, error) from error
        yield
        if self.durable:
            _sync({os.path.dirname(each) for each in temporary})

    def _put_in_place(self, path: str, parts: dict[str, bytes]) -> None:
        """给一页改名：先撤下旧副本，再换页面，最后放新副本。"""
        target = f"{self.root}/{path}"
        reach("baker.before_twins_removed")
        for suffix in TWINS:
            _unlink(target + suffix)
        reach("baker.before_rename")
        os.rename(self._temporary(path), target)
        reach("baker.after_rename")
        for suffix in TWINS:
            if suffix in parts:
                os.rename(self._temporary(path, suffix), target + suffix)
                reach("baker.after_twin")


def _made(folder: str) -> None:
    if not os.path.isdir(folder):
        os.makedirs(folder, exist_ok=True)


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def _sync(paths: Iterable[str]) -> None:
    """文件或目录都落盘，同时进行。"""
    waiting = sorted(paths)
    if len(waiting) == 1:
        _sync_one(waiting[0])
    else:
        # 用完就散：进程分身（fork）以后，留着的线程是死的
        with ThreadPoolExecutor(SYNCING) as pool:
            list(pool.map(_sync_one, waiting))


def _sync_one(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
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
