"""封印：已提交的行在提交之后得到连续的序号和链式摘要，写入者从不为此排队。

几个封印者同时来也无妨：序号是主键、被封的行是一对一，撞上的一方回滚重来。随时 kill -9：
封印要么整批在，要么整批不在；链头的签名（``heads``）若没来得及写，下一次封印补上。
核验时逐行重算，再与签过名的链头对照：改一个字节、删掉末尾几行、对调两行、
从某一行起重算整条链，都看得出来。

一张表要成链：声明 ``SealBase`` 的子类，在 ``AppConfig.ready`` 里 ``register_chain(Chain(...))``。
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import Max

from yangguang.foundation.failpoints import reach

from . import heads
from .models import AuditEvent, AuditSeal, SealBase
from .rules import GENESIS, canonical_json, chained_digest

BATCH = 500
SLACK = 10_000
"""PostgreSQL 上编号小的行可能后提交；平常只回看这么多行，更久的由 ``sweep`` 补。"""
ATTEMPTS = 100


def row_content(row: models.Model) -> dict[str, Any]:
    """一行的全部字段。"""
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


@dataclass(frozen=True)
class Chain:
    """一条链：被封印的表、封印表，以及一行的内容怎样取。

    ``content`` 若要读外键，把外键名写进 ``related`` 一并取出。
    """

    name: str
    label: str
    model: type[models.Model]
    seal_model: type[SealBase]
    content: Callable[[Any], dict[str, Any]] = row_content
    related: tuple[str, ...] = ()

    @property
    def rows(self) -> models.QuerySet[Any]:
        """被封印的表。"""
        return self.model._default_manager.select_related(*self.related).order_by("pk")

    @property
    def seals(self) -> models.QuerySet[Any]:
        """封印，按序号。"""
        return self.seal_model._default_manager.order_by("sequence")

    def canonical(self, row: models.Model) -> bytes:
        """一行参与摘要的字节。"""
        return canonical_json(self.content(row))

    def unsealed(self, sweep: bool = False) -> models.QuerySet[Any]:
        """尚未封印的行。平时只看最近的一段；``sweep`` 为真则通查全表。"""
        link = self.seal_model._meta.get_field(self.seal_model.of)
        assert isinstance(link, models.OneToOneField)  # noqa: S101
        rows = self.rows.filter(**{f"{link.related_query_name()}__isnull": True})
        if sweep:
            return rows
        highest = self.seals.aggregate(highest=Max(link.attname))["highest"] or 0
        return rows.filter(pk__gt=highest - SLACK)


@dataclass(frozen=True)
class Verification:
    """核验的结果：查了多少行，哪些不符（每条一句）。"""

    checked: int
    broken: tuple[str, ...]


_chains: dict[str, Chain] = {}


def register_chain(chain: Chain) -> None:
    """登记一条链；此后封印作业和 ``verify_audit`` 都会带上它。名称重复抛出 ``ValueError``。"""
    if chain.name in _chains:
        raise ValueError(f"链 {chain.name} 已登记")
    _chains[chain.name] = chain


def all_chains() -> tuple[Chain, ...]:
    """全部链。"""
    return tuple(_chains.values())


def seal(chain: Chain, *, sweep: bool = False) -> int:
    """封印全部已提交而未封印的行，给链头签名，返回封印的行数。

    在调用者的事务里也能用：封印与事务同生共死，签名等到提交之后；但别的写入者要等它。
    ``sweep`` 为真时从头找遗漏的行。
    """
    total = 0
    while sealed := _seal_batch(chain, sweep):
        total += sealed
    transaction.on_commit(partial(_sign, chain))
    return total


def seal_all(*, sweep: bool = False) -> int:
    """封印已登记的每一条链，返回封印的总行数。"""
    return sum(seal(chain, sweep=sweep) for chain in all_chains())


def _seal_batch(chain: Chain, sweep: bool) -> int:
    # 没有可封的就不开事务：SQLite 的事务一开就占写锁，而封印每秒都来看一眼
    if not chain.unsealed(sweep).exists():
        return 0
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                sealed = _append(chain, sweep)
                reach("sealing.before_commit")
            reach("sealing.after_commit")
            return sealed
        except IntegrityError:
            # 另一个封印者先到；它已提交，重读即可接着它往下
            continue
    raise RuntimeError(f"{chain.label}的封印一连 {ATTEMPTS} 次与别的封印者相撞。")


def _append(chain: Chain, sweep: bool) -> int:
    last = chain.seals.last()
    sequence, previous = (last.sequence, last.digest) if last else (0, GENESIS)
    seals = []
    for row in chain.unsealed(sweep)[:BATCH]:
        sequence += 1
        digest = chained_digest(previous, sequence, chain.canonical(row))
        seals.append(
            chain.seal_model(
                sequence=sequence, previous=previous, digest=digest, **{chain.seal_model.of: row}
            )
        )
        previous = digest
    reach("sealing.before_write")
    chain.seals.bulk_create(seals)
    return len(seals)


def _sign(chain: Chain) -> None:
    reach("sealing.before_head")
    if last := chain.seals.last():
        heads.append(chain.name, heads.Head(last.sequence, last.digest))
    reach("sealing.at_rest")


def verify(chain: Chain) -> Verification:
    """逐行重算整条链，并与数据库之外签过名的链头对照。只读。"""
    # 先读链头再读库：其间新封印的只会让库更长
    signed, faults = heads.read(chain.name)
    broken = [f"{chain.label}{fault}" for fault in faults]
    awaited = {head.sequence: head.digest for head in signed}
    checked, sequence, previous = 0, 0, GENESIS
    for one, content in _sealed(chain):
        name = f"{chain.label}第 {one.sequence} 号"
        if one.sequence != sequence + 1:
            broken.append(f"{chain.label}缺第 {sequence + 1} 至 {one.sequence - 1} 号。")
        if one.previous != previous:
            broken.append(f"{name}与前一号接不上。")
        if content is None:
            broken.append(f"{name}的内容不见了或读不出来。")
        elif chained_digest(one.previous, one.sequence, content) != one.digest:
            broken.append(f"{name}的内容与封印不符。")
        if awaited.pop(one.sequence, one.digest) != one.digest:
            broken.append(f"{name}与签过名的链头不符：链被重算过。")
        checked, sequence, previous = checked + 1, one.sequence, one.digest
    if awaited and max(awaited) > sequence:
        broken.append(f"{chain.label}末尾少了第 {sequence + 1} 至 {max(awaited)} 号。")
    if checked and not signed and not faults:
        broken.append(f"{chain.label}的链头文件不见了。")
    return Verification(checked, tuple(broken))


def _sealed(chain: Chain) -> Iterator[tuple[SealBase, bytes | None]]:
    """按序号给出每个封印和它所封的行的规范内容；行不见了、读不出或存法被动过则为 ``None``。"""
    link = f"{chain.seal_model.of}_id"
    after = 0
    while batch := list(chain.seals.filter(sequence__gt=after)[:BATCH]):
        rows = _readable(chain, [getattr(seal_row, link) for seal_row in batch])
        for seal_row in batch:
            row = rows.get(getattr(seal_row, link))
            yield seal_row, None if row is None else chain.canonical(row)
        after = batch[-1].sequence


def _readable(chain: Chain, keys: list[int]) -> dict[int, models.Model]:
    """读出这些行。有一行坏得读不出来（乱码、坏 JSON、坏日期），就逐行读，只丢下坏的。"""
    try:
        rows: dict[int, models.Model] = chain.rows.in_bulk(keys)
    except (DatabaseError, ValueError, TypeError):
        if len(keys) == 1:
            return {}
        half = len(keys) // 2
        return _readable(chain, keys[:half]) | _readable(chain, keys[half:])
    if connection.vendor == "sqlite":
        return {key: row for key, row in rows.items() if _as_stored(chain, row)}
    return rows


def _as_stored(chain: Chain, row: models.Model) -> bool:
    """这一行在 SQLite 里的写法与程序写入时一样。

    SQLite 存的是文本，同一个值可以有几种写法（JSON 里的空白、日期的分隔符）；
    值没变而写法变了，也是被人动过。
    """
    meta = chain.model._meta
    columns = ", ".join(f'CAST("{column.column}" AS BLOB)' for column in meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM "{meta.db_table}" WHERE "{meta.pk.column}" = %s',  # noqa: S608
            [row.pk],
        )
        stored = cursor.fetchone()
    return list(stored) == [
        _as_written(column.get_db_prep_save(getattr(row, column.attname), connection))
        for column in meta.concrete_fields
    ]


def _as_written(value: object) -> bytes | None:
    match value:
        case None:
            return None
        case bool():
            return str(int(value)).encode()
        case bytes():
            return value
    return str(value).encode()


AUDIT = Chain("audit", "审计", AuditEvent, AuditSeal)
