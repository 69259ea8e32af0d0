"""政策解读这一种信息：载荷、模板、地址。"""

from collections.abc import Mapping, Sequence
from typing import Any

from yangguang.foundation.library.selectors import PublicCopy, copy_of, copy_of_file, with_captions
from yangguang.hub.publications.kinds import PublicationKind
from yangguang.sources.documents.interpreting import FORMS

from .models import Interpretation, InterpretationAttachment
from .rules import blocks_of, laid_out
from .selectors import pictures_of, subject_of


class InterpretationKind(PublicationKind):
    """政策解读。载荷里记着解读了哪一条（索引号），两边的页面由它互相链接。"""

    code = "interpretation"
    label = "政策解读"
    schema_version = 1
    template = "website/interpretation.html"
    is_rich_text = True
    model = Interpretation

    def payload(self, record: Interpretation) -> dict[str, Any]:
        """公众将看到的内容。两次查询。"""
        subject = subject_of(record)
        pictures = [_block(each) for each in pictures_of(record)]
        return {
            "title": record.title,
            "form": "政策解读",
            "medium": FORMS[record.form],
            "interpreters": record.interpreters,
            "href": record.address,
            "interprets": [{"index_number": subject.index_number}] if subject else [],
            "subject": "",
            "stage": record.stage,
            "validity": None,
            "disclosure": "proactive",
            "is_demonstration": record.is_demonstration,
            "body": laid_out(record.form, blocks_of(record.parts), pictures),
        }

    def is_swiped(self, payload: Mapping[str, Any]) -> bool:
        """H5 是卡片。"""
        return bool(payload["medium"] == FORMS["h5"])

    def links(self, payload: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        """所解读的文件。"""
        return [(each["index_number"], "interprets") for each in payload["interprets"]]

    def attachments(self, record: Interpretation) -> Sequence[PublicCopy]:
        """图片以外的附件，按次序，字幕紧跟在它的视频后面；视频是去掉了拍摄信息的一份。"""
        rows = record.attachments.filter(picture=None).select_related("file", "captions")
        return with_captions((copy_of_file(row.file), row.captions) for row in rows)

    def is_being_revised(self, record: Interpretation) -> bool:
        """修订中。"""
        return record.state == "revising"


def _block(attachment: InterpretationAttachment) -> dict[str, Any]:
    """一张图片写成正文的块：上网的一份，和它自己的替代文字、图说。"""
    version = attachment.picture
    assert version is not None  # noqa: S101  pictures_of 只给有的
    copy = copy_of(version)
    return {
        "type": "picture",
        "sha256": copy.sha256,
        "media_type": copy.media_type,
        "width": copy.width,
        "height": copy.height,
        "alt": attachment.alternative,
        "caption": version.item.caption,
    }
