"""附件只有一种挂法：各种记录都一样，全挂上或者一份也不挂，密级的一份也不存，接着已有的排。"""

from collections.abc import Callable

import pytest

from tests.sources.interpretations.conftest import issued, written
from tests.town import Town
from yangguang.foundation.audit.models import AuditEvent
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import FileRefused
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.hub.screening.attaching import Attachments
from yangguang.sources.documents.services import ATTACHMENTS as OF_DOCUMENTS
from yangguang.sources.interpretations.services import ATTACHMENTS as OF_INTERPRETATIONS

pytestmark = pytest.mark.django_db
KINDS: list[tuple[Attachments, Callable[[Town], LivingRecord]]] = [
    (OF_DOCUMENTS, lambda town: town.document()),
    (OF_INTERPRETATIONS, lambda town: written(town, issued(town))),
]


@pytest.mark.parametrize(("attachments", "make"), KINDS)
def test_every_kind_of_record_hangs_its_attachments_alike(
    town: Town, attachments: Attachments, make: Callable[[Town], LivingRecord]
) -> None:
    record = make(town)
    rows = getattr(record, attachments.rows)
    names = ("甲.txt", "乙.txt", "丙.txt")
    for name in names[:2]:
        attachments.attach_uploads(record, [(name, name.encode())], actor=town.drafter)
    first, second = rows.all()
    attachments.detach(record, first.pk, actor=town.drafter)
    attachments.attach_uploads(record, [(names[2], b"3")], [first.file], actor=town.drafter)
    hung = rows.order_by("position")
    assert [row.file.name for row in hung] == ["乙.txt", "丙.txt", "甲.txt"]
    kept = StoredFile.objects.count()
    with pytest.raises(Refused, match=f"“乙.txt”已经是{attachments.called}的附件了"):
        attachments.attach_uploads(
            record, [("丁.txt", b"4")], [second.file], actor=town.drafter
        )  # fmt: skip
    with pytest.raises(Classified):
        attachments.attach_uploads(
            record, [("丁.txt", b"4"), ("戊.txt", "秘密★三年".encode())], actor=town.drafter
        )
    with pytest.raises(FileRefused):
        attachments.attach_uploads(
            record, [("丁.txt", b"4"), ("己.exe", b"MZ\x90\x00")], actor=town.drafter
        )
    assert (rows.count(), StoredFile.objects.count()) == (3, kept)
    told = AuditEvent.objects.filter(action__startswith=attachments.name).order_by("pk")
    verbs = [event.action.partition(".")[2] for event in told if "tach" in event.action]
    assert verbs == ["attach", "attach", "detach", "attach"]
