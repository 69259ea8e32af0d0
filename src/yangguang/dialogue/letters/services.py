"""文书的动作：起草、改，随附文件，做成 docx 和 PDF。送审、签发、送出、送达由流转引擎走（``effects``）。"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yangguang.dialogue.redaction.models import Redaction
from yangguang.dialogue.requests.models import DisclosureRequest
from yangguang.dialogue.requests.states import OFFICER
from yangguang.foundation.accounts.rules import Actor
from yangguang.foundation.audit.services import record as record_event
from yangguang.foundation.encryption import unseal
from yangguang.foundation.files.models import StoredFile
from yangguang.foundation.files.services import keep_made
from yangguang.foundation.lifecycle.services import OutOfScope, Refused, refuse_marked, start

from .checking import tells_remedies
from .circulation import WAY_OF_REQUEST
from .composing import Letter, Part
from .effects import SEALED
from .kinds import BY_KIND
from .models import CaseLetter, Enclosure
from .replies import STATE_SECRET
from .sealing import Seal
from .selectors import draftable
from .templates import docx_of
from .typesetting import pdf_of

DRAFTABLE = frozenset(code for code, kind in BY_KIND.items() if not kind.is_form)
"""要起草、签发的；表格（登记表、呈批表、送达回证……）随时照现在的事实排出来，不起草。"""


@transaction.atomic
def draft(
    request: DisclosureRequest,
    kind: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    key: str,
    is_demonstration: bool = False,
) -> CaseLetter:
    """起草一份。``values`` 见 ``_set``。答复书须是判断走到的那一种；不能起草的抛出 ``Refused``。"""
    _may_draft(request, kind, actor)
    letter = CaseLetter(
        organisation=request.organisation, request=request, kind=kind,
        way=WAY_OF_REQUEST[request.delivery_way], is_demonstration=is_demonstration,
    )  # fmt: skip
    _set(letter, values)
    start(letter, actor=actor, key=key)
    return letter


@transaction.atomic
def edit(letter: CaseLetter, values: Mapping[str, Any], *, actor: Actor) -> None:
    """改一份起草中的。不能改的抛出 ``Refused``。"""
    current = _editable(letter, actor)
    _set(current, values)
    current.save()
    record_event("letters.edit", actor=actor, target=current, fields=("written", "terms"))


@transaction.atomic
def enclose(
    letter: CaseLetter,
    file: StoredFile,
    title: str,
    *,
    actor: Actor,
    redaction: Redaction | None = None,
) -> Enclosure:
    """随一份起草中的答复书附一份文件。属于国家秘密的不带附件。

    ``redaction`` 是这一份出自哪件遮盖件：它后来改了、退回了，答复书就送不出去（``gathering.enclosure_faults``）。
    """
    current = _editable(letter, actor)
    if current.kind == STATE_SECRET:
        raise Refused(["属于国家秘密的答复不带附件：涉密的文件不进入本系统。"])
    if not current.kind_of.outcome:
        raise Refused(["只有答复书随附文件。"])
    row = Enclosure.objects.create(
        letter=current, file=file, title=title.strip() or file.name, redaction=redaction
    )
    record_event("letters.enclose", actor=actor, target=current, public={"files": 1})
    return row


@transaction.atomic
def remove_enclosure(enclosure: Enclosure, *, actor: Actor) -> None:
    """去掉随附的一份。"""
    current = _editable(enclosure.letter, actor)
    enclosure.delete()
    record_event("letters.unenclose", actor=actor, target=current)


def make(letter: CaseLetter) -> None:
    """照定稿做 docx 和 PDF。做过的不再做。不在事务里做：排版要几秒。"""
    if letter.pdf or not letter.sealed:
        return
    finished = finished_letter(letter)
    docx, printed = docx_of(finished), pdf_of(finished, seal_in_force())
    CaseLetter.objects.filter(pk=letter.pk).update(
        docx=keep_made(docx), pdf=keep_made(printed.content), pages=printed.pages
    )
    letter.refresh_from_db()


def seal_in_force() -> Seal | None:
    """用哪一种印章（设置 ``LETTER_SEAL``）；没有接电子印章服务的为空：打印以后盖实物印章。"""
    return import_string(settings.LETTER_SEAL)() if settings.LETTER_SEAL else None


def finished_letter(letter: CaseLetter) -> Letter:
    """签发时定稿的一份。"""
    parts = json.loads(unseal(letter.sealed, SEALED))
    return Letter(letter.kind_of, tuple(Part(**part) for part in parts))


def _set(letter: CaseLetter, values: Mapping[str, Any]) -> None:
    """``written`` 是各部分的文字，``terms`` 是这一份的各项，``addressee``、``way``、``copies`` 照写。"""
    refuse_marked(*values.get("written", {}).values(), values.get("copies", ""))
    for name in ("written", "terms", "addressee", "way", "copies"):
        if name in values:
            setattr(letter, name, values[name])
    if any(tells_remedies(str(text)) for text in letter.written.values()):
        raise Refused(["救济途径由规则生成，请从所写的文字里删去怎样复议、诉讼的话。"])


def _may_draft(request: DisclosureRequest, kind: str, actor: Actor) -> None:
    if actor.role not in OFFICER or actor.organisation_id != request.organisation_id:
        raise OutOfScope
    if kind not in DRAFTABLE:
        raise Refused(["这种文书不起草。"])
    decision = getattr(request, "decision", None)
    if BY_KIND[kind].outcome and (decision is None or decision.outcome != kind):
        raise Refused(["答复书须照判断走到的那一种起草，请先判断怎样答复。"])
    if kind not in [each.kind.code for each in draftable(request)]:
        raise Refused([f"申请“{request.state_label}”，现在不能起草这一种文书。"])


def _editable(letter: CaseLetter, actor: Actor) -> CaseLetter:
    rows = CaseLetter.objects.select_for_update(of=("self",))
    current = rows.select_related("organisation", "request").get(pk=letter.pk)
    if not current.policy.may_edit(actor, current):
        raise Refused([f"“{current.state_label}”的文书不能修改。"])
    return current
