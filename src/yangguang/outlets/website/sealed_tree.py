"""只凭一棵树和一把公钥核对：签名属实，每一层清单都合得上，文件一个不差、一个不多。

不碰数据库和配置：谁下载了整棵树、拿到了公钥，都可以自己核对。
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

import brotli
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yangguang.foundation.signing import fingerprint, signed_by

from .manifest import (
    NAME,
    ROOT,
    Malformed,
    Read,
    Standing,
    digest_of,
    path_of_manifest,
    read,
    signature_of,
)
from .writer import COMPRESSED, TWINS

EXPAND = {".br": brotli.decompress, ".gz": gzip.decompress}
ATTEMPTS = 3
"""核对期间树换了新的，就重来，最多这么多遍。"""


@dataclass(frozen=True)
class Checked:
    """核对的结果：查了多少个文件，哪些不符（每条一句），清单上写着是哪个站点、落实到哪里。"""

    checked: int
    broken: tuple[str, ...]
    site: str = ""
    standing: Standing | None = None


def check_tree(root: Path, key: Ed25519PublicKey, at_least: int = 0) -> Checked:
    """核对一个站点的树。``at_least``：至少应当落实到变更日志的第几号，不到就是拿旧树来冒充。"""
    result = Checked(0, ())
    for _ in range(ATTEMPTS):
        data = content_of(root / NAME)
        result = _check(root, key, data, at_least)
        if not result.broken or data == content_of(root / NAME):
            break
    return result


def _check(root: Path, key: Ed25519PublicKey, data: bytes | None, at_least: int) -> Checked:
    if data is None:
        return Checked(0, (f"/{NAME} 不见了，无从核对。",))
    try:
        top = read(data, ROOT)
        standing, site = top.standing, str(top.body["site"])
    except (Malformed, KeyError) as fault:
        return Checked(0, (f"/{NAME} 不是根目录的清单：{fault}。",))
    broken = [*signature_faults(top, key)]
    if standing.sequence < at_least:
        broken.append(
            f"这棵树只落实到变更日志的第 {standing.sequence} 号，应不早于第 {at_least} 号：是旧的树。"
        )
    checked = 0
    waiting = [(ROOT, top)]
    while waiting:
        folder, manifest = waiting.pop()
        checked += len(manifest.files) + 1
        broken += _folder_faults(root, folder, manifest)
        for name, digest in sorted(manifest.folders.items(), reverse=True):
            below = f"{folder}{name}/"
            try:
                waiting.append((below, _below(root, below, digest)))
            except Malformed as fault:
                broken.append(f"/{path_of_manifest(below)} {fault}。")
    return Checked(checked, tuple(broken), site, standing)


def _below(root: Path, folder: str, digest: str) -> Read:
    data = content_of(root / path_of_manifest(folder))
    if data is None:
        raise Malformed("不见了")
    if digest_of(data) != digest:
        raise Malformed("与上一级的清单不符")
    return read(data, folder)


def _folder_faults(root: Path, folder: str, manifest: Read) -> Iterator[str]:
    base = folder.lstrip("/")
    for name, (digest, size) in sorted(manifest.files.items()):
        yield from file_faults(root, base + name, digest, size)
    for name, is_folder in listed(root / base):
        if is_folder:
            if name not in manifest.folders and next(files_under(root / base / name), None):
                yield f"/{base}{name}/ 来历不明，不在清单上。"
        elif name != NAME and not is_own(name, manifest.files) and not is_scratch(base + name):
            yield f"/{base}{name} 来历不明，不在清单上。"


def signature_faults(top: Read, key: Ed25519PublicKey) -> Iterator[str]:
    """根目录的清单不是这把钥匙签的名，说一句。"""
    try:
        signature, message = signature_of(top.body)
    except Malformed:
        yield f"/{NAME} 没有签名。"
        return
    if not signed_by(key, signature, message):
        same = top.body.get("key") == fingerprint(key)
        yield f"/{NAME} 的签名不符。" if same else f"/{NAME} 不是这把钥匙签的名。"


# ---- 一个文件 ----


def file_faults(root: Path, name: str, digest: str, size: int) -> Iterator[str]:
    """一个文件（相对路径）连同它的压缩副本的不符之处。"""
    content = content_of(root / name)
    if content is None:
        yield f"/{name} 不见了。"
        return
    if len(content) != size or digest_of(content) != digest:
        yield f"/{name} 与记录的摘要不符。"
    for twin in twins_of(name):
        squeezed = content_of(root / twin)
        if squeezed is None:
            yield f"/{twin} 不见了。"
        elif expanded(twin, squeezed) != content:
            yield f"/{twin} 不是这一页的副本。"


def twins_of(name: str) -> list[str]:
    """这个文件该有的压缩副本；清单没有。"""
    if os.path.splitext(name)[1] not in COMPRESSED or name.rpartition("/")[2] == NAME:
        return []
    return [name + suffix for suffix in TWINS]


def expanded(twin: str, squeezed: bytes) -> bytes | None:
    """副本展开以后的内容；展不开的是 ``None``。"""
    try:
        content: bytes = EXPAND[os.path.splitext(twin)[1]](squeezed)
    except (OSError, EOFError, zlib.error, brotli.error):
        return None
    return content


def is_own(name: str, files: object) -> bool:
    """是不是 ``files`` 里的一个，或其中一个的副本。"""
    page, suffix = os.path.splitext(name)
    return name in files or (suffix in TWINS and page in files and name in twins_of(page))  # type: ignore[operator]


def is_scratch(name: str) -> bool:
    """写到一半的临时文件、独占树用的锁：不对外，不算多出来的。"""
    own = name.rpartition("/")[2]
    return name == ".lock" or (own.startswith(".") and own.endswith(".part"))


def content_of(path: Path) -> bytes | None:
    """文件的内容；没有、不是普通文件（符号链接、目录）、读不了的是 ``None``。"""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def listed(folder: Path) -> list[tuple[str, bool]]:
    """目录里有什么：名字、是不是目录。不跟符号链接；目录没有了是空的。"""
    try:
        with os.scandir(folder) as entries:
            return sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def files_under(folder: Path, base: str = "") -> Iterator[str]:
    """目录之下的全部文件（相对路径），不跟符号链接。"""
    for name, is_folder in listed(folder / base):
        if is_folder:
            yield from files_under(folder, f"{base}{name}/")
        else:
            yield base + name
