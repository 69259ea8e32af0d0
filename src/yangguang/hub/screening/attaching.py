"""记录的附件：挂上、去掉、配字幕、换掉遮盖过的内容；动了附件，已经过的关重新看。

各种记录的动作里各有一个 ``Attachments``，说明自己的附件存在哪里。"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import Max

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import carries_secret_mark, store
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.library.services import captions_from
from yangguang.foundation.lifecycle.models import LivingRecord
from yangguang.foundation.lifecycle.services import Classified, Refused
from yangguang.foundation.workbench.versions import keeping

from .services import look_again

Uploads = Sequence[tuple[str, bytes]]
"""还没有存下的几份文件：名称、内容。"""


def refuse_classified(uploads: Uploads) -> None:
    """名称、文字、页眉页脚里带密级标志的抛出 ``Classified``。只在内存里看。"""
    if any(carries_secret_mark(name, content) for name, content in uploads):
        raise Classified


@dataclass(frozen=True)
class Attachments:
    """一种记录的附件。

    ``name`` 是审计动作的前半；``called`` 是话里怎样称呼“这份公文”；``rows`` 是记录上取附件的名称；
    ``editable`` 锁住一条能改的记录，不能改的抛出 ``Refused``；``fields`` 是附件上各份文件的字段。
    """

    name: str
    called: str
    rows: str
    editable: Callable[[Any, Actor], Any]
    fields: tuple[str, ...] = ("file",)

    def attach_uploads(
        self,
        record: LivingRecord,
        uploads: Uploads,
        chosen: Sequence[StoredFile] = (),
        *,
        actor: Actor,
    ) -> None:
        """收下几份上传的文件，连同已在库里的 ``chosen`` 挂为附件：全都挂上，或者一份也不挂。

        名称、文字里带密级标志的抛出 ``Classified``，在存下任何一份之前；不能收的抛出
        ``FileRefused``；不能改的、已经挂着的抛出 ``Refused``。
        """
        refuse_classified(uploads)
        with transaction.atomic(), keeping(record, actor=actor):
            self.take_in(record, uploads, chosen, actor=actor)

    def take_in(
        self,
        record: LivingRecord,
        uploads: Uploads,
        chosen: Sequence[StoredFile] = (),
        *,
        actor: Actor,
    ) -> None:
        """同上，不另留一版，密级已经查过：起草时一并收下的用。须在事务里。"""
        current = self.editable(record, actor)
        for each in self._of(current).filter(file__in=chosen).select_related("file"):
            raise Refused([f"“{each.file.name}”已经是{self.called}的附件了。"])
        stored = [
            store(BytesIO(content), name, actor=actor, organisation=current.organisation)
            for name, content in uploads
        ]
        self.append(current, [{"file": file} for file in (*stored, *chosen)], actor=actor)

    @transaction.atomic
    def attach(self, record: LivingRecord, files: Sequence[StoredFile], *, actor: Actor) -> None:
        """把存下了的文件依次挂为附件。不能改的抛出 ``Refused``。"""
        current = self.editable(record, actor)
        self.append(current, [{"file": file} for file in files], actor=actor)

    def append(self, current: Any, added: Sequence[Mapping[str, Any]], *, actor: Actor) -> None:
        """在锁住了的记录上接着已有的挂几个附件，记下。``added`` 是各个附件的字段。"""
        if not added:
            return
        rows = self._of(current)
        last = rows.aggregate(Max("position"))["position__max"] or 0
        rows.model.objects.bulk_create(
            rows.model(**{rows.field.name: current}, **values, position=last + offset)
            for offset, values in enumerate(added, 1)
        )
        self._note(current, "attach", "attachments", actor)
        look_again(current)

    @transaction.atomic
    def detach(self, record: LivingRecord, number: int, *, actor: Actor) -> None:
        """去掉编号是 ``number`` 的附件；文件本身还在库里。不能改的抛出 ``Refused``。"""
        current = self.editable(record, actor)
        with keeping(current, actor=actor):
            self._of(current).filter(pk=number).delete()
        self._note(current, "detach", "attachments", actor)
        look_again(current)

    @transaction.atomic
    def caption(
        self, record: LivingRecord, number: int, item: LibraryItem | None, *, actor: Actor
    ) -> None:
        """给一个视频附件配上资料库里的一份字幕；``item`` 为空是去掉。

        不能改的、不是字幕的抛出 ``Refused``。
        """
        current = self.editable(record, actor)
        captions = captions_from(item, actor=actor) if item else None
        with keeping(current, actor=actor):
            self._of(current).filter(pk=number).update(captions=captions)
        self._note(current, "caption", "captions", actor)
        look_again(current)

    def replace(self, record: LivingRecord, sha256: str, content: bytes, actor: Actor) -> None:
        """摘要为 ``sha256`` 的各份文件，内容换成 ``content``，名称和次序不变。须在事务里。"""
        current = self.editable(record, actor)
        for field in self.fields:
            same = self._of(current).filter(**{f"{field}__sha256": sha256})
            for each in same.select_related(field):
                name = getattr(each, field).name
                masked = store(
                    BytesIO(content), name, actor=actor, organisation=current.organisation
                )
                setattr(each, field, masked)
                each.save(update_fields=[field])
        self._note(current, "attach", "attachments", actor)

    def _of(self, record: Any) -> Any:
        return getattr(record, self.rows)

    def _note(self, record: LivingRecord, verb: str, field: str, actor: Actor) -> None:
        record_event(f"{self.name}.{verb}", actor=actor, target=record, fields=(field,))
