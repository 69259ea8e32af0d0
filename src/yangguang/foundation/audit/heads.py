"""链头签名：数据库之外的证据。

每封印一批，就把链头（序号、摘要）用 Ed25519 签名，追加到 ``SEAL_ROOT/<链名>.heads``。
有人连同封印一起重算整条链，或删去末尾若干行，数据库里看不出来，与这里一比就露馅。
所以 ``SEAL_ROOT`` 要放在数据库管理员写不到的地方，并另存一份到别的机器。

一行一个 JSON，写满一行、落盘才算数；断电留下的半行由下一次追加时截去。
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from yangguang.foundation.failpoints import reach

PRIVATE_KEY = "signing-key.pem"
PUBLIC_KEY = "signing-key.pub"
TAIL = 4096


class KeyMissing(Exception):  # noqa: N818  缺钥匙是现状，不是程序出错
    """已有签名而私钥不见了。另造一把会让旧签名看似伪造，所以停下来让人处理。"""


@dataclass(frozen=True)
class Head:
    """一个链头：到 ``sequence`` 号为止，链上摘要是 ``digest``。"""

    sequence: int
    digest: str


def append(chain: str, head: Head) -> bool:
    """签名并追加一个链头，落盘后返回真；已有不旧于它的链头则不写，返回假。"""
    root = _root()
    key = _private_key(root)
    with _locked(root / f"{chain}.heads") as stream:
        if _last_signed(stream) >= head.sequence:
            return False
        stream.seek(0, os.SEEK_END)
        reach("heads.before_write")
        stream.write(_line(chain, head, key))
        stream.flush()
        reach("heads.after_write")
        os.fsync(stream.fileno())
    return True


def read(chain: str) -> tuple[list[Head], list[str]]:
    """全部签名属实的链头，以及读不懂或签名不符的行（每行一句话）。"""
    path = _root() / f"{chain}.heads"
    if not path.exists():
        return [], []
    lines, _ = _split(path.read_bytes())
    try:
        key = load_pem_public_key((_root() / PUBLIC_KEY).read_bytes())
    except (OSError, ValueError):
        return [], [f"链头文件的公钥 {PUBLIC_KEY} 不见了或已损坏，无从验签。"]
    assert isinstance(key, Ed25519PublicKey)  # noqa: S101
    heads, faults = [], []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            head = Head(row["sequence"], row["digest"])
            key.verify(bytes.fromhex(row["signature"]), _message(chain, head, row["at"]))
        except (ValueError, KeyError, TypeError, InvalidSignature):
            faults.append(f"链头文件第 {number} 行的签名不符。")
        else:
            heads.append(head)
    return heads, faults


def _message(chain: str, head: Head, at: str) -> bytes:
    return f"yangguang\n{chain}\n{head.sequence}\n{head.digest}\n{at}".encode()


def _line(chain: str, head: Head, key: Ed25519PrivateKey) -> bytes:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    signature = key.sign(_message(chain, head, at)).hex()
    row = {"sequence": head.sequence, "digest": head.digest, "at": at, "signature": signature}
    return json.dumps(row).encode() + b"\n"


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """完整的各行（含换行），和末尾没写完的半行。"""
    *lines, torn = content.split(b"\n")
    return [line + b"\n" for line in lines], torn


def _last_signed(stream: BinaryIO) -> int:
    """最后一个链头的序号；断电留下的半行截去。只读文件的末尾，文件再长也一样快。"""
    size = stream.seek(0, os.SEEK_END)
    start = stream.seek(max(0, size - TAIL))
    lines, torn = _split(stream.read())
    if torn:
        stream.truncate(size - len(torn))
    if not lines and start:
        raise ValueError("链头文件末尾不成行，请从备份恢复。")
    return int(json.loads(lines[-1])["sequence"]) if lines else 0


def _root() -> Path:
    return Path(settings.SEAL_ROOT)


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream


def _private_key(root: Path) -> Ed25519PrivateKey:
    path = root / PRIVATE_KEY
    if not path.exists():
        _create_key(root)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)  # noqa: S101
    _write_once(
        root / PUBLIC_KEY,
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        0o644,
    )
    return key


def _create_key(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(path.stat().st_size for path in root.glob("*.heads")):
        raise KeyMissing(
            f"{root} 里已有签名，私钥 {PRIVATE_KEY} 却不见了。请从备份恢复；"
            "确已遗失的，把旧的 .heads 和公钥移走另存，再启用新钥匙。"
        )
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    _write_once(root / PRIVATE_KEY, pem, 0o600)


def _write_once(path: Path, content: bytes, mode: int) -> None:
    """写一个新文件，要么完整要么没有；已经有了就保留原来的（几个进程同时来，先到者为准）。"""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
