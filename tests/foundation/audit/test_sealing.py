"""封印：改一个字节、删末尾十行、对调两行、从第 N 行重算，都看得出来。"""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.flush import triggers_lifted
from yangguang.foundation.audit.models import AuditEvent, AuditSeal
from yangguang.foundation.audit.rules import canonical_json, chained_digest
from yangguang.foundation.audit.sealing import AUDIT, row_content, seal, verify
from yangguang.foundation.audit.services import record
from yangguang.foundation.failpoints import Stopped, armed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_heads() -> None:
    shutil.rmtree(Path(settings.SEAL_ROOT), ignore_errors=True)


def events(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            record("test.event", actor=None, target=None, note=f"第{number}件")


def tamper(*statements: str) -> None:
    with transaction.atomic(), triggers_lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_committed_rows_get_a_gap_free_sequence() -> None:
    events(30)
    assert seal(AUDIT) == 30
    events(5)
    assert seal(AUDIT) == 5
    assert seal(AUDIT) == 0
    assert list(AuditSeal.objects.values_list("sequence", flat=True)) == list(range(1, 36))
    assert verify(AUDIT).broken == ()
    assert verify(AUDIT).checked == 35


def test_one_changed_byte_is_found() -> None:
    events(30)
    seal(AUDIT)
    victim = AuditSeal.objects.get(sequence=17).event_id
    tamper(f"UPDATE audit_auditevent SET note = '第16件 ' WHERE id = {victim}")
    assert verify(AUDIT).broken == ("审计第 17 号的内容与封印不符。",)


def test_the_last_ten_rows_deleted_are_missed() -> None:
    events(30)
    seal(AUDIT)
    last = AuditSeal.objects.get(sequence=20).event_id
    tamper(
        "DELETE FROM audit_auditseal WHERE sequence > 20",
        f"DELETE FROM audit_auditevent WHERE id > {last}",
    )
    assert verify(AUDIT).broken == ("审计末尾少了第 21 至 30 号。",)


def test_two_rows_swapped_are_found() -> None:
    events(30)
    seal(AUDIT)
    a, b = (AuditSeal.objects.get(sequence=n).event for n in (5, 6))
    tamper(
        f"UPDATE audit_auditevent SET note = '{b.note}' WHERE id = {a.pk}",
        f"UPDATE audit_auditevent SET note = '{a.note}' WHERE id = {b.pk}",
    )
    assert len(verify(AUDIT).broken) == 2


def test_a_chain_recomputed_from_the_middle_is_found() -> None:
    events(30)
    seal(AUDIT)
    victim = AuditSeal.objects.get(sequence=11).event_id
    statements = [f"UPDATE audit_auditevent SET note = '改过' WHERE id = {victim}"]
    tamper(*statements)
    previous = AuditSeal.objects.get(sequence=10).digest
    statements = []
    for one in AuditSeal.objects.filter(sequence__gt=10).select_related("event"):
        digest = chained_digest(previous, one.sequence, canonical_json(row_content(one.event)))
        statements.append(
            f"UPDATE audit_auditseal SET previous = '{previous}', digest = '{digest}' "
            f"WHERE sequence = {one.sequence}"
        )
        previous = digest
    tamper(*statements)
    assert verify(AUDIT).broken == ("审计第 30 号与签过名的链头不符：链被重算过。",)


def test_a_forged_head_is_found() -> None:
    events(3)
    seal(AUDIT)
    path = Path(settings.SEAL_ROOT) / "audit.heads"
    path.write_text(path.read_text().replace('"sequence": 3', '"sequence": 2'))
    assert "签名不符" in verify(AUDIT).broken[0]


@pytest.mark.parametrize("boundary", ["sealing.before_write", "sealing.before_head"])
def test_a_sealer_killed_anywhere_goes_on_where_it_was(boundary: str) -> None:
    events(8)
    with armed(boundary), pytest.raises(Stopped):
        seal(AUDIT)
    events(2)
    seal(AUDIT)
    assert verify(AUDIT).checked == AuditEvent.objects.count() == 10
    assert verify(AUDIT).broken == ()


def test_a_head_written_by_half_is_cut_off_and_written_again() -> None:
    events(2)
    seal(AUDIT)
    path = Path(settings.SEAL_ROOT) / "audit.heads"
    with path.open("a") as stream:
        stream.write('{"chain": "au')
    events(1)
    seal(AUDIT)
    assert verify(AUDIT).broken == ()
