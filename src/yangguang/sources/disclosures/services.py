"""公开属性补定的动作：收一张表，退回几件，审查通过的写进台账。"""

from collections.abc import Sequence

from django.db import transaction

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.lifecycle.models import TransitionRecord
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, refuse_marked, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.sources.documents.disclosure import DISCLOSURES, norm_fault
from yangguang.sources.ledger.lists import Row
from yangguang.sources.ledger.services import lead, named_units
from yangguang.sources.ledger.settling import Settled, held_by, settle

from .circulation import DRAFTER, REVIEWER
from .models import DisclosureBatch, DisclosureLine
from .rules import BadRow, Batch, Proposal
from .selectors import elsewhere, norms_among

TOLD = 5
"""不能写进台账的，最多说几件。"""
WRITTEN = (
    "number", "document_number", "title", "written_on", "issued_on", "disclosure",
    "disclosure_ground", "disclosure_reason", "is_norm", "online_on", "address", "before", "struck",
)  # fmt: skip


@transaction.atomic
def begin(
    reading: Batch, *, name: str, organisation: Organisation, actor: Actor, key: str
) -> DisclosureBatch:
    """开始一批。好的行收下，坏的行连同缘由留着退回。同一人同一 ``key`` 只收一次。

    ``name`` 带密级标志的抛出 ``Classified``。
    """
    refuse_marked(name)
    batch = DisclosureBatch(organisation=organisation, name=name[:120])
    is_again = TransitionRecord.objects.filter(idempotency_key=key).exists()
    start(batch, actor=actor, key=key)
    if not is_again:
        _take(batch, reading, actor)
    return batch


@transaction.atomic
def supplement(batch: DisclosureBatch, reading: Batch, *, actor: Actor) -> DisclosureBatch:
    """改好的再传：同一件的换成新的，没有的添上，没有收的行换成这张表的。不在拟定的抛出 ``Refused``。"""
    current = _held(batch, actor, "draft", DRAFTER)
    taken = _take(current, reading, actor)
    record_event("disclosures.supplement", actor=actor, target=current, public={"count": taken})
    return current


@transaction.atomic
def drop_line(batch: DisclosureBatch, line: DisclosureLine, *, actor: Actor) -> None:
    """去掉一件。不在拟定的抛出 ``Refused``。"""
    current = _held(batch, actor, "draft", DRAFTER)
    current.lines.filter(pk=line.pk).delete()
    record_event(
        "disclosures.drop_line",
        actor=actor,
        target=current,
        public={"document_number": line.document_number},
    )


@transaction.atomic
def strike(
    batch: DisclosureBatch, lines: Sequence[DisclosureLine], reason: str, *, actor: Actor
) -> None:
    """审查时退回几件，写明缘由：别的照审，这几件不写进台账。不在审查的抛出 ``Refused``。"""
    refuse_marked(reason)
    current = _held(batch, actor, "in_review", REVIEWER)
    current.lines.filter(pk__in=[line.pk for line in lines]).update(struck=reason)
    record_event(
        "disclosures.strike", actor=actor, target=current, note=reason, public={"count": len(lines)}
    )


@transaction.atomic
def reinstate(batch: DisclosureBatch, line: DisclosureLine, *, actor: Actor) -> None:
    """退回的一件不退了。不在审查的抛出 ``Refused``。"""
    current = _held(batch, actor, "in_review", REVIEWER)
    current.lines.filter(pk=line.pk).update(struck="")
    record_event(
        "disclosures.reinstate",
        actor=actor,
        target=current,
        public={"document_number": line.document_number},
    )


def carry_out(batch: DisclosureBatch, *, actor: Actor) -> None:
    """没有退回的各件写进台账。由流转引擎在同一事务里调用。

    拟定以后台账里的公开属性变了的、写不进去的抛出 ``Refused``，逐件说明：审查的人看的不是现在的。
    """
    lines = list(batch.lines.filter(struck=""))
    rows = [_row_of(line) for line in lines]
    norms = norms_among(row.document_number for row in rows)
    found, refused = held_by(rows, batch.organisation)
    for row, line in zip(rows, lines, strict=True):
        entry = found.get(row.number)
        now = entry.disclosure if entry else ""
        if fault := norm_fault(row.disclosure, is_norm=row.document_number in norms):
            refused.setdefault(row.number, fault)
        elif now != line.before:
            refused.setdefault(row.number, _changed(line.before, now))
    if refused:
        named = {line.pk: str(line) for line in lines}
        told = [f"“{named[number]}”：{refused[number]}" for number in sorted(refused)[:TOLD]]
        more = [f"另有 {len(refused) - TOLD} 件。"] if len(refused) > TOLD else []
        raise Refused([*told, *more, "请退回这几件，或者整批退回。"])
    given = [
        Settled(row, line.disclosure_ground, line.disclosure_reason)
        for row, line in zip(rows, lines, strict=True)
    ]
    entries = settle(given, organisation=batch.organisation, actor=actor)
    for line in lines:
        line.entry = entries[line.pk]
    DisclosureLine.objects.bulk_update(lines, ["entry"], batch_size=500)
    batch.settled = len(lines)


