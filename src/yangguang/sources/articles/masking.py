"""一键遮盖：稿件的文字和附件怎样改。"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.library.services import replace
from yangguang.foundation.richtext.rewriting import rewritten
from yangguang.foundation.workbench.versions import keeping

from .models import Article
from .services import edit, editable

NOTE = "遮盖了个人信息"


class ArticleMasking:
    """稿件怎样遮盖。不能改的抛出 ``Refused``。"""

    def texts(self, record: Article, change: Callable[[str], str], actor: Actor) -> None:
        """公众看得到的每一处文字。"""
        changes: dict[str, Any] = {
            name: change(getattr(record, name))
            for name in ("title", "summary", "subject", "source_name")
        }
        with transaction.atomic(), keeping(record, actor=actor):
            edit(record, changes | {"body": rewritten(record.body, change)}, actor=actor)

    def file(self, record: Article, sha256: str, content: bytes, actor: Actor) -> None:
        """附件在资料库里换成遮盖过的一份，这里用新的；别处用着的还是原来那一份。"""
        current = editable(record, actor)
        same = Q(version__file__sha256=sha256) | Q(version__master_sha256=sha256)
        for attachment in current.attachments.filter(same).select_related("version__item"):
            item = attachment.version.item
            replace(item, content, attachment.version.file.name, note=NOTE, actor=actor)
            item.refresh_from_db()
            attachment.version = item.version
            attachment.save(update_fields=["version"])
        record_event("articles.attach", actor=actor, target=current, fields=("attachments",))
