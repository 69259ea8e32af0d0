"""稿件这一种信息：载荷、模板、地址。"""

from collections.abc import Sequence
from typing import Any

from yangguang.foundation.library.selectors import PublicCopy, copy_of, with_captions
from yangguang.hub.publications.kinds import PublicationKind

from .models import Article
from .rules import FORMS
from .selectors import FILES

INTERNAL = frozenset({"file", "version"})
"""图片的块里只供工作台用的：资料的编号。"""


class ArticleKind(PublicationKind):
    """稿件。体裁由类别定；转载的注明来源和原文。"""

    code = "article"
    label = "稿件"
    schema_version = 1
    template = "website/article.html"
    is_rich_text = True
    model = Article

    def payload(self, record: Article) -> dict[str, Any]:
        """公众将看到的内容。经办人、意见、定时都不在其中。"""
        return {
            "title": record.title,
            "article_type": record.article_type,
            "form": FORMS[record.article_type],
            "summary": record.summary,
            "subject": record.subject_label,
            "stage": record.stage,
            "validity": _validity(record),
            "disclosure": "proactive",
            "expires_on": record.expires_on.isoformat() if record.expires_on else None,
            "source": _source(record),
            "is_demonstration": record.is_demonstration,
            "body": [
                {key: value for key, value in block.items() if key not in INTERNAL}
                for block in record.body
            ],
        }

    def attachments(self, record: Article) -> Sequence[PublicCopy]:
        """视频，和各个附件，按次序；字幕紧跟在它的视频后面。"""
        found = [(copy_of(record.video), record.captions)] if record.video else []
        rows = record.attachments.select_related(*FILES)
        found += [(row.public_copy, row.captions) for row in rows]
        return with_captions(found)

    def is_being_revised(self, record: Article) -> bool:
        """修订中。"""
        return record.state == "revising"


def _validity(record: Article) -> str | None:
    if record.expires_on is None:
        return None
    return "expired" if record.is_expired else "effective"


def _source(record: Article) -> dict[str, Any] | None:
    if not record.source.is_given:
        return None
    at = record.source_published_at
    return {
        "name": record.source_name,
        "href": record.source_href,
        "published_at": at.isoformat() if at else None,
    }