def _changed(before: str, now: str) -> str:
    was = f"台账里是{DISCLOSURES[before]}" if before else "不在台账里"
    told = f"是{DISCLOSURES[now]}" if now else "不在台账里"
    return f"拟定时{was}，现在{told}。"


def _held(
    batch: DisclosureBatch, actor: Actor, state: str, roles: frozenset[str]
) -> DisclosureBatch:
    """锁住一批；看不见的抛出 ``OutOfScope``，这时不能动的抛出 ``Refused``。"""
    current = DisclosureBatch.objects.select_for_update().filter(pk=batch.pk).first()
    visible = DisclosureBatch.policy.visible(actor).filter(pk=batch.pk)
    if current is None or actor.role not in roles or not visible.exists():
        raise OutOfScope
    if current.state != state:
        wanted = DisclosureBatch.lifecycle.states[state]
        raise Refused([f"“{current.state_label}”时不能动，须在“{wanted}”时办。"])
    return current


def _take(batch: DisclosureBatch, reading: Batch, actor: Actor) -> int:
    """收一张表进这一批，返回收了几件。查询次数与件数成比例地少。"""
    units = named_units((each.row.organisation for each in reading.proposals), actor)
    norms = norms_among(each.row.document_number for each in reading.proposals)
    others = elsewhere((each.identity for each in reading.proposals), batch)
    entries, refused = held_by([each.row for each in reading.proposals], batch.organisation)
    bad = list(reading.bad)
    lines: list[DisclosureLine] = []
    firsts: dict[str, int] = {}
    for each in reading.proposals:
        row = each.row
        unit = units[lead(row.organisation)]
        entry = entries.get(row.number)
        reason = ""
        if isinstance(unit, str):
            reason = unit
        elif unit.pk != batch.organisation_id:
            reason = f"这是“{unit}”的文件：公开属性由制发机构自己定。"
        elif firsts.setdefault(each.identity, row.number) != row.number:
            reason = f"与第 {firsts[each.identity]} 行是同一件。"
        elif each.identity in others:
            reason = f"已在“{others[each.identity]}”这一批里。"
        elif row.number in refused:
            reason = refused[row.number]
        elif fault := norm_fault(row.disclosure, is_norm=row.document_number in norms):
            reason = fault
        elif entry is not None and entry.is_reviewed and _is_same(entry, each):
            reason = "已经补定过，与这一行相同，不必再定。"
        if reason:
            bad.append(BadRow(row.number, reading.cells[row.number], (reason,)))
        else:
            lines.append(_line(batch, each, entry.disclosure if entry else "", norms))
    DisclosureLine.objects.bulk_create(
        lines, batch_size=500, update_conflicts=True, unique_fields=["batch", "identity"],
        update_fields=WRITTEN,
    )  # fmt: skip
    batch.headings = list(reading.headings)
    batch.faults = [
        {"row": each.number, "cells": each.cells, "reasons": each.reasons}
        for each in sorted(bad, key=lambda each: each.number)
    ]
    batch.faulty = len(bad)
    batch.save(update_fields=["headings", "faults", "faulty", "updated_at"])
    return len(lines)


def _is_same(entry: object, proposal: Proposal) -> bool:
    now = [getattr(entry, f"disclosure{tail}") for tail in ("", "_ground", "_reason")]
    return now == [proposal.row.disclosure, proposal.ground, proposal.reason]


def _line(
    batch: DisclosureBatch, proposal: Proposal, before: str, norms: frozenset[str]
) -> DisclosureLine:
    row = proposal.row
    return DisclosureLine(
        batch=batch, number=row.number, identity=proposal.identity,
        document_number=row.document_number, title=row.title, written_on=row.written_on,
        issued_on=row.issued_on, disclosure=row.disclosure, disclosure_ground=proposal.ground,
        disclosure_reason=proposal.reason, online_on=row.online_on, address=row.address,
        is_norm=proposal.is_norm or row.document_number in norms, before=before,
    )  # fmt: skip


def _row_of(line: DisclosureLine) -> Row:
    """台账要的一行；行号用编号：先后几张表的行号会重。"""
    return Row(
        line.pk, line.document_number, line.title, "", line.written_on, line.issued_on,
        line.disclosure, line.online_on, line.address,
    )  # fmt: skip
