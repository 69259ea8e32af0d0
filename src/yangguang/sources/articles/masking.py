"""一键遮盖：稿件的文字和附件怎样改。"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import Q

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.services import store
from yangguang.foundation.richtext.rewriting import rewritten
from yangguang.foundation.workbench.versions import keeping

from .models import Article, ArticleAttachment
from .selectors import FILES
from .services import edit, editable


class ArticleMasking:
    """稿件怎样遮盖。不能改的抛出 ``Refused``。"""

    def texts(self, record: Article, change: Callable[[str], str], actor: Actor) -> None:
        """公众看得到的每一处文字。"""
        changes: dict[str, Any] = {
            name: change(getattr(record, name)) for name in ("title", "summary", "source_name")
        }
        with transaction.atomic(), keeping(record, actor=actor):
            edit(record, changes | {"body": rewritten(record.body, change)}, actor=actor)

    def file(self, record: Article, sha256: str, content: bytes, actor: Actor) -> None:
        """这篇稿件改用自己的、遮盖过的一份；资料库里的原件不动，别处用着的不受影响。"""
        current = editable(record, actor)
        same = (
            Q(masked__sha256=sha256)
            | Q(masked=None, version__file__sha256=sha256)
            | Q(masked=None, version__master_sha256=sha256)
        )
        for attachment in current.attachments.filter(same).select_related(*FILES):
            attachment.masked = store(
                BytesIO(content), attachment.file.name, actor=actor,
                organisation=current.organisation,
            )  # fmt: skip
            attachment.save(update_fields=["masked"])
        attached = current.attachments.filter(captions__sha256=sha256).select_related("captions")
        own: list[Article | ArticleAttachment] = [current, *attached]
        for holder in own:
            captions = holder.captions
            if captions is not None and captions.sha256 == sha256:
                holder.captions = store(
                    BytesIO(content), captions.name, actor=actor, organisation=current.organisation
                )
                holder.save(update_fields=["captions"])
        record_event("articles.attach", actor=actor, target=current, fields=("attachments",))
