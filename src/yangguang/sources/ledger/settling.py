"""补定公开属性：一批从前印发的文件，审查过的公开属性和理由写进台账。"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.reading_day import reading_day

from .lists import Row
from .models import LedgerEntry
from .rules import date_faults
from .services import BATCH, DUES, Held, date_entry

WRITTEN = (
    "disclosure", "disclosure_ground", "disclosure_reason", "is_reviewed", *DUES, "updated_at",
)  # fmt: skip
FILLED = ("written_on", "online_on", "address")
"""台账里空着的，照表补上；写了的不动。"""


@dataclass(frozen=True)
class Settled:
    """一件文件定成的公开属性；不主动公开的连同理由类别和理由。"""

    row: Row
    ground: str = ""
    reason: str = ""


def held_by(
    rows: Sequence[Row], organisation: Organisation
) -> tuple[dict[int, LedgerEntry], dict[int, str]]:
    """这几行（行号）各是台账里的哪一件，和不能由这个机构补定的缘由。每五百行两次查询。"""
    found: dict[int, LedgerEntry] = {}
    refused: dict[int, str] = {}
    for first in range(0, len(rows), BATCH):
        part = rows[first : first + BATCH]
        entries = Held(part)
        for row in part:
            entry = entries.of(row, organisation)
            if entry is None:
                continue
            found[row.number] = entry
            if entry.organisation_id != organisation.pk:
                refused[row.number] = "这个文号已记在别的机构名下，请核对。"
            elif entry.document_id is not None:
                refused[row.number] = "这是本系统的公文，公开属性在公文上定。"
            elif row.issued_on != entry.issued_on:
                refused[row.number] = (
                    f"台账里的印发日期是 {entry.issued_on.isoformat()}，两边对不上，请核对。"
                )
            elif faults := date_faults(
                entry.written_on or row.written_on, entry.issued_on,
                entry.online_on or row.online_on, reading_day(),
            ):  # fmt: skip
                refused[row.number] = f"与台账里的日期合起来：{faults[0][1]}"
    return found, refused


def settle(
    given: Sequence[Settled], *, organisation: Organisation, actor: Actor
) -> Mapping[int, LedgerEntry]:
    """写进台账，返回每一行（行号）记成的那一件：在账的改，没有的新记。须在事务里；先用 ``held_by`` 看过。"""
    found, _ = held_by([each.row for each in given], organisation)
    calendars, now = Calendars(), timezone.now()
    changed, fresh = [], []
    for each in given:
        row = each.row
        entry = found.get(row.number)
        if entry is None:
            entry = LedgerEntry(
                organisation=organisation, source="backfill",
                state=LedgerEntry.lifecycle.initial, created_by_id=actor.user_id, created_at=now,
                document_number=row.document_number, title=row.title, issued_on=row.issued_on,
            )  # fmt: skip
            fresh.append(entry)
            found[row.number] = entry
        else:
            changed.append(entry)
        for name in FILLED:
            if getattr(entry, name) in ("", None):
                setattr(entry, name, getattr(row, name))
        entry.disclosure = row.disclosure
        entry.disclosure_ground, entry.disclosure_reason = each.ground, each.reason
        entry.is_reviewed, entry.updated_at = True, now
        date_entry(entry, calendars)
    LedgerEntry.objects.bulk_create(fresh, batch_size=BATCH)
    LedgerEntry.objects.bulk_update(changed, [*WRITTEN, *FILLED], batch_size=100)
    return found
