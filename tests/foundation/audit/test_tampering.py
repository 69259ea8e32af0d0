"""封印经得起什么：逐字节的改动、删改末尾、丢钥匙、断电、几个封印者同时来、kill -9。"""

import json
import os
import signal
import stat
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.flush import triggers_lifted
from tests.processes import finish, start, together
from yangguang.foundation.audit import heads
from yangguang.foundation.audit.models import AuditEvent, AuditSeal
from yangguang.foundation.audit.rules import GENESIS, chained_digest
from yangguang.foundation.audit.sealing import (
    AUDIT,
    all_chains,
    seal,
    seal_all,
    verify,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def seal_root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.SEAL_ROOT = tmp_path / "seals"
    return tmp_path / "seals"


def _happen(count: int, start_at: int = 0) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            action=f"test.{start_at + n}",
            at=timezone.now(),
            target_label=f"第{n}件",
            public={"序": n, "名": "公文"},
            note="照章办理",
        )
        for n in range(count)
    )


def _tamper(*statements: str) -> None:
    """拆掉触发器，直接写库，再装回去：一个有数据库口令的人能做的事。"""
    with transaction.atomic(), triggers_lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    assert AuditEvent.objects.exists()


def _sealed(count: int) -> list[AuditEvent]:
    _happen(count)
    assert seal(AUDIT) == count
    assert verify(AUDIT).broken == ()
    return list(AuditEvent.objects.order_by("seal__sequence"))


def test_committed_rows_get_consecutive_numbers_and_chained_digests() -> None:
    events = _sealed(7)
    _happen(5, 7)
    assert seal(AUDIT) == 5
    assert seal(AUDIT) == 0
    seals = list(AuditSeal.objects.order_by("sequence"))
    assert [s.sequence for s in seals] == list(range(1, 13))
    assert [s.event_id for s in seals] == sorted(s.event_id for s in seals)
    assert seals[0].previous == GENESIS
    assert all(after.previous == before.digest for before, after in zip(seals, seals[1:], strict=False))  # fmt: skip
    assert seals[0].digest == chained_digest(GENESIS, 1, AUDIT.canonical(events[0]))
    assert verify(AUDIT).checked == 12


def test_more_rows_than_a_batch_are_sealed_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yangguang.foundation.audit.sealing.BATCH", 4)
    _sealed(10)
    assert verify(AUDIT).checked == 10


def test_a_row_that_committed_late_is_found_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yangguang.foundation.audit.sealing.SLACK", 3)
    first = AuditEvent.objects.create(action="late", at=timezone.now())
    with transaction.atomic(), triggers_lifted():
        AuditEvent.objects.all().delete()
    _happen(10)
    seal(AUDIT)
    AuditEvent.objects.create(pk=first.pk, action="late", at=first.at)
    assert seal(AUDIT) == 0
    assert seal(AUDIT, sweep=True) == 1
    assert verify(AUDIT).broken == ()


CHANGED_BYTES = [
    ("one letter of a name", "UPDATE audit_auditevent SET target_label = '第8件' WHERE id = {id}"),
    ("the time by a microsecond", None),
    ("a figure inside the public values", None),
    ("an emptied note", "UPDATE audit_auditevent SET note = '' WHERE id = {id}"),
    ("a role put in", "UPDATE audit_auditevent SET role = 'approver' WHERE id = {id}"),
]


@pytest.mark.parametrize(("what", "statement"), CHANGED_BYTES, ids=[w for w, _ in CHANGED_BYTES])
def test_one_changed_value_in_any_row_is_found(what: str, statement: str | None) -> None:
    victim = _sealed(12)[4]
    if statement is None:
        with transaction.atomic(), triggers_lifted():
            if what.startswith("the time"):
                later = victim.at + timezone.timedelta(microseconds=1)
                AuditEvent.objects.filter(pk=victim.pk).update(at=later)
            else:
                AuditEvent.objects.filter(pk=victim.pk).update(public={"序": 5, "名": "公文"})
    else:
        _tamper(statement.format(id=victim.pk))
    assert verify(AUDIT).broken == ("审计第 5 号的内容与封印不符。",)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="逐字节改动只在 SQLite 的文本列上有意义")
