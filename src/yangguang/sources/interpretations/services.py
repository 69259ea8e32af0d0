"""政策解读的动作：起草、改、挂附件，运转每一步的后果。"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.library.models import LibraryItem
from yangguang.foundation.lifecycle.selectors import history
from yangguang.foundation.lifecycle.services import Refused, refuse_marked, start
from yangguang.foundation.organisations.models import Organisation
from yangguang.foundation.workbench.versions import keeping
from yangguang.hub.columns.models import Column
from yangguang.hub.publications.services import correct, publish, withdraw
from yangguang.hub.screening.attaching import Attachments, Uploads, refuse_classified
from yangguang.hub.screening.selectors import examine_record
from yangguang.hub.screening.services import look_again, sign_in_passing
from yangguang.sources.documents.services import note_interpretation

from .models import Interpretation
from .rules import PARTS, picture_faults, text_of
from .selectors import nameless_pictures, publication_of

EDITABLE = (
    "title", "document", "publication", "form", "parts", "is_transcribed", "address",
    "interpreters", "stage",
)  # fmt: skip
"""经办人能改的字段。"""
GATES_PASSED = {"pass": ("policy", "text"), "approve": ("political",)}
"""按下哪一步，就是把过了哪几关。"""


@transaction.atomic
def draft(
    values: Mapping[str, Any],
    *,
    organisation: Organisation,
    actor: Actor,
    key: str,
    columns: Sequence[Column] = (),
    back_filled: tuple[datetime, str] | None = None,
    is_demonstration: bool = False,
) -> Interpretation:
    """起草一份解读，返回它。``values`` 是 ``EDITABLE`` 里的字段；同一人同一 ``key`` 只起草一次。

    ``back_filled`` 是补录的：当时的发布时间，和它的依据；公开的发布时间、解读了的日期都照它。
    带密级标志抛出 ``Classified``；所解读的不成立的抛出 ``Refused``。
    """
    given = {name: values[name] for name in EDITABLE if name in values}
    _refuse_marked(given)
    at, source = back_filled or (None, "")
    record = Interpretation(
        organisation=organisation, back_filled_at=at, back_filled_from=source,
        is_demonstration=is_demonstration, **given,
    )  # fmt: skip
    _check_subject(record)
    start(record, actor=actor, key=key)
    record.columns.set(columns)
    look_again(record)
    return record


@transaction.atomic
def edit(
    record: Interpretation,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    columns: Sequence[Column] | None = None,
) -> Interpretation:
    """改一份起草中或修订中的解读，记下改了哪些字段。

    不能改（状态、身份不对）的抛出 ``Refused``；新内容带密级标志抛出 ``Classified``。
    """
    current = editable(record, actor)
    given = {name: changes[name] for name in EDITABLE if name in changes}
    _refuse_marked(given)
    changed = [name for name, value in given.items() if getattr(current, name) != value]
    if current.state != "draft" and {"document", "publication"} & set(changed):
        raise Refused(["发布过的解读不能换所解读的文件；要换，请撤回后另写一份。"])
    for name in changed:
        setattr(current, name, given[name])
    _check_subject(current)
    if changed:
        current.save(update_fields=[*changed, "updated_at"])
    if columns is not None and set(columns) != set(current.columns.all()):
        current.columns.set(columns)
        current.save(update_fields=["updated_at"])
        changed.append("columns")
    if changed:
        record_event("interpretations.edit", actor=actor, target=current, fields=changed)
        look_again(current)
    record.refresh_from_db()
    return record


def _check_subject(record: Interpretation) -> None:
    """解读一份文件，不多不少；本系统的公文只由制发机构解读，主动公开的才解读。"""
    document = record.document
    if (document is None) == (record.publication is None):
        raise Refused(["请写明解读哪一份文件。"])
    if document is None:
        return
    if document.organisation_id != record.organisation_id:
        raise Refused(["谁起草谁解读：这份公文由制发机构解读；公开以后可以按公开的信息解读。"])
    if document.disclosure not in ("", "proactive"):
        raise Refused(["这份公文不主动公开，不能解读。"])


def screening_faults(record: Interpretation) -> list[str]:
    """文字和附件里必须先处理才能公开的内容，每条一句。"""
    return examine_record(record).reasons


# ---- 运转的后果 ----


def carry_out(
    record: Interpretation,
    event: str,
    *,
    actor: Actor,
    inputs: Mapping[str, Any],
    at: datetime,
) -> None:
    """运转一步的后果。由流转引擎在同一事务里调用。"""
    message = str(inputs["message"])
    key = f"interpretation:{record.pk}:{history(record).count()}"
    if event in GATES_PASSED:
        sign_in_passing(record, GATES_PASSED[event], actor=actor, at=at)
    if event in ("publish", "republish"):
        publish(
            record,
            "interpretation",
            organisation=record.organisation,
            columns=list(record.columns.order_by("path")),
            actor=actor,
            key=key,
            published_at=record.back_filled_at,
            published_at_source=record.back_filled_from,
            is_demonstration=record.is_demonstration,
        )
        if record.document is not None and record.document.interpreted_on is None:
            day = timezone.localdate(record.back_filled_at or at)
            note_interpretation(record.document, day, actor=actor)
    elif event == "correct":
        correct(publication_of(record), record, actor=actor, reason=message, key=key)
    elif event == "withdraw":
        withdraw(publication_of(record), actor=actor, reason=message)
        _reopen(record, actor)


def _reopen(record: Interpretation, actor: Actor) -> None:
    """撤回了唯一的一份，公文又该解读了。"""
    document = record.document
    if document is None:
        return
    others = document.interpretations.filter(state__in=["published", "revising"])
    if not others.exclude(pk=record.pk).exists():
        note_interpretation(document, None, actor=actor)


# ---- 查验 ----


def editable(record: Interpretation, actor: Actor) -> Interpretation:
    """锁住一份能改的解读。须在事务里；不能改的抛出 ``Refused``。"""
    rows = Interpretation.objects.select_for_update(of=("self",))
    current = rows.select_related("organisation", "document", "publication").get(pk=record.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的解读不能修改。"])
    return current


ATTACHMENTS = Attachments(
    "interpretations", "这份解读", "attachments", editable, fields=("file", "captions")
)
detach = ATTACHMENTS.detach
caption = ATTACHMENTS.caption


def attach(
    record: Interpretation, uploads: Uploads, item: LibraryItem | None = None, *, actor: Actor
) -> None:
    """收下几份上传的文件，连同资料库里的 ``item`` 挂为附件：全都挂上，或者一份也不挂。

    图片要从资料库选，各有自己的替代文字，上传的图片抛出 ``Refused``；余同 ``Attachments``。
    """
    refuse_classified(uploads)
    chosen = [item.version.file] if item else []
    with transaction.atomic(), keeping(record, actor=actor):
        ATTACHMENTS.take_in(record, uploads, chosen, actor=actor)
        if item and item.kind == "picture":
            record.attachments.filter(file__in=chosen).update(picture=item.version)
        if uploads and (faults := picture_faults(nameless_pictures(record))):
            raise Refused(faults)


def _refuse_marked(values: Mapping[str, Any]) -> None:
    refuse_marked(*values.values(), text_of(values.get("parts", {})))


class InterpretationMasking:
    """一键遮盖：解读材料的文字和附件怎样改。不能改的抛出 ``Refused``。"""

    def texts(self, record: Interpretation, change: Callable[[str], str], actor: Actor) -> None:
        """公众看得到的每一处文字。"""
        changes: dict[str, Any] = {
            name: change(getattr(record, name)) for name in ("title", "interpreters")
        }
        parts = {code: change(record.parts[code]) for code in PARTS if code in record.parts}
        with transaction.atomic(), keeping(record, actor=actor):
            edit(record, changes | {"parts": parts}, actor=actor)

    def file(self, record: Interpretation, sha256: str, content: bytes, actor: Actor) -> None:
        """换掉一个附件的内容。"""
        ATTACHMENTS.replace(record, sha256, content, actor)
