"""公文这一种信息：载荷、模板、地址。"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from yangguang.foundation.library.selectors import PublicCopy, copy_of_file
from yangguang.hub.publications.kinds import PublicationKind

from .models import OfficialDocument


class DocumentKind(PublicationKind):
    """公文。体裁取文种，没有文种的记“其他”。"""

    code = "document"
    label = "公文"
    schema_version = 1
    template = "website/record.html"
    model = OfficialDocument

    def payload(self, record: OfficialDocument) -> dict[str, Any]:
        """公众将看到的内容。内部意见、经办人、不公开的理由都不在其中。至多一次查询。"""
        document_type, subject = record.wordings
        return {
            "title": record.title,
            "document_number": record.document_number,
            "issuers": record.issuers,
            "addressees": record.addressees,
            "document_type": document_type,
            "form": document_type or "其他",
            "subject": subject,
            "stage": record.stage,
            "validity": record.validity,
            "disclosure": record.disclosure,
            "disclosure_mark": record.disclosure_mark,
            "written_on": _iso(record.written_on),
            "issued_on": _iso(record.issued_on),
            "is_demonstration": record.is_demonstration,
            "body": record.body,
        }

    def attachments(self, record: OfficialDocument) -> Sequence[PublicCopy]:
        """附件，按次序；图片、视频是去掉了拍摄信息的一份。"""
        return [copy_of_file(file) for file in record.files()]

    def is_being_revised(self, record: OfficialDocument) -> bool:
        """修订中。"""
        return record.state == "revising"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
