"""代码表的动作：添一项，改说法，停用。没有删除。"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.services import Classified, OutOfScope, Refused
from yangguang.foundation.screening.rules import secret_mark

from .models import CodeEntry
from .policy import may_maintain
from .rules import (
    CodeTable,
    Entry,
    adding_faults,
    day_before,
    ending_faults,
    revising_faults,
)
from .selectors import forget


@transaction.atomic
def add_code(table: CodeTable, wanted: Entry, *, actor: Actor) -> None:
    """添一项，排在最后。不归此人管抛出 ``OutOfScope``，不合规矩抛出 ``Refused``。"""
    rows = _opened(table, actor)
    _refuse(adding_faults([row.entry for row in rows], wanted), wanted)
    position = max((row.position for row in rows), default=-1) + 1
    _enter(table, wanted, position, actor)
    _tell("add_code", table, wanted, actor)


@transaction.atomic
def revise_code(table: CodeTable, wanted: Entry, *, since: date, actor: Actor) -> None:
    """自 ``since`` 起改用新的说法；旧的止于前一日。"""
    wanted = replace(wanted, valid_from=since)
    rows = _opened(table, actor)
    _refuse(revising_faults([row.entry for row in rows], wanted), wanted)
    latest = _latest(rows, wanted.code)
    latest.valid_until = day_before(since)
    latest.save(update_fields=["valid_until"])
    _enter(table, wanted, latest.position, actor)
    _tell("revise_code", table, wanted, actor)


@transaction.atomic
def end_code(table: CodeTable, code: str, last_day: date, *, reason: str, actor: Actor) -> None:
    """停用：``last_day`` 是最后一天。从前选了它的记录不变。"""
    rows = _opened(table, actor)
    faults = ending_faults([row.entry for row in rows], code, last_day)
    if not reason.strip():
        faults.append("停用须写明理由。")
    _refuse(faults, Entry(code, reason))
    latest = _latest(rows, code)
    latest.valid_until = last_day
    latest.save(update_fields=["valid_until"])
    _tell("end_code", table, replace(latest.entry, valid_until=last_day), actor, reason)


def _opened(table: CodeTable, actor: Actor) -> Sequence[CodeEntry]:
    """表里的各项，锁住；还没有改过的，先把随产品发布的存进来。"""
    if not may_maintain(actor):
        raise OutOfScope
    rows = list(CodeEntry.objects.select_for_update().filter(table=table.slug).order_by("pk"))
    if rows:
        return rows
    now = timezone.now()
    places: dict[str, int] = {}
    for entry in table.packaged:
        places.setdefault(entry.code, len(places))
    return CodeEntry.objects.bulk_create(
        CodeEntry(
            table=table.slug, position=places[entry.code], code=entry.code, label=entry.label,
            legal_basis=entry.legal_basis, valid_from=entry.valid_from,
            valid_until=entry.valid_until, entered_at=now,
        )
        for entry in table.packaged
    )  # fmt: skip


def _latest(rows: Sequence[CodeEntry], code: str) -> CodeEntry:
    return max(
        (row for row in rows if row.code == code), key=lambda row: row.valid_from or date.min
    )


def _enter(table: CodeTable, wanted: Entry, position: int, actor: Actor) -> None:
    CodeEntry.objects.create(
        table=table.slug, position=position, code=wanted.code, label=wanted.label,
        legal_basis=wanted.legal_basis, valid_from=wanted.valid_from, entered_by_id=actor.user_id,
        entered_at=timezone.now(),
    )  # fmt: skip


def _refuse(faults: list[str], wanted: Entry) -> None:
    if secret_mark(f"{wanted.label}\n{wanted.legal_basis}"):
        raise Classified
    if faults:
        raise Refused(faults)


def _tell(verb: str, table: CodeTable, entry: Entry, actor: Actor, note: str = "") -> None:
    forget()
    record_event(
        f"codes.{verb}",
        actor=actor,
        target=None,
        target_label=f"{table.name}：{entry.label}",
        fields=("label", "legal_basis", "valid_from", "valid_until"),
        public={
            "table": table.slug,
            "code": entry.code,
            "label": entry.label,
            "valid_from": entry.valid_from.isoformat() if entry.valid_from else "",
            "valid_until": entry.valid_until.isoformat() if entry.valid_until else "",
        },
        note=note,
    )
