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

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from yangguang.foundation.failpoints import reach
from yangguang.foundation.signing import (
    create_key,
    private_key,
    public_key,
    public_pem,
    signed_by,
    write_once,
)

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
        key = public_key((_root() / PUBLIC_KEY).read_bytes())
    except (OSError, ValueError):
        return [], [f"链头文件的公钥 {PUBLIC_KEY} 不见了或已损坏，无从验签。"]
    heads, faults = [], []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            head = Head(row["sequence"], row["digest"])
            signature, message = bytes.fromhex(row["signature"]), _message(chain, head, row["at"])
        except (ValueError, KeyError, TypeError):
            faults.append(f"链头文件第 {number} 行的签名不符。")
            continue
        if signed_by(key, signature, message):
            heads.append(head)
        else:
            faults.append(f"链头文件第 {number} 行的签名不符。")
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
    key = private_key(path)
    write_once(root / PUBLIC_KEY, public_pem(key), 0o644)
    return key


def _create_key(root: Path) -> None:
    if any(path.stat().st_size for path in root.glob("*.heads")):
        raise KeyMissing(
            f"{root} 里已有签名，私钥 {PRIVATE_KEY} 却不见了。请从备份恢复；"
            "确已遗失的，把旧的 .heads 和公钥移走另存，再启用新钥匙。"
        )
    create_key(root / PRIVATE_KEY)
