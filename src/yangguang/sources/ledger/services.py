"""发文台账的动作：登记一件，改一件，收下一份清单。"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.lifecycle.services import (
    Classified,
    KeyTaken,
    OutOfScope,
    Refused,
    start,
)
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.organisations.selectors import resolve_units
from yangguang.foundation.reading_day import reading_day
from yangguang.foundation.screening.rules import secret_mark

from .due import FORMED_DUE, PUBLISH_DUE
from .lists import LABELS, MOST_FAULTS, Reading, Row, identity, read_one
from .models import LedgerEntry, ListImport

EDITABLE = (
    "document_number", "title", "written_on", "issued_on", "disclosure", "online_on", "address",
    "text",
)  # fmt: skip
"""登记的人能改的。"""
REVIEWED = "公开属性是补定时审查过的，不能在这里改；要改的，再补定一次。"
REVIEWED_OF_IT = (
    "公开属性是照这个文号、标题、印发日期审查的，不能换成另一件：登记错了的请剔除，再补定一次。"
)
BATCH = 500
DUES = (
    PUBLISH_DUE.field, PUBLISH_DUE.provisional_field, FORMED_DUE.field,
    FORMED_DUE.provisional_field,
)  # fmt: skip


# ---- 一件 ----


@transaction.atomic
def enter(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    unread: str = "",
) -> LedgerEntry:
    """登记一件别处印发的文件，返回它。同一人同一 ``key`` 只登记一次。

    ``unread`` 是不存、只查密级的文字。填得不对、台账里已有的抛出 ``Refused``，带上全部理由；带密级标志抛出
    ``Classified``。
    """
    if secret_mark(unread):
        raise Classified
    if not actor.covers(organisation.pk, organisation.path):
        raise OutOfScope
    entry = LedgerEntry(organisation=organisation, source="manual", **_checked(values))
    date_entry(entry)
    try:
        with transaction.atomic():
            start(entry, actor=actor, key=key)
    except IntegrityError as error:
        raise Refused([_taken(entry)]) from error
    return entry


@transaction.atomic
def edit(
    entry: LedgerEntry, changes: Mapping[str, Any], *, actor: Actor, unread: str = ""
) -> LedgerEntry:
    """改一件登记、导入的文件，记下改了哪些字段；期限随之重算。不能改、填得不对抛出 ``Refused``。"""
    if secret_mark(unread):
        raise Classified
    current = (
        LedgerEntry.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=entry.pk)
    )
    if not current.policy.may_edit(actor, current):
        raise Refused(["本系统的公文照公文记，已剔除的先恢复：都不能在这里改。"])
    given = _checked({name: getattr(current, name) for name in EDITABLE} | dict(changes))
    changed = [name for name in EDITABLE if getattr(current, name) != given[name]]
    if "disclosure" in changed and current.is_reviewed:
        raise Refused([REVIEWED])
    before = _identity(current)
    for name in changed:
        setattr(current, name, given[name])
    if current.is_reviewed and _identity(current) != before:
        raise Refused([REVIEWED_OF_IT])
    if changed:
        date_entry(current)
        try:
            with transaction.atomic():
                current.save(update_fields=[*changed, *DUES, "updated_at"])
        except IntegrityError as error:
            raise Refused([_taken(current)]) from error
        record_event("ledger.edit", actor=actor, target=current, fields=changed)
    entry.refresh_from_db()
    return entry


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """照清单的规矩看过一遍的值；不对的抛出 ``Refused``。"""
    if any(secret_mark(value) for value in values.values() if isinstance(value, str)):
        raise Classified
    row, faults = read_one(_labelled(values), reading_day())
    if row is None:
        raise Refused([f"“{LABELS[each.field]}”{each.reason}" for each in faults])
    return {name: getattr(row, name) for name in EDITABLE}


def _identity(entry: LedgerEntry) -> tuple[object, ...]:
    return identity(entry.document_number, entry.organisation_id, entry.title, entry.issued_on)


def _labelled(values: Mapping[str, Any]) -> dict[str, Any]:
    """公开属性的代码换成清单上的写法。"""
    labels = dict(LedgerEntry._meta.get_field("disclosure").flatchoices)
    told = str(values.get("disclosure") or "")
    return {**values, "disclosure": labels.get(told, told)}


def _taken(entry: LedgerEntry) -> str:
    if entry.document_number:
        return f"台账里已有发文字号“{entry.document_number}”，请先查找；字号有误的，改好再存。"
    return "台账里已有同一天印发的同名文件。确是两件的，请填发文字号。"


def date_entry(entry: LedgerEntry, calendars: Calendars | None = None) -> None:
    """照各项算出两个期限。"""
    calendar = (calendars or Calendars()).of(entry.organisation)
    PUBLISH_DUE.write(entry, calendar)
    FORMED_DUE.write(entry, calendar)


# ---- 一份清单 ----


@transaction.atomic
def take_list(reading: Reading, *, name: str, source: str, actor: Actor, key: str) -> ListImport:
    """收下一份清单：好的行照收，不对的行逐行记下，返回结果。同一 ``key`` 只收一次。

    同一文号已在台账里的，改成清单上的（空着的不动）；本系统的公文照公文记，清单只作对照。
    机构不在 ``actor`` 范围里的行不收。查询次数与行数成比例地少：每五百行几次。
    """
    earlier = ListImport.objects.filter(key=key).first()
    if earlier is not None:
        if earlier.started_by_id != actor.user_id:
            raise KeyTaken
        return earlier
    if secret_mark(name):
        raise Classified
    now = timezone.now()
    taking = _Taking(reading, actor, source, name, now)
    taking.run()
    faults = [_kept_fault(each.row, each.field, each.reason, each.title) for each in reading.faults]
    faults = sorted([*faults, *taking.faults], key=lambda each: each["row"])
    faulty = len({each["row"] for each in faults if not each["is_note"]})
    made = ListImport.objects.create(
        organisation_id=actor.organisation_id, started_by_id=actor.user_id, started_at=now,
        name=name[:120], source=source, key=key, total=reading.lines,
        created=len(taking.fresh), updated=len(taking.changed), unchanged=taking.unchanged,
        faulty=faulty, faults=faults[:MOST_FAULTS],
    )  # fmt: skip
    record_event(
        "ledger.import", actor=actor, target=made,
        public={
            "created": made.created, "changed": made.updated, "not_done": faulty,
            "count": made.total,
        },
    )  # fmt: skip
    return made


def _kept_fault(
    row: int, field: str, reason: str, title: str, *, is_note: bool = False
) -> dict[str, Any]:
    return {"row": row, "field": field, "reason": reason, "title": title, "is_note": is_note}


class _Taking:
    """收一份清单的过程。"""

    def __init__(
        self, reading: Reading, actor: Actor, source: str, name: str, now: datetime
    ) -> None:
        self.rows = reading.rows
        self.actor, self.source, self.name, self.now = actor, source, name, now
        self.calendars = Calendars()
        self.units = named_units((row.organisation for row in self.rows), actor)
        self.faults: list[dict[str, Any]] = []
        self.fresh: list[LedgerEntry] = []
        self.changed: list[LedgerEntry] = []
        self.unchanged = 0

    def run(self) -> None:
        """一批一批地收。"""
        for first in range(0, len(self.rows), BATCH):
            self._batch(self.rows[first : first + BATCH])
        LedgerEntry.objects.bulk_create(self.fresh, batch_size=BATCH)
        fields = [*EDITABLE, *DUES, "system", "updated_at"]
        LedgerEntry.objects.bulk_update(self.changed, fields, batch_size=100)

    def _batch(self, rows: Sequence[Row]) -> None:
        entries = Held(rows)
        for row in rows:
            unit = self.units[lead(row.organisation)]
            if isinstance(unit, str):
                self._fault(row, "organisation", unit)
                continue
            self._take(row, unit, entries.of(row, unit))

    def _take(self, row: Row, unit: Organisation, held: LedgerEntry | None) -> None:
        if held is None:
            self.fresh.append(self._new(row, unit))
        elif held.organisation_id != unit.pk:
            owner = held.organisation
            told = f"“{owner}”" if self.actor.covers(owner.pk, owner.path) else "别的机构"
            self._fault(row, "document_number", f"这个文号已记在{told}名下，请核对。")
        elif held.document_id is not None:
            self.unchanged += 1
            for field, told in _against_document(row, held):
                self._fault(row, field, told, is_note=True)
        else:
            if held.is_reviewed and row.disclosure != held.disclosure:
                shown = held.get_disclosure_display()
                self._fault(
                    row, "disclosure", f"补定时审查定的是“{shown}”，清单上的没有用。", is_note=True
                )
            if self._update(held, row):
                self.changed.append(held)
            else:
                self.unchanged += 1

    def _new(self, row: Row, unit: Organisation) -> LedgerEntry:
        entry = LedgerEntry(
            organisation=unit,
            source=self.source,
            system=self.name[:120],
            state=LedgerEntry.lifecycle.initial,
            created_by_id=self.actor.user_id,
            created_at=self.now,
            **{name: getattr(row, name) for name in EDITABLE},
        )
        date_entry(entry, self.calendars)
        return entry

    def _update(self, entry: LedgerEntry, row: Row) -> bool:
        """清单上写了的、不同的，改过来；空着的不动。"""
        changed = [
            name
            for name in EDITABLE
            if not (name == "disclosure" and entry.is_reviewed)
            and getattr(row, name) not in ("", None)
            and getattr(row, name) != getattr(entry, name)
        ]
        for name in changed:
            setattr(entry, name, getattr(row, name))
        if changed:
            entry.system, entry.updated_at = self.name[:120], self.now
            date_entry(entry, self.calendars)
        return bool(changed)

    def _fault(self, row: Row, field: str, reason: str, *, is_note: bool = False) -> None:
        self.faults.append(_kept_fault(row.number, field, reason, row.title[:60], is_note=is_note))


def named_units(phrases: Iterable[str], actor: Actor) -> dict[str, Organisation | str]:
    """清单上的写法各指哪个机构，空的是本机构；指不准、不在 ``actor`` 范围内的是一句缘由。"""
    own = Organisation.objects.get(pk=actor.organisation_id)
    wanted = sorted({lead(phrase) for phrase in phrases} - {""})
    found: dict[str, Organisation | str] = {"": own}
    resolved = resolve_units(wanted, scope=own.code) if wanted else []
    codes = {code for each in resolved for code in each.codes}
    known = {unit.code: unit for unit in Organisation.objects.filter(code__in=codes)}
    for phrase, each in zip(wanted, resolved, strict=True):
        unit = known.get(each.codes[0]) if len(each.codes) == 1 else None
        if unit is None or each.group or each.is_open:
            found[phrase] = f"“{phrase[:30]}”不知道是哪个机构，请写名录上的全称或简称。"
        elif not actor.covers(unit.pk, unit.path):
            found[phrase] = f"“{unit}”不在您的范围内，由它自己或者管得到它的监督员导入。"
        else:
            found[phrase] = unit
    return found


class Held:
    """在账的、与这几行同文号或者同机构同标题同日期的，锁住。一两次查询。"""

    def __init__(self, rows: Sequence[Row]) -> None:
        listed = LedgerEntry.objects.select_for_update(of=("self",)).select_related(
            "organisation", "document"
        ).filter(state=LedgerEntry.lifecycle.initial)  # fmt: skip
        numbers = [row.document_number for row in rows if row.document_number]
        self._numbered = {
            each.document_number: each for each in listed.filter(document_number__in=numbers)
        }
        titles = [row.title for row in rows if not row.document_number]
        self._named: dict[tuple[int, str, date], LedgerEntry] = {
            (each.organisation_id, each.title, each.issued_on): each
            for each in (listed.filter(document_number="", title__in=titles) if titles else ())
        }

    def of(self, row: Row, unit: Organisation) -> LedgerEntry | None:
        """这一行说的是台账里的哪一件；没有为空。"""
        if row.document_number:
            return self._numbered.get(row.document_number)
        return self._named.get((unit.pk, row.title, row.issued_on))


def lead(phrase: str) -> str:
    """联合发文的，牵头的是第一个。"""
    for mark in "、,，;；":
        phrase = phrase.partition(mark)[0]
    return phrase.strip()


def _against_document(row: Row, held: LedgerEntry) -> Iterator[tuple[str, str]]:
    """清单与本系统的公文不同之处。"""
    for name in ("issued_on", "disclosure"):
        mine, theirs = getattr(held, name), getattr(row, name)
        if mine != theirs:
            shown = held.get_disclosure_display() if name == "disclosure" else mine.isoformat()
            yield name, f"本系统的公文上是“{shown}”，照公文记，清单上的没有用。"