def test_any_single_byte_of_a_stored_row_is_found_even_where_the_value_reads_the_same() -> None:
    """把一行里每个文本列的每个字节各翻一次：连 JSON 的空白、日期的分隔符也算。"""
    victim = _sealed(3)[1]
    tried = 0
    for column in ("action", "at", "target_label", "fields", "public", "personal", "note"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT CAST({column} AS BLOB) FROM audit_auditevent WHERE id = {victim.pk}"
            )
            original = cursor.fetchone()[0]
        for position in range(len(original)):
            changed = bytearray(original)
            changed[position] ^= 0x01
            _tamper_bytes(column, victim.pk, bytes(changed))
            assert verify(AUDIT).broken, (column, position)
            tried += 1
        _tamper_bytes(column, victim.pk, original)
        assert verify(AUDIT).broken == ()
    assert tried > 80


def _tamper_bytes(column: str, key: int, content: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        _tamper(
            f"UPDATE audit_auditevent SET {column} = CAST(x'{content.hex()}' AS TEXT) "
            f"WHERE id = {key}"
        )
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_the_same_json_in_another_spelling_is_found() -> None:
    victim = _sealed(3)[1]
    if connection.vendor != "sqlite":
        pytest.skip("jsonb 不保留写法，没有第二种写法可言")
    _tamper_bytes("public", victim.pk, json.dumps(victim.public, separators=(",", ":")).encode())
    assert verify(AUDIT).broken == ("审计第 2 号的内容不见了或读不出来。",)


def test_new_rows_after_a_deleted_tail_do_not_hide_it() -> None:
    events = _sealed(30)
    _tamper(
        "DELETE FROM audit_auditseal WHERE sequence > 20",
        f"DELETE FROM audit_auditevent WHERE id > {events[19].pk}",
    )
    _happen(25)
    assert seal(AUDIT) == 25
    assert verify(AUDIT).broken == ("审计第 30 号与签过名的链头不符：链被重算过。",)


def test_a_row_deleted_in_the_middle_is_found() -> None:
    victim = _sealed(9)[3]
    _tamper(
        "DELETE FROM audit_auditseal WHERE sequence = 4",
        f"DELETE FROM audit_auditevent WHERE id = {victim.pk}",
    )
    assert verify(AUDIT).broken == (
        "审计缺第 4 至 4 号。",
        "审计第 5 号与前一号接不上。",
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL 的外键不让只删被封存的行")
def test_a_row_deleted_under_its_seal_is_found() -> None:
    victim = _sealed(9)[3]
    with connection.constraint_checks_disabled():
        _tamper(f"DELETE FROM audit_auditevent WHERE id = {victim.pk}")
    assert verify(AUDIT).broken == ("审计第 4 号的内容不见了或读不出来。",)
    with triggers_lifted():
        AuditSeal.objects.all().delete()


def test_two_swapped_rows_are_found() -> None:
    events = _sealed(9)
    one, two = events[2].pk, events[6].pk
    copied = "action, at, target_label, public, note"
    _tamper(
        f"CREATE TEMP TABLE held AS SELECT * FROM audit_auditevent WHERE id IN ({one}, {two})",
        f"UPDATE audit_auditevent SET ({copied}) = (SELECT {copied} FROM held WHERE held.id = {two}) WHERE id = {one}",
        f"UPDATE audit_auditevent SET ({copied}) = (SELECT {copied} FROM held WHERE held.id = {one}) WHERE id = {two}",
        "DROP TABLE held",
    )  # fmt: skip
    assert verify(AUDIT).broken == (
        "审计第 3 号的内容与封印不符。",
        "审计第 7 号的内容与封印不符。",
    )


def test_two_swapped_seals_are_found() -> None:
    events = _sealed(9)
    one, two = events[2].pk, events[6].pk
    _tamper(
        "DELETE FROM audit_auditseal WHERE sequence = 7",
        f"UPDATE audit_auditseal SET event_id = {two} WHERE sequence = 3",
        "INSERT INTO audit_auditseal (sequence, previous, digest, event_id) VALUES "
        f"(7, '{events[6].seal.previous}', '{events[6].seal.digest}', {one})",
    )
    assert [line[:7] for line in verify(AUDIT).broken] == ["审计第 3 号", "审计第 7 号"]


def test_a_chain_recomputed_from_some_row_on_is_found_by_the_signed_heads() -> None:
    """改一行，再把这一行以后的封印全部重算：库里自圆其说，只有链头的签名对不上。"""
    _happen(10)
    seal(AUDIT)
    _happen(10, 10)
    seal(AUDIT)
    victim = AuditSeal.objects.get(sequence=8).event
    _tamper(f"UPDATE audit_auditevent SET note = '另行处理' WHERE id = {victim.pk}")
    statements = []
    previous = AuditSeal.objects.get(sequence=7).digest
    for row in AuditSeal.objects.filter(sequence__gte=8).order_by("sequence"):
        event = AuditEvent.objects.get(pk=row.event_id)
        digest = chained_digest(previous, row.sequence, AUDIT.canonical(event))
        statements.append(
            f"UPDATE audit_auditseal SET previous = '{previous}', digest = '{digest}' "
            f"WHERE sequence = {row.sequence}"
        )
        previous = digest
    _tamper(*statements)
    assert verify(AUDIT).broken == tuple(
        f"审计第 {head} 号与签过名的链头不符：链被重算过。" for head in (10, 20)
    )


def test_missing_heads_and_a_missing_public_key_are_said(seal_root: Path) -> None:
    _sealed(3)
    kept = (seal_root / "audit.heads").read_bytes()
    (seal_root / "audit.heads").unlink()
    assert verify(AUDIT).broken == ("审计的链头文件不见了。",)
    (seal_root / "audit.heads").write_bytes(kept)
    (seal_root / heads.PUBLIC_KEY).unlink()
    assert verify(AUDIT).broken == (
        "审计链头文件的公钥 signing-key.pub 不见了或已损坏，无从验签。",
    )


def test_a_lost_private_key_is_not_silently_replaced(seal_root: Path) -> None:
    _sealed(3)
    (seal_root / heads.PRIVATE_KEY).unlink()
    _happen(1, 3)
    with pytest.raises(heads.KeyMissing, match="从备份恢复"):
        seal(AUDIT)
    assert AuditSeal.objects.count() == 4
    assert not (seal_root / heads.PRIVATE_KEY).exists()


def test_the_private_key_is_readable_by_its_owner_only(seal_root: Path) -> None:
    _sealed(1)
    assert stat.S_IMODE((seal_root / heads.PRIVATE_KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(seal_root.stat().st_mode) == 0o700


def test_a_head_that_was_not_written_is_written_by_the_next_sealing(seal_root: Path) -> None:
    _happen(3)
    with transaction.atomic():
        seal(AUDIT)
        connection.run_on_commit.clear()
    assert not (seal_root / "audit.heads").exists()
    assert seal(AUDIT) == 0
    assert [head.sequence for head in heads.read("audit")[0]] == [3]


def test_seals_themselves_cannot_be_changed() -> None:
    _sealed(2)
    for statement in ("UPDATE audit_auditseal SET digest = ''", "DELETE FROM audit_auditseal"):
        with pytest.raises(DatabaseError, match="只增不改"):
            connection.cursor().execute(statement)


SEALER = """
    from django.utils import timezone
    from yangguang.foundation.audit.models import AuditEvent
    from yangguang.foundation.audit.sealing import AUDIT, seal
    from django.conf import settings
    settings.SEAL_ROOT = {root!r}
    print("ready", flush=True)
    input()
    for n in range({rounds}):
        AuditEvent.objects.create(action="x", at=timezone.now(), note=str(n))
        seal(AUDIT)
    print("done", flush=True)
"""


def test_three_sealers_at_once_make_one_chain(seal_root: Path) -> None:
    processes = [start(SEALER.format(root=str(seal_root), rounds=8)) for _ in range(3)]
    together(processes)
    for process in processes:
        finish(process)
    seal(AUDIT)
    result = verify(AUDIT)
    assert (result.checked, result.broken) == (24, ())


def test_sealers_killed_in_mid_work_leave_a_chain_that_the_next_one_continues(
    seal_root: Path,
) -> None:
    for round_number in range(1, 4):
        process = start(SEALER.format(root=str(seal_root), rounds=10_000))
        together([process])
        while AuditEvent.objects.count() < round_number * 7:
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    seal(AUDIT)
    result = verify(AUDIT)
    assert result.broken == ()
    assert result.checked == AuditEvent.objects.count() >= 21


def test_the_command_answers_in_its_contract(capsys: pytest.CaptureFixture[str]) -> None:
    _sealed(4)
    _happen(1, 4)
    call_command("verify_audit", "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "checked": 4, "broken": []}
    call_command("verify_audit")
    assert capsys.readouterr().out == ("查了 4 行，链条完整。\n另有 1 行刚写入，尚待封印。\n")
    victim = AuditEvent.objects.first()
    assert victim
    _tamper(f"UPDATE audit_auditevent SET note = 'x' WHERE id = {victim.pk}")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit", "--json")
    assert stopped.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"ok": False, "checked": 4, "broken": ["审计第 1 号的内容与封印不符。"]}


def test_every_registered_chain_is_sealed_together() -> None:
    assert {"audit", "changes"} <= {chain.name for chain in all_chains()}
    _happen(3)
    assert seal_all() == 3
    assert [verify(chain).checked for chain in all_chains() if chain.name == "audit"] == [3]
