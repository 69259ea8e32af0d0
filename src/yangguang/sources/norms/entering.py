"""导入清单：读上传的文件，与库里的对账，新的入库。"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.files.tables import UnreadableTable, sheet_of
from yangguang.foundation.lifecycle.services import Classified, Refused, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.screening.rules import secret_mark
from yangguang.sources.documents.models import OfficialDocument

from .inventory import (
    COMPARED,
    MOST_ROWS,
    Known,
    Reconciliation,
    Row,
    Unrecognised,
    kept,
    read_rows,
    reconcile,
    restored,
)
from .models import Inventory, Norm
from .services import draft

VALUES = (
    "kind", "title", "register_number", "document_number", "issuers", "promulgated_on",
    "effective_on", "ceases_on", "ended_on", "ended_how", "ended_basis",
)  # fmt: skip
ROWS_ABOVE = 12
"""表头和它上面的标题最多占这么多行。"""


def take_in_inventory(
    content: bytes, name: str, *, organisation: Organisation, actor: Actor, key: str
) -> Inventory:
    """收一张清单，返回对账的记录。读不成、认不出栏名的抛出 ``Refused``；带密级标志抛出 ``Classified``。"""
    try:
        lines = sheet_of(content, MOST_ROWS + ROWS_ABOVE).lines
        rows = read_rows(lines, timezone.localdate())
    except (UnreadableTable, Unrecognised) as error:
        raise Refused([str(error)]) from error
    if not rows:
        raise Refused(["清单里一行也没有。"])
    if any(isinstance(cell, str) and secret_mark(cell) for line in lines for cell in line):
        raise Classified
    inventory = Inventory(organisation=organisation, name=name[:120], rows=kept(rows))
    start(inventory, actor=actor, key=key)
    return inventory


def reconciliation_of(inventory: Inventory) -> Reconciliation:
    """现在的对账单：与本机构库里的逐行对。一次查询。"""
    return reconcile(restored(inventory.rows), _known(inventory.organisation))


def _known(organisation: Organisation) -> Sequence[Known]:
    rows = Norm.objects.filter(organisation=organisation).order_by("pk").values("pk", *COMPARED)
    return [Known(row.pop("pk"), row) for row in rows]


@transaction.atomic
def enter_new(inventory: Inventory, *, actor: Actor) -> None:
    """对账单上新的各登记一份；库里有同一文号的公文，正文照公文。在“新的入库”那一步的事务里。"""
    fresh = [each.row for each in reconciliation_of(inventory).rows if each.verdict == "new"]
    numbers = [row.values["document_number"] for row in fresh if row.values["document_number"]]
    documents = {
        document.document_number: document
        for document in OfficialDocument.objects.filter(
            organisation=inventory.organisation,
            document_number__in=numbers,
            state__in=["approved", "published"],
            norms=None,
        )
    }
    for row in fresh:
        draft(
            _values(row, documents.get(row.values["document_number"])),
            organisation=inventory.organisation,
            actor=actor,
            key=f"inventory:{inventory.pk}:{row.number}",
            back_filled_from="原有的规范性文件清单",
        )
    inventory.entered = len(fresh)


def _values(row: Row, document: OfficialDocument | None) -> dict[str, object]:
    values: dict[str, object] = {name: row.values[name] for name in VALUES}
    return values | ({"document": document} if document else {})
