"""台账跟着公文记：签发了的公文自己进台账，发布、更正、撤回随着改。只读公文和信息资源库，不反过来写。

公文走一步就记一次，与那一步同一个事务；每夜再从头对一遍，漏了的补上。
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.calendar.selectors import Calendars
from yangguang.foundation.lifecycle.watching import Step
from yangguang.hub.publications.models import Publication
from yangguang.hub.publications.selectors import path_of
from yangguang.sources.documents.circulation import IN_CIRCULATION
from yangguang.sources.documents.due import AWAITING
from yangguang.sources.documents.models import OfficialDocument

from .due import FORMED_DUE, PUBLISH_DUE
from .models import LedgerEntry

NOT_ISSUED = frozenset({"draft", *IN_CIRCULATION})
ISSUED = frozenset({*AWAITING, "published", "revising", "withdrawn"})
"""公文的哪些状态算印发了。"""
BATCH = 500
COPIED = (
    "organisation_id", "document_number", "title", "written_on", "issued_on", "disclosure",
    "disclosure_ground", "disclosure_reason",
)  # fmt: skip
"""照公文记的各项。"""
KEPT = (
    *COPIED, "is_reviewed", "online_on", "address", "withdrawn_on", "source", "system", "text",
    "document",
    PUBLISH_DUE.field, PUBLISH_DUE.provisional_field, FORMED_DUE.field,
    FORMED_DUE.provisional_field, "updated_at",
)  # fmt: skip


def on_steps(steps: Sequence[Step]) -> None:
    """公文走了几步：印发了的记进台账。"""
    if isinstance(steps[0].record, OfficialDocument):
        follow([step.record.pk for step in steps if step.record.state in ISSUED])


def gather() -> int:
    """从头对一遍：印发了的公文都在台账里、各项都相同。返回改了几行。重做无害。"""
    keys = list(
        OfficialDocument.objects.filter(state__in=ISSUED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(follow(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))


@transaction.atomic
def follow(documents: Iterable[int]) -> int:
    """把这几份公文（编号）现在的样子记进台账，返回新增、改动的行数。查询次数与份数无关。"""
    wanted = list(documents)
    if not wanted:
        return 0
    found = [
        document
        for document in OfficialDocument.objects.filter(pk__in=wanted).select_related(
            "organisation"
        )
        if document.issued_on is not None and document.disclosure
    ]
    published = {
        each.source_id: each
        for each in Publication.objects.filter(
            kind="document", source_label="documents.officialdocument", source_id__in=wanted
        ).select_related("site")
    }
    rows = LedgerEntry.objects.select_for_update(of=("self",)).order_by("pk")
    own = {row.document_id: row for row in rows.filter(document__in=wanted)}
    numbers = {document.document_number for document in found if document.document_number}
    numbered = {
        row.document_number: row
        for row in rows.filter(document_number__in=numbers, state=LedgerEntry.lifecycle.initial)
    }
    calendars, now = Calendars(), timezone.now()
    fresh: list[LedgerEntry] = []
    changed: list[LedgerEntry] = []
    for document in found:
        same = numbered.get(document.document_number)
        entry = own.get(document.pk)
        if entry is not None and same is not None and same.pk != entry.pk:
            _merge(same, entry)
        if entry is None and same is not None and same.document_id is None:
            entry = same
            _told("ledger.adopt", entry)
        made = entry or LedgerEntry(
            state=LedgerEntry.lifecycle.initial, created_by_id=document.created_by_id,
            created_at=now,
        )  # fmt: skip
        before = _values(made)
        made.organisation = document.organisation
        _copy(made, document, published.get(document.pk))
        PUBLISH_DUE.write(made, calendars.of(document.organisation))
        FORMED_DUE.write(made, calendars.of(document.organisation))
        if entry is None:
            fresh.append(made)
        elif _values(made) != before:
            made.updated_at = now
            changed.append(made)
    LedgerEntry.objects.bulk_create(fresh, batch_size=BATCH)
    LedgerEntry.objects.bulk_update(changed, KEPT, batch_size=100)
    return len(fresh) + len(changed)


def _copy(entry: LedgerEntry, document: OfficialDocument, publication: Publication | None) -> None:
    for name in COPIED:
        setattr(entry, name, getattr(document, name))
    entry.document = document
    entry.source, entry.system, entry.text = "system", "", ""
    entry.is_reviewed = False
    entry.online_on = entry.withdrawn_on = None
    entry.address = ""
    if publication is not None:
        entry.online_on = timezone.localdate(publication.published_at)
        entry.address = publication.site.address + path_of(publication)
        if publication.withdrawn_at is not None:
            entry.withdrawn_on = timezone.localdate(publication.withdrawn_at)


def _values(entry: LedgerEntry) -> dict[str, Any]:
    names = (*COPIED, *(name for name in KEPT if name not in ("document", "updated_at")))
    return {name: getattr(entry, name) for name in names} | {"document": entry.document_id}


def _merge(same: LedgerEntry, entry: LedgerEntry) -> None:
    """公文改了文号，而那个文号先导入过一行：并到公文的这一行，那一行去掉。"""
    _told("ledger.merge", same)
    same.delete()


def _told(action: str, entry: LedgerEntry) -> None:
    record_event(
        action, actor=None, target=entry,
        public={"document_number": entry.document_number, "system": entry.system},
    )  # fmt: skip
