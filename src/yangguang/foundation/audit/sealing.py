"""封印：已提交的行在提交之后得到连续的序号和链式摘要，写入者从不为此排队。

每一批封印之后，链头（序号、摘要）用 Ed25519 签名，追加到数据库之外的 ``SEAL_ROOT``。
核验时逐行重算，再与签过名的链头对照：改一个字节、删掉末尾几行、对调两行、
从某一行起重算整条链，都看得出来。链头文件应随备份送往别处。
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, models, transaction

from yangguang.foundation.failpoints import reach

from .models import AuditEvent, AuditSeal, SealBase
from .rules import GENESIS, canonical_json, chained_digest

BATCH = 500
SLACK = 1000
"""PostgreSQL 上编号小的行可能后提交；平常只回看这么多行，全表由 ``sweep`` 补。"""


def row_content(row: models.Model) -> dict[str, Any]:
    """一行的全部字段。"""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@dataclass(frozen=True)
class Chain:
    """一条链：被封印的表、封印表，以及一行的内容怎样取。"""

    name: str
    label: str
    model: type[models.Model]
    seal_model: type[SealBase]
    content: Callable[[Any], dict[str, Any]] = row_content
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verification:
    """核验的结果：查了多少行，哪些不符（每条一句）。"""

    checked: int
    broken: tuple[str, ...]


_chains: dict[str, Chain] = {}


def register_chain(chain: Chain) -> None:
    """登记一条链；名称重复抛出 ``ValueError``。"""
    if chain.name in _chains:
        raise ValueError(f"链 {chain.name} 已登记")
    _chains[chain.name] = chain


def all_chains() -> tuple[Chain, ...]:
    """全部链。"""
    return tuple(_chains.values())


def seal(chain: Chain, *, sweep: bool = False) -> int:
    """封印已提交而未封印的行，返回封印了多少行。

    几个进程同时封印也只有一个成功，其余重来。``sweep`` 为真时从头找遗漏的行。
    """
    sealed = 0
    while True:
        try:
            count = _seal_batch(chain, sweep)
        except IntegrityError:
            continue
        sealed += count
        reach("sealing.before_head")
        _append_head(chain)
        if count < BATCH:
            return sealed


@transaction.atomic
def _seal_batch(chain: Chain, sweep: bool) -> int:
    of = chain.seal_model.of
    last = chain.seal_model._default_manager.order_by("-sequence").first()
    rows = chain.model._default_manager.filter(**{"seal__isnull": True})
    if last is not None and not sweep:
        rows = rows.filter(pk__gt=getattr(last, f"{of}_id") - SLACK)
    sequence, previous = (last.sequence, last.digest) if last else (0, GENESIS)
    seals = []
    for row in rows.select_related(*chain.related).order_by("pk")[:BATCH]:
        sequence += 1
        digest = chained_digest(previous, sequence, canonical_json(chain.content(row)))
        seals.append(
            chain.seal_model(sequence=sequence, previous=previous, digest=digest, **{of: row})
        )
        previous = digest
    reach("sealing.before_write")
    chain.seal_model._default_manager.bulk_create(seals)
    return len(seals)


def verify(chain: Chain) -> Verification:
    """逐行重算整条链，并与数据库之外签过名的链头对照。"""
    broken: list[str] = []
    digests: dict[int, str] = {}
    of = chain.seal_model.of
    previous, expected = GENESIS, 1
    related = [of, *(f"{of}__{name}" for name in chain.related)]
    seals = chain.seal_model._default_manager.select_related(*related).order_by("sequence")
    for one in seals.iterator(chunk_size=2000):
        row = getattr(one, of)
        name = f"{chain.label}第 {one.sequence} 号"
        if one.sequence != expected:
            broken.append(f"{chain.label}缺第 {expected} 至 {one.sequence - 1} 号。")
        if one.previous != previous:
            broken.append(f"{name}与前一号接不上。")
        content = canonical_json(chain.content(row))
        if one.digest != chained_digest(one.previous, one.sequence, content):
            broken.append(f"{name}的内容与封印不符。")
        previous, expected = one.digest, one.sequence + 1
        digests[one.sequence] = one.digest
    broken.extend(_against_heads(chain, digests))
    return Verification(len(digests), tuple(broken))


def _against_heads(chain: Chain, digests: dict[int, str]) -> Iterator[str]:
    path = _heads_path(chain)
    if not path.exists():
        if digests:
            yield f"{chain.label}的链头文件不见了。"
        return
    public = _signing_key().public_key()
    last = 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            head = json.loads(line)
            signature = bytes.fromhex(head.pop("signature"))
            public.verify(signature, canonical_json(head))
        except (ValueError, KeyError, InvalidSignature):
            yield f"{chain.label}链头文件第 {number} 行的签名不符。"
            continue
        last = max(last, head["sequence"])
        present = digests.get(head["sequence"])
        if present is not None and present != head["digest"]:
            yield f"{chain.label}第 {head['sequence']} 号与签过名的链头不符：链被重算过。"
    have = max(digests, default=0)
    if have < last:
        yield f"{chain.label}末尾少了第 {have + 1} 至 {last} 号。"
    if have > last:
        yield f"{chain.label}第 {last + 1} 至 {have} 号没有签名的链头。"


def _append_head(chain: Chain) -> None:
    newest = chain.seal_model._default_manager.order_by("-sequence").first()
    if newest is None:
        return
    path = _heads_path(chain)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        if _last_signed(stream) >= newest.sequence:
            return
        head = {
            "chain": chain.name,
            "sequence": newest.sequence,
            "digest": newest.digest,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        signature = _signing_key().sign(canonical_json(head)).hex()
        stream.write(json.dumps(head | {"signature": signature}) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _last_signed(stream: Any) -> int:
    """链头文件最后一行的序号；半行（写到一半断电）截去。"""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 2000))
    tail = stream.read()
    if tail and not tail.endswith("\n"):
        kept = tail.rfind("\n") + 1
        stream.truncate(size - len(tail.encode()) + len(tail[:kept].encode()))
        tail = tail[:kept]
    lines = tail.splitlines()
    return int(json.loads(lines[-1])["sequence"]) if lines else 0


def _heads_path(chain: Chain) -> Path:
    return Path(settings.SEAL_ROOT) / f"{chain.name}.heads"


def _signing_key() -> Ed25519PrivateKey:
    """签链头的私钥；没有就生成一把，只有本用户可读。"""
    path = Path(settings.SEAL_ROOT) / "signing-key.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return _signing_key()
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("链头私钥不是 Ed25519 密钥。")
    return key


AUDIT = Chain("audit", "审计", AuditEvent, AuditSeal)
